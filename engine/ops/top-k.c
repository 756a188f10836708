/* TopK: the k (input 1) largest or smallest elements along an axis (the last unless `axis` says otherwise),
 * in order, and where they stood.  Of equal ones the earlier stands first; numbers that are none count as the
 * largest.
 *
 *     dx = dy at the elements that were chosen, 0 elsewhere */
#include "engine/ops/ops.h"
#include "engine/ops/rows.h"

#include <string.h>

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  const int64_t *k;
  int n;
  Shape shape = x[0]->shape;
  int axis = check_axis(&shape, node_int(node, "axis", -1), error);
  if (axis < 0 || !known_ints(x[1], "the number of elements", 1, &k, &n, error))
    return false;
  if (x[0]->type == TENSOR_BOOL)
    return input_error(error, "it is computed on float32 and int64 only");
  if (n_outputs != 2)
    return input_error(error, "it has %d outputs; it gives values and indices", n_outputs);
  if (n != 1 || *k < 0 || *k > shape.dim[axis])
    return input_error(error, "it cannot choose %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " elements",
                       n == 1 ? *k : 0, shape.dim[axis]);
  shape.dim[axis] = *k;
  return output_set(y[0], x[0]->type, &shape, error) && output_set(y[1], TENSOR_INT64, &shape, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted & 1 ? KEEP_OUTPUT(1) : 0;
}

static int axis_of(const OpCall *call) {
  return shape_axis(&call->x[0]->shape, node_int(call->node, "axis", -1));
}

/* The indices chosen so far, as a heap with the one to be dropped next on top. */
static size_t scratch(const OpCall *call) {
  return sizeof(int64_t) * (size_t)call->y[0]->shape.dim[axis_of(call)];
}

typedef struct {
  Rows from, to; /* of x and of y; their rows correspond */
  bool smallest;
} Choice;

/* One row of x. */
typedef struct {
  const Tensor *x;
  int64_t start, step;
  bool smallest;
} Row;

/* True when element a stands before b. */
static bool before(const Row *row, int64_t a, int64_t b) {
  int64_t i = row->start + a * row->step, j = row->start + b * row->step;
  if (row->x->type == TENSOR_INT64) {
    int64_t p = tensor_ints(row->x)[i], q = tensor_ints(row->x)[j];
    return p == q ? a < b : row->smallest ? p < q : p > q;
  }
  float p = tensor_floats(row->x)[i], q = tensor_floats(row->x)[j];
  bool p_none = p != p, q_none = q != q;
  if (p_none || q_none)
    return p_none && q_none ? a < b : p_none != row->smallest;
  return p == q ? a < b : row->smallest ? p < q : p > q;
}

/* Puts heap[top] where it belongs in a heap of n. */
static void sift(const Row *row, int64_t *heap, int64_t n, int64_t top) {
  int64_t moved = heap[top];
  for (;;) {
    int64_t child = 2 * top + 1;
    if (child >= n)
      break;
    if (child + 1 < n && before(row, heap[child], heap[child + 1]))
      child++;
    if (!before(row, moved, heap[child]))
      break;
    heap[top] = heap[child];
    top = child;
  }
  heap[top] = moved;
}

/* heap[0..k-1] gets the chosen elements in order. */
static void choose(const Row *row, int64_t n, int64_t k, int64_t *heap) {
  for (int64_t i = 0; i < k; i++)
    heap[i] = i;
  for (int64_t i = k / 2; i-- > 0;)
    sift(row, heap, k, i);
  for (int64_t i = k; i < n; i++)
    if (before(row, i, heap[0])) {
      heap[0] = i;
      sift(row, heap, k, 0);
    }
  for (int64_t end = k; end-- > 1;) {
    int64_t last = heap[0];
    heap[0] = heap[end];
    heap[end] = last;
    sift(row, heap, end, 0);
  }
}

static void forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Choice *choice = data;
  int64_t *heap = call_scratch(call, worker);
  for (int64_t r = from; r < to; r++) {
    Row row = {call->x[0], row_start(&choice->from, r), choice->from.step, choice->smallest};
    int64_t at = row_start(&choice->to, r);
    choose(&row, choice->from.n, choice->to.n, heap);
    for (int64_t i = 0; i < choice->to.n; i++, at += choice->to.step) {
      int64_t found = row.start + heap[i] * row.step;
      tensor_ints(call->y[1])[at] = heap[i];
      if (call->x[0]->type == TENSOR_INT64)
        tensor_ints(call->y[0])[at] = tensor_ints(call->x[0])[found];
      else
        tensor_floats(call->y[0])[at] = tensor_floats(call->x[0])[found];
    }
  }
}

static Choice choice_of(const OpCall *call) {
  return (Choice){rows_along(&call->x[0]->shape, axis_of(call)),
                  rows_along(&call->y[1]->shape, axis_of(call)), node_int(call->node, "largest", 1) == 0};
}

static void forward(const OpCall *call) {
  Choice choice = choice_of(call);
  if (choice.to.n > 0)
    call_ranges(call, choice.from.rows, rows_in_piece(&choice.from), forward_range, &choice);
}

static void backward(const OpCall *call) {
  if (!call->dx[0])
    return;
  Choice choice = choice_of(call);
  float *dx = tensor_floats(call->dx[0]);
  memset(dx, 0, tensor_bytes(call->dx[0]));
  if (!call->dy[0])
    return;
  for (int64_t row = 0; row < choice.from.rows && choice.to.n > 0; row++)
    for (int64_t i = 0; i < choice.to.n; i++) {
      int64_t at = row_start(&choice.to, row) + i * choice.to.step;
      int64_t chosen = tensor_ints(call->y[1])[at];
      dx[row_start(&choice.from, row) + chosen * choice.from.step] = tensor_floats(call->dy[0])[at];
    }
}

const Op op_top_k = {.name = "TopK",
                     .min_inputs = 2,
                     .max_inputs = 2,
                     .no_gradient = ~1u,
                     .infer = infer,
                     .keeps = keeps,
                     .scratch = scratch,
                     .forward = forward,
                     .backward = backward};
