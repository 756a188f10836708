/* Lays everything that lives during a run into one block of memory.
 *
 * Time runs over the nodes forward (0..n-1) and back (n..2n-1, the last node first).  A value lives from its
 * node to its last reader, and longer when something on the way back reads it; a gradient lives from the last
 * reader's way back to its own node's.  Buffers that never live together may share memory: the largest are
 * placed first, each at the lowest place that is free for its whole life. */
#include "engine/error.h"
#include "engine/passes/passes.h"

#include <limits.h>
#include <string.h>

#define CHUNK 128 /* placed buffers that are looked at together */

typedef struct {
  size_t bytes;
  int birth, death; /* both included */
  ptrdiff_t *offset;
} Buffer;

static size_t padded(size_t bytes) {
  return (bytes + TENSOR_ALIGNMENT - 1) & ~(size_t)(TENSOR_ALIGNMENT - 1);
}

static void add_buffer(GArray *buffers, size_t bytes, int birth, int death, ptrdiff_t *offset) {
  *offset = NO_BUFFER;
  if (bytes == 0)
    bytes = 1;
  Buffer buffer = {padded(bytes), birth, death, offset};
  g_array_append_val(buffers, buffer);
}

static int larger_first(const void *a, const void *b) {
  const Buffer *x = a, *y = b;
  if (x->bytes != y->bytes)
    return x->bytes < y->bytes ? 1 : -1;
  return x->birth - y->birth;
}

/* Where a buffer has been placed: from `offset` to before `end`. */
typedef struct {
  int birth, death;
  ptrdiff_t offset, end;
} Placed;

/* Placed buffers that follow each other in offset, and the time in which any of them lives: most chunks are
 * passed over as a whole. */
typedef struct {
  int n, birth, death;
  Placed placed[CHUNK];
} Chunk;

static void chunk_lives(Chunk *chunk) {
  chunk->birth = INT_MAX;
  chunk->death = INT_MIN;
  for (int i = 0; i < chunk->n; i++) {
    chunk->birth = MIN(chunk->birth, chunk->placed[i].birth);
    chunk->death = MAX(chunk->death, chunk->placed[i].death);
  }
}

/* The upper half becomes the next chunk. */
static void split_chunk(GPtrArray *chunks, guint at) {
  Chunk *chunk = g_ptr_array_index(chunks, at), *next = g_new(Chunk, 1);
  chunk->n = CHUNK / 2;
  next->n = CHUNK - chunk->n;
  memcpy(next->placed, chunk->placed + chunk->n, sizeof(Placed) * (size_t)next->n);
  chunk_lives(chunk);
  chunk_lives(next);
  g_ptr_array_insert(chunks, (int)at + 1, next);
}

/* The last chunk that begins at or before the offset; the first where there is none. */
static guint find_chunk(const GPtrArray *chunks, ptrdiff_t offset) {
  guint low = 0, high = chunks->len;
  while (high - low > 1) {
    guint middle = (low + high) / 2;
    if (((const Chunk *)g_ptr_array_index(chunks, middle))->placed[0].offset <= offset)
      low = middle;
    else
      high = middle;
  }
  return low;
}

static void insert_placed(GPtrArray *chunks, const Placed *placed) {
  guint at = find_chunk(chunks, placed->offset);
  if (((const Chunk *)g_ptr_array_index(chunks, at))->n == CHUNK) {
    split_chunk(chunks, at);
    at = find_chunk(chunks, placed->offset);
  }
  Chunk *chunk = g_ptr_array_index(chunks, at);
  int i = chunk->n++;
  for (; i > 0 && chunk->placed[i - 1].offset > placed->offset; i--)
    chunk->placed[i] = chunk->placed[i - 1];
  chunk->placed[i] = *placed;
  chunk->birth = MIN(chunk->birth, placed->birth);
  chunk->death = MAX(chunk->death, placed->death);
}

/* The lowest offset that is free for the buffer's whole life. */
static ptrdiff_t find_room(const GPtrArray *chunks, const Buffer *buffer) {
  ptrdiff_t at = 0;
  for (guint c = 0; c < chunks->len; c++) {
    const Chunk *chunk = g_ptr_array_index(chunks, c);
    if (chunk->death < buffer->birth || chunk->birth > buffer->death)
      continue;
    for (int i = 0; i < chunk->n; i++) {
      const Placed *other = &chunk->placed[i];
      if (other->death < buffer->birth || other->birth > buffer->death)
        continue;
      if (at + (ptrdiff_t)buffer->bytes <= other->offset)
        return at;
      at = MAX(at, other->end);
    }
  }
  return at;
}

static size_t place(GArray *buffers) {
  size_t total = 0;
  g_array_sort(buffers, larger_first);
  g_autoptr(GPtrArray) chunks = g_ptr_array_new_with_free_func(g_free); /* Chunk *, by offset */
  Chunk *first = g_new0(Chunk, 1);
  chunk_lives(first);
  g_ptr_array_add(chunks, first);
  for (guint i = 0; i < buffers->len; i++) {
    const Buffer *buffer = &g_array_index(buffers, Buffer, i);
    ptrdiff_t at = find_room(chunks, buffer), end = at + (ptrdiff_t)buffer->bytes;
    Placed placed = {buffer->birth, buffer->death, at, end};
    insert_placed(chunks, &placed);
    *buffer->offset = at;
    total = MAX(total, (size_t)end);
  }
  return total;
}

static void size_node(const Plan *plan, PlanNode *node) {
  const Tensor *x[OP_MAX_INPUTS];
  Tensor *y[OP_MAX_OUTPUTS];
  plan_tensors(plan, node, x, y);
  OpCall call = {.node = &node->node,
                 .prepared = node->prepared,
                 .n_inputs = node->n_inputs,
                 .n_outputs = node->n_outputs,
                 .x = x,
                 .y = y,
                 .pool = plan->pool};
  const Op *op = node->node.op;
  node->scratch_bytes = op->scratch ? padded(op->scratch(&call)) : 0;
  node->saved_bytes = node->backward && op->saved ? op->saved(&call) : 0;
}

/* When values are last read, forward and back. */
static void mark_lives(Plan *plan, int *last_read, int *last_kept) {
  int n = (int)plan->nodes->len;
  for (int k = 0; k < n; k++) {
    PlanNode *node = plan_node(plan, (guint)k);
    for (int i = 0; i < node->n_inputs; i++)
      last_read[node->inputs[i]] = k;
    if (!node->backward)
      continue;
    for (int i = 0; i < node->n_inputs && i < 16; i++)
      if (node->keeps & KEEP_INPUT(i))
        last_kept[node->inputs[i]] = MAX(last_kept[node->inputs[i]], 2 * n - 1 - k);
    for (int i = 0; i < node->n_outputs; i++)
      if (node->keeps & KEEP_OUTPUT(i))
        last_kept[node->outputs[i]] = MAX(last_kept[node->outputs[i]], 2 * n - 1 - k);
  }
}

/* Nodes whose outputs nobody sends a gradient back to have nothing to do on the way back. */
static void drop_idle_backward(Plan *plan) {
  g_autofree bool *arrives = g_new0(bool, plan->values->len);
  arrives[plan->target] = plan->target != VALUE_NONE;
  for (guint k = plan->nodes->len; k-- > 0;) {
    PlanNode *node = plan_node(plan, k);
    bool any = false;
    for (int i = 0; i < node->n_outputs; i++)
      any |= arrives[node->outputs[i]];
    node->backward = node->backward && any;
    for (int i = 0; i < node->n_inputs && i < 32; i++)
      if (node->backward && node->wanted >> i & 1)
        arrives[node->inputs[i]] = true;
  }
}

/* Gradients: the first reader on the way back writes, the others add. */
static void add_gradients(Plan *plan, GArray *buffers) {
  int n = (int)plan->nodes->len, end = 2 * n;
  g_autofree bool *written = g_new0(bool, plan->values->len);
  for (guint i = 1; i < plan->values->len; i++)
    plan_at(plan, (ValueId)i)->gradient_offset = NO_BUFFER;
  if (plan->target == VALUE_NONE)
    return;
  g_autofree int *birth = g_new0(int, plan->values->len);
  written[plan->target] = true;
  birth[plan->target] = n - 1;
  for (int k = n - 1; k >= 0; k--) {
    PlanNode *node = plan_node(plan, (guint)k);
    int now = 2 * n - 1 - k;
    node->added = 0;
    for (int i = 0; i < node->n_inputs; i++)
      node->addend_offset[i] = NO_BUFFER;
    for (int i = 0; i < node->n_inputs && node->backward; i++) {
      if (i >= 32 || !(node->wanted >> i & 1))
        continue;
      ValueId id = node->inputs[i];
      if (!written[id]) {
        written[id] = true;
        birth[id] = now;
        continue;
      }
      node->added |= 1u << i;
      if (i > 0 || !node->node.op->adds_gradient)
        add_buffer(buffers, tensor_bytes(&plan_at(plan, id)->tensor), now, now, &node->addend_offset[i]);
    }
  }
  for (guint i = 1; i < plan->values->len; i++) {
    PlanValue *value = plan_at(plan, (ValueId)i);
    value->has_gradient = written[i];
    if (!written[i])
      continue;
    int death = value->wants_gradient || value->producer < 0 ? end : 2 * n - 1 - value->producer;
    add_buffer(buffers, tensor_bytes(&value->tensor), birth[i], MAX(death, birth[i]),
               &value->gradient_offset);
  }
}

/* A small file may not ask for much memory: what a run takes is bounded by what the user has given, weights
 * and inputs. */
static size_t memory_limit(const Plan *plan) {
  size_t weights = 0, inputs = 0;
  for (guint i = 1; i < plan->values->len; i++) {
    const PlanValue *value = plan_at(plan, (ValueId)i);
    if (value->kind == VALUE_CONSTANT)
      weights += tensor_bytes(&value->tensor);
    else if (value->kind == VALUE_INPUT)
      inputs += tensor_bytes(&value->tensor);
  }
  return MAX((size_t)3 << 29, 16 * weights + 64 * inputs);
}

bool pass_place_buffers(Plan *plan, GError **error) {
  int n = (int)plan->nodes->len, end = 2 * n;
  g_autofree int *last_read = g_new0(int, plan->values->len), *last_kept = g_new0(int, plan->values->len);
  g_autoptr(GArray) buffers = g_array_new(FALSE, FALSE, sizeof(Buffer));
  for (int k = 0; k < n; k++)
    for (int i = 0; i < plan_node(plan, (guint)k)->n_outputs; i++)
      plan_at(plan, plan_node(plan, (guint)k)->outputs[i])->producer = k;
  drop_idle_backward(plan);
  mark_lives(plan, last_read, last_kept);
  plan->kept_bytes = 0;
  for (int k = 0; k < n; k++) {
    PlanNode *node = plan_node(plan, (guint)k);
    size_node(plan, node);
    size_t scratch = node->scratch_bytes * (size_t)pool_workers(plan->pool);
    node->saved_offset = node->scratch_offset = node->backward_scratch_offset = NO_BUFFER;
    if (node->saved_bytes)
      add_buffer(buffers, node->saved_bytes, k, 2 * n - 1 - k, &node->saved_offset);
    plan->kept_bytes += node->saved_bytes;
    if (scratch)
      add_buffer(buffers, scratch, k, k, &node->scratch_offset);
    if (scratch && node->backward)
      add_buffer(buffers, scratch, 2 * n - 1 - k, 2 * n - 1 - k, &node->backward_scratch_offset);
  }
  for (guint i = 1; i < plan->values->len; i++) {
    PlanValue *value = plan_at(plan, (ValueId)i);
    value->offset = NO_BUFFER;
    if (value->tensor.data || (value->kind != VALUE_INPUT && value->producer < 0))
      continue;
    size_t bytes = tensor_bytes(&value->tensor);
    value->kept = last_kept[i] > 0;
    if (value->kept)
      plan->kept_bytes += bytes;
    bool stays = value->is_output || value->kind == VALUE_INPUT;
    int birth = value->kind == VALUE_INPUT ? -1 : value->producer;
    add_buffer(buffers, bytes, birth, stays ? end : MAX(MAX(last_read[i], last_kept[i]), birth),
               &value->offset);
  }
  add_gradients(plan, buffers);
  plan->block_bytes = place(buffers);
  size_t most = memory_limit(plan);
  if (plan->block_bytes > most)
    return input_error(
        error,
        "running the model takes %zu MiB a worker, and this model and input may take %zu MiB; use a smaller "
        "input or batch",
        plan->block_bytes >> 20, most >> 20);
  return true;
}
