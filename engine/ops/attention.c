/* Attention: scaled dot-product attention of several heads (Vaswani et al. 2017, arXiv 1706.03762, section
 * 3.2), with keys and values that several heads may share (grouped queries: Ainslie et al. 2023, arXiv
 * 2305.13245).  Of no operator set read from files: a pass writes it for the nodes of a graph.
 *
 *     q (batch, heads, tokens, d)   k (batch, kv_heads, kv_tokens, d)   v (batch, kv_heads, kv_tokens, e)
 *     or all three without the axis of heads: one head
 *     mask and a second mask, may be left out: broadcast to (batch, heads, tokens, kv_tokens); float32 is
 *     added to the scores, bool is true where a token may look.  The first is applied first
 *
 *     s = scale q k^T + mask    p = softmax(s)    y = p v          y (batch, heads, tokens, e)
 *     g = p (dp - sum(p dp)), dp = dy v^T:
 *     dq = scale g k            dk = scale g^T q  dv = p^T dy      dmask = g, summed where it is repeated
 *
 * Head h reads the keys and values of head h / (heads / kv_heads).  Attributes:
 *     scale    1 / sqrt(d) unless given
 *     causal   1: token i looks at key j <= i + kv_tokens - tokens only.  The last token sees all keys, so
 *              that keys put in front are seen by all tokens
 *     fill     the score where a bool mask is false; -infinity unless given.  No gradient passes there
 *
 * A token that may look at no key (all scores -infinity) has y = 0 and passes no gradient.
 *
 * The scores are never kept: they are computed again on the way back, in blocks of rows that all heads of a
 * group share (their rows are neighbours in memory).  Dao et al. 2022, arXiv 2205.14135, section 3. */
#include "engine/kernels/vectors.h"
#include "engine/ops/loops.h"
#include "engine/ops/moments.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <cblas.h>
#include <string.h>

#define BLOCK_ROWS   128
#define BLOCK_SCORES 65536 /* scores of a block, where that leaves 8 rows at least */

typedef struct {
  const Tensor *tensor; /* NULL: none */
  int64_t step[4];      /* in elements, along batch, query heads, tokens, keys */
} Mask;

/* heads: of keys and values; rows: of all query heads that share one, `tokens` each. */
typedef struct {
  int64_t batch, heads, rows, tokens, keys, d, e;
  int64_t block, blocks; /* rows of a block; blocks of one group */
  float scale, fill;
  bool causal;
  Mask masks[2];
} Sizes;

static void read_mask(const OpCall *call, int k, Mask *mask) {
  mask->tensor = k < call->n_inputs ? call->x[k] : NULL;
  const Shape *shape = mask->tensor ? &mask->tensor->shape : &(const Shape){0};
  bool headless = call->x[0]->shape.rank == 3;
  int64_t step = 1;
  for (int i = 3, axis = shape->rank - 1; axis >= 0; i--, axis--) {
    i -= headless && i == 1;
    mask->step[i] = shape->dim[axis] == 1 ? 0 : step;
    step *= shape->dim[axis];
  }
}

static void read_sizes(const OpCall *call, Sizes *s) {
  const Shape *q = &call->x[0]->shape, *k = &call->x[1]->shape;
  int rank = q->rank;
  int64_t heads = rank == 4 ? q->dim[1] : 1;
  *s = (Sizes){.batch = q->dim[0],
               .heads = rank == 4 ? k->dim[1] : 1,
               .tokens = q->dim[rank - 2],
               .keys = k->dim[rank - 2],
               .d = q->dim[rank - 1],
               .e = call->x[2]->shape.dim[rank - 1]};
  s->rows = s->heads > 0 ? heads / s->heads * s->tokens : 0;
  s->block = CLAMP(BLOCK_SCORES / MAX(s->keys, 1), 8, BLOCK_ROWS);
  s->blocks = (s->rows + s->block - 1) / s->block;
  s->scale = node_float(call->node, "scale", (float)(1 / sqrt((double)MAX(s->d, 1))));
  s->fill = node_float(call->node, "fill", -INFINITY);
  s->causal = node_int(call->node, "causal", 0) != 0;
  for (int i = 0; i < 2; i++)
    read_mask(call, 3 + i, &s->masks[i]);
}

static bool check_mask(const Tensor *mask, const Shape *scores, GError **error) {
  Shape all;
  if (mask->type == TENSOR_INT64)
    return input_error(error, "its mask must be float32 or bool");
  if (!broadcast_shape(scores, &mask->shape, &all, error))
    return false;
  g_autofree char *text = shape_text(&mask->shape), *wanted = shape_text(scores);
  return shape_equal(&all, scores) ||
         input_error(error, "its mask has the shape %s, which does not broadcast to %s", text, wanted);
}

/* Whether the shapes fit together; scores: the shape of q k^T. */
static bool shapes_fit(const Shape *q, const Shape *k, const Shape *v, Shape *scores) {
  int rank = q->rank, token = rank - 2;
  if ((rank != 3 && rank != 4) || k->rank != rank || v->rank != rank || k->dim[0] != q->dim[0] ||
      v->dim[0] != q->dim[0] || k->dim[token] != v->dim[token] || q->dim[rank - 1] != k->dim[rank - 1])
    return false;
  *scores = *q;
  scores->dim[rank - 1] = k->dim[token];
  int64_t heads = q->dim[1], shared = k->dim[1];
  return rank == 3 || (v->dim[1] == shared && (shared > 0 ? heads % shared == 0 : heads == 0));
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  const Shape *q = &x[0]->shape, *k = &x[1]->shape, *v = &x[2]->shape;
  static const char *const names[] = {"the query", "the key", "the value"};
  for (int i = 0; i < 3; i++)
    if (!check_type(x[i], TENSOR_FLOAT32, names[i], error))
      return false;
  Shape scores, shape = *q;
  if (!shapes_fit(q, k, v, &scores)) {
    g_autofree char *q_text = shape_text(q), *k_text = shape_text(k), *v_text = shape_text(v);
    return input_error(error, "query, key and value of the shapes %s, %s, %s do not fit together", q_text,
                       k_text, v_text);
  }
  int64_t count = shape_count(&scores);
  if (count < 0 || count > OP_COUNT_LIMIT) {
    g_autofree char *text = shape_text(&scores);
    return input_error(error, "its scores would have the shape %s, which is too large", text);
  }
  for (int i = 3; i < n_inputs; i++)
    if (x[i] && !check_mask(x[i], &scores, error))
      return false;
  shape.dim[shape.rank - 1] = v->dim[v->rank - 1];
  return check_one_output(n_outputs, error) && output_set(y[0], TENSOR_FLOAT32, &shape, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  unsigned all = KEEP_INPUT(0) | KEEP_INPUT(1) | KEEP_INPUT(3) | KEEP_INPUT(4);
  return (wanted ? all : 0) | (wanted & ~4u ? KEEP_INPUT(2) : 0);
}

/* Two blocks of scores: probabilities and their gradients. */
static size_t scratch(const OpCall *call) {
  Sizes s;
  read_sizes(call, &s);
  return 2 * sizeof(float) * (size_t)(s.block * s.keys);
}

/* c (m x n) = alpha a b + beta c, rows next to each other but in the scores, whose rows are `keys` apart. */
static void multiply(bool ta, bool tb, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
                     int64_t a_step, const float *b, int64_t b_step, float beta, float *c, int64_t c_step) {
  if (m > 0 && n > 0 && k > 0)
    cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, (int)m, (int)n,
                (int)k, alpha, a, (int)a_step, b, (int)b_step, beta, c, (int)c_step);
  else if (beta == 0)
    for (int64_t i = 0; i < m; i++)
      memset(c + i * c_step, 0, sizeof(float) * (size_t)n);
}

/* Rows first..first+n-1 of the group of (batch, head). */
typedef struct {
  int64_t batch, head, first, n;
  int64_t group; /* batch * heads + head */
  int64_t keys;  /* the first so many are seen by some row */
} Block;

/* Keys that a row of a group may look at: the first so many. */
static int64_t seen(const Sizes *s, int64_t row) {
  return s->causal ? CLAMP(row % s->tokens + 1 + s->keys - s->tokens, 0, s->keys) : s->keys;
}

static Block block_at(const Sizes *s, int64_t group, int64_t index) {
  int64_t first = index * s->block, n = MIN(s->block, s->rows - first);
  Block block = {group / s->heads, group % s->heads, first, n, group, s->keys};
  /* Only within one head does the last row see the most. */
  if (s->causal && first / s->tokens == (first + n - 1) / s->tokens)
    block.keys = seen(s, first + n - 1);
  return block;
}

/* Where the mask of a row begins, in elements. */
static int64_t mask_start(const Sizes *s, const Mask *mask, const Block *block, int64_t row) {
  int64_t head = block->head * (s->rows / s->tokens) + row / s->tokens;
  return block->batch * mask->step[0] + head * mask->step[1] + row % s->tokens * mask->step[2];
}

static void apply_mask(const Sizes *s, const Mask *mask, const Block *block, int64_t row, int64_t n,
                       float *scores) {
  int64_t start = mask_start(s, mask, block, row), step = mask->step[3];
  if (mask->tensor->type == TENSOR_BOOL) {
    const bool *look = (const bool *)mask->tensor->data + start;
    for (int64_t j = 0; j < n; j++)
      scores[j] = look[j * step] ? scores[j] : s->fill;
    return;
  }
  const float *add = tensor_floats(mask->tensor) + start;
  for (int64_t j = 0; j < n; j++)
    scores[j] += add[j * step];
}

/* p of a block: rows `keys` apart, zero where a row may not look. */
static void probabilities(const OpCall *call, const Sizes *s, const Block *block, float *p) {
  const float *q = tensor_floats(call->x[0]) + (block->group * s->rows + block->first) * s->d;
  const float *k = tensor_floats(call->x[1]) + block->group * s->keys * s->d;
  multiply(false, true, block->n, block->keys, s->d, s->scale, q, s->d, k, s->d, 0, p, s->keys);
  for (int64_t i = 0; i < block->n; i++) {
    float *row = p + i * s->keys;
    int64_t n = seen(s, block->first + i);
    for (int m = 0; m < 2 && n > 0; m++)
      if (s->masks[m].tensor)
        apply_mask(s, &s->masks[m], block, block->first + i, n, row);
    float most = vectors()->most(row, n, 1);
    float factor = most == -INFINITY ? 0 : (float)(1 / vectors()->exponentials(row, row, n, most));
    for (int64_t j = 0; j < n && factor != 0; j++)
      row[j] *= factor;
    n = factor == 0 ? 0 : n;
    memset(row + n, 0, sizeof(float) * (size_t)(block->keys - n));
  }
}

static void forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Sizes *s = data;
  float *p = call_scratch(call, worker);
  for (int64_t piece = from; piece < to; piece++) {
    Block block = block_at(s, piece / s->blocks, piece % s->blocks);
    const float *v = tensor_floats(call->x[2]) + block.group * s->keys * s->e;
    float *y = tensor_floats(call->y[0]) + (block.group * s->rows + block.first) * s->e;
    probabilities(call, s, &block, p);
    multiply(false, false, block.n, s->e, block.keys, 1, p, s->keys, v, s->e, 0, y, s->e);
  }
}

static void forward(const OpCall *call) {
  Sizes s;
  read_sizes(call, &s);
  call_ranges(call, s.batch * s.heads * s.blocks, 1, forward_range, &s);
}

/* dp becomes g. */
static void score_gradients(const Sizes *s, const Block *block, const float *p, float *dp) {
  for (int64_t row = 0; row < block->n; row++, p += s->keys, dp += s->keys) {
    float sum = (float)LANE_SUM(block->keys, (double)dp[i] * p[i]);
    for (int64_t j = 0; j < block->keys; j++)
      dp[j] = p[j] * (dp[j] - sum);
  }
}

/* No gradient passes where a bool mask has filled in a number. */
static void stop_filled(const Sizes *s, const Mask *mask, const Block *block, float *g) {
  if (!mask->tensor || mask->tensor->type != TENSOR_BOOL || s->fill == -INFINITY)
    return;
  for (int64_t i = 0; i < block->n; i++) {
    const bool *look = (const bool *)mask->tensor->data + mask_start(s, mask, block, block->first + i);
    for (int64_t j = 0; j < block->keys; j++)
      if (!look[j * mask->step[3]])
        g[i * s->keys + j] = 0;
  }
}

static void add_mask_gradient(const Sizes *s, const Mask *mask, const Block *block, const float *g,
                              float *dmask) {
  for (int64_t i = 0; i < block->n; i++) {
    float *to = dmask + mask_start(s, mask, block, block->first + i);
    for (int64_t j = 0; j < block->keys; j++)
      to[j * mask->step[3]] += g[i * s->keys + j];
  }
}

static Tensor *mask_gradient(const OpCall *call, int mask) {
  return 3 + mask < call->n_inputs ? call->dx[3 + mask] : NULL;
}

/* g of a block; what each mask gets is added to its gradient, the last mask's first. */
static void block_gradients(const OpCall *call, const Sizes *s, const Block *block, const float *p,
                            float *g) {
  const float *dy = tensor_floats(call->dy[0]) + (block->group * s->rows + block->first) * s->e;
  const float *v = tensor_floats(call->x[2]) + block->group * s->keys * s->e;
  multiply(false, true, block->n, block->keys, s->e, 1, dy, s->e, v, s->e, 0, g, s->keys);
  score_gradients(s, block, p, g);
  for (int m = 1; m >= 0; m--) {
    stop_filled(s, &s->masks[m], block, g);
    if (mask_gradient(call, m))
      add_mask_gradient(s, &s->masks[m], block, g, tensor_floats(mask_gradient(call, m)));
  }
}

/* One block's part of all gradients.  beta 0: the first of its group. */
static void backward_block(const OpCall *call, const Sizes *s, const Block *block, float *p, float beta) {
  int64_t rows = block->group * s->rows + block->first, keys = block->group * s->keys, n = block->n;
  const float *q = tensor_floats(call->x[0]) + rows * s->d, *k = tensor_floats(call->x[1]) + keys * s->d;
  const float *dy = tensor_floats(call->dy[0]) + rows * s->e;
  float *g = p + s->block * s->keys;
  Tensor *const *dx = call->dx;
  probabilities(call, s, block, p);
  if (dx[2])
    multiply(true, false, block->keys, s->e, n, 1, p, s->keys, dy, s->e, beta,
             tensor_floats(dx[2]) + keys * s->e, s->e);
  if (dx[0] || dx[1] || mask_gradient(call, 0) || mask_gradient(call, 1))
    block_gradients(call, s, block, p, g);
  if (dx[0])
    multiply(false, false, n, s->d, block->keys, s->scale, g, s->keys, k, s->d, 0,
             tensor_floats(dx[0]) + rows * s->d, s->d);
  if (dx[1])
    multiply(true, false, block->keys, s->d, n, s->scale, g, s->keys, q, s->d, beta,
             tensor_floats(dx[1]) + keys * s->d, s->d);
  /* Keys that the first block does not see: the others add to them. */
  for (int side = 1; side < 3 && beta == 0; side++) {
    int64_t width = side == 1 ? s->d : s->e;
    if (dx[side])
      memset(tensor_floats(dx[side]) + (keys + block->keys) * width, 0,
             sizeof(float) * (size_t)((s->keys - block->keys) * width));
  }
}

static void backward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Sizes *s = data;
  for (int64_t group = from; group < to; group++)
    for (int64_t i = 0; i < s->blocks && !stop_requested(call->stop); i++) {
      Block block = block_at(s, group, i);
      backward_block(call, s, &block, call_scratch(call, worker), i > 0);
    }
}

static void backward(const OpCall *call) {
  Sizes s;
  read_sizes(call, &s);
  for (int k = 1; k < call->n_inputs; k++)
    if (call->dx[k] && (k >= 3 || s.blocks == 0))
      memset(call->dx[k]->data, 0, tensor_bytes(call->dx[k]));
  /* A mask may be shared by all: then one worker adds, in order. */
  bool together = mask_gradient(call, 0) || mask_gradient(call, 1);
  call_ranges(call, s.batch * s.heads, together ? s.batch * s.heads : 1, backward_range, &s);
}

const Op op_attention = {.name = "Attention",
                         .min_inputs = 3,
                         .max_inputs = 5,
                         .infer = infer,
                         .keeps = keeps,
                         .scratch = scratch,
                         .forward = forward,
                         .backward = backward};
