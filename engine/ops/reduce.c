/* ReduceMean, ReduceSum over given axes (attribute, or input 1), and GlobalAveragePool, which is the mean
 * over space.
 *
 *     y = factor * sum over the axes of x        dx = factor * dy, repeated        factor = 1, or 1 / number
 * of summands */
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

/* The shape of y with its axes of size 1 in place.  `reduced` says which. */
static bool read_reduction(const Node *node, int n_inputs, const Tensor *const *x, Shape *wide,
                           bool reduced[], GError **error) {
  int axes[TENSOR_MAX_RANK], n, rank = x[0]->shape.rank;
  *wide = x[0]->shape;
  memset(reduced, 0, TENSOR_MAX_RANK);
  if (node->op == &op_global_average_pool) {
    if (rank < 3)
      return input_error(error, "its input has rank %d; at least 3 are needed", rank);
    for (n = 0; n < rank - 2; n++)
      axes[n] = n + 2;
  } else if (!read_axes(node, n_inputs, x, rank, axes, &n, error)) {
    return false;
  }
  if (n <= 0) {
    bool nothing = node_int(node, "noop_with_empty_axes", 0) != 0;
    n = nothing ? 0 : rank;
    for (int i = 0; i < n; i++)
      axes[i] = i;
  }
  for (int i = 0; i < n; i++) {
    reduced[axes[i]] = true;
    wide->dim[axes[i]] = 1;
  }
  return true;
}

static bool keeps_axes(const Node *node) {
  return node->op == &op_global_average_pool || node_int(node, "keepdims", 1) != 0;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Shape wide, narrow = {0};
  bool reduced[TENSOR_MAX_RANK];
  if (!check_one_output(n_outputs, error) || !check_type(x[0], TENSOR_FLOAT32, "the input", error) ||
      !read_reduction(node, n_inputs, x, &wide, reduced, error))
    return false;
  for (int i = 0; i < wide.rank; i++)
    if (!reduced[i])
      narrow.dim[narrow.rank++] = wide.dim[i];
  if (shape_count(&x[0]->shape) == 0 && shape_count(&wide) != 0)
    return input_error(error, "its input has no elements");
  return output_set(y[0], TENSOR_FLOAT32, keeps_axes(node) ? &wide : &narrow, error);
}

/* The axes' input is read again in backward. */
static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted ? KEEP_INPUT(1) : 0;
}

typedef struct {
  Loops loops; /* over x; operand 0 is y (or dy) */
  Planes planes;
  float factor;
} Reduction;

/* True when the sum runs over space and nothing else. */
static bool over_space(const bool reduced[], int rank) {
  bool space = rank >= 3 && !reduced[0] && !reduced[1];
  for (int i = 2; i < rank; i++)
    space = space && reduced[i];
  return space;
}

static bool reduction_of(const OpCall *call, const Tensor *y, Reduction *reduction) {
  bool reduced[TENSOR_MAX_RANK];
  Tensor wide = *y;
  read_reduction(call->node, call->n_inputs, call->x, &wide.shape, reduced, NULL);
  if (!keeps_axes(call->node))
    wide.order = ORDER_ROW_MAJOR;
  loops_broadcast(&reduction->loops, call->x[0], &wide, NULL);
  int64_t summands = tensor_count(call->x[0]) / MAX(shape_count(&wide.shape), 1);
  reduction->factor = call->node->op == &op_reduce_sum ? 1 : 1 / (float)summands;
  if (!over_space(reduced, call->x[0]->shape.rank))
    return false;
  reduction->planes = tensor_planes(call->x[0]);
  return true;
}

#define LANES 32

/* Sums over the pixels of planes from..to-1, up to LANES lanes at a time, in doubles. */
static void space_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Reduction *reduction = data;
  const Planes *planes = &reduction->planes;
  int64_t lanes = planes->lanes;
  for (int64_t plane = from; plane < to; plane++)
    for (int64_t first = 0; first < lanes; first += LANES) {
      int64_t n = MIN(lanes - first, LANES);
      const float *x = tensor_floats(call->x[0]) + plane * planes->pixels * lanes + first;
      float *y = tensor_floats(call->y[0]) + plane * lanes + first;
      double sum[LANES] = {0};
      for (int64_t p = 0; p < planes->pixels; p++, x += lanes)
        for (int64_t c = 0; c < n; c++)
          sum[c] += x[c];
      for (int64_t c = 0; c < n; c++)
        y[c] = (float)(sum[c] * reduction->factor);
    }
}

static void forward(const OpCall *call) {
  Reduction reduction;
  bool space = reduction_of(call, call->y[0], &reduction);
  if (tensor_count(call->x[0]) == 0)
    return;
  if (space)
    call_ranges(call, reduction.planes.planes,
                MAX(1, RANGE_ELEMENTS / (reduction.planes.pixels * reduction.planes.lanes)), space_range,
                &reduction);
  else
    loops_sum(call, &reduction.loops, reduction.factor, tensor_floats(call->x[0]), tensor_floats(call->y[0]),
              tensor_count(call->y[0]));
}

static void backward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Reduction *reduction = data;
  const Loops *loops = &reduction->loops;
  int64_t n = loops->dim[loops->rank - 1], step = loops->step[0][loops->rank - 1];
  float *dx = tensor_floats(call->dx[0]);
  for (int64_t i = from; i < to;) {
    int64_t column = i % n, m = MIN(n - column, to - i), offset[2];
    loops_row(loops, i / n, offset);
    const float *dy = tensor_floats(call->dy[0]) + offset[0] + column * step;
    for (int64_t j = 0; j < m; j++)
      dx[i + j] = reduction->factor * dy[j * step];
    i += m;
  }
}

static void backward(const OpCall *call) {
  Reduction reduction;
  if (!call->dx[0])
    return;
  reduction_of(call, call->dy[0], &reduction);
  call_ranges(call, tensor_count(call->x[0]), RANGE_ELEMENTS, backward_range, &reduction);
}

#define REDUCE_OP(symbol, onnx_name, most_inputs)                                                            \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 1,                                                                        \
                     .max_inputs = most_inputs,                                                              \
                     .layout = LAYOUT_FOLLOWS,                                                               \
                     .layout_inputs = 1,                                                                     \
                     .infer = infer,                                                                         \
                     .keeps = keeps,                                                                         \
                     .forward = forward,                                                                     \
                     .backward = backward}
REDUCE_OP(op_reduce_mean, "ReduceMean", 2);
REDUCE_OP(op_reduce_sum, "ReduceSum", 2);
REDUCE_OP(op_global_average_pool, "GlobalAveragePool", 1);
