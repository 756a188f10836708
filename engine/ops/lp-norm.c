/* Ops that measure by a p-norm, |x| = (sum |x_i|^p)^(1/p).
 *
 *     LpNormalization  y_i = x_i / |x| along an axis, p 1 or 2
 *                      dx_i = (dy_i - d_i sum(dy y)) / |x|,  d_i = d|x| / dx_i: sign(x_i), or y_i for p 2
 *     GlobalLpPool     y = |x| over the space of a channel
 *                      dx_i = dy sign(x_i) (|x_i| / y)^(p-1)
 *
 * Where |x| is 0, all results are 0. */
#include "engine/ops/ops.h"
#include "engine/ops/rows.h"

#include <math.h>

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  int64_t p = node_int(node, "p", 2);
  if (p != 1 && p != 2)
    return input_error(error, "p is %" G_GINT64_FORMAT "; it must be 1 or 2", p);
  return check_axis(&x[0]->shape, node_int(node, "axis", -1), error) >= 0 &&
         infer_same_float(node, n_inputs, x, n_outputs, y, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted ? KEEP_INPUT(0) : 0;
}

typedef struct {
  Rows rows;
  double p;
} Norm;

static double power(double x, double p) {
  return p == 1 ? fabs(x) : p == 2 ? x * x : pow(fabs(x), p);
}

static double norm_of(const Norm *norm, const float *x) {
  double sum = 0;
  for (int64_t i = 0; i < norm->rows.n; i++)
    sum += power(x[i * norm->rows.step], norm->p);
  return norm->p == 1 ? sum : norm->p == 2 ? sqrt(sum) : pow(sum, 1 / norm->p);
}

static double sign(double x) {
  return (x > 0) - (x < 0);
}

static void forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Norm *norm = data;
  int64_t step = norm->rows.step;
  for (int64_t row = from; row < to; row++) {
    const float *x = tensor_floats(call->x[0]) + row_start(&norm->rows, row);
    float *y = tensor_floats(call->y[0]) + row_start(&norm->rows, row);
    double size = norm_of(norm, x);
    for (int64_t i = 0; i < norm->rows.n; i++)
      y[i * step] = size == 0 ? 0 : (float)(x[i * step] / size);
  }
}

static void backward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Norm *norm = data;
  int64_t step = norm->rows.step;
  for (int64_t row = from; row < to; row++) {
    int64_t start = row_start(&norm->rows, row);
    const float *x = tensor_floats(call->x[0]) + start, *dy = tensor_floats(call->dy[0]) + start;
    float *dx = tensor_floats(call->dx[0]) + start;
    double size = norm_of(norm, x), along = 0;
    for (int64_t i = 0; size > 0 && i < norm->rows.n; i++)
      along += dy[i * step] * (x[i * step] / size);
    for (int64_t i = 0; i < norm->rows.n; i++) {
      double direction = norm->p == 1 ? sign(x[i * step]) : x[i * step] / size;
      dx[i * step] = size == 0 ? 0 : (float)((dy[i * step] - direction * along) / size);
    }
  }
}

static void run(const OpCall *call, RangeRun range) {
  int axis = shape_axis(&call->x[0]->shape, node_int(call->node, "axis", -1));
  Norm norm = {rows_along(&call->x[0]->shape, axis), (double)node_int(call->node, "p", 2)};
  if (norm.rows.n > 0)
    call_ranges(call, norm.rows.rows, rows_in_piece(&norm.rows), range, &norm);
}

static void forward(const OpCall *call) {
  run(call, forward_range);
}

static void backward(const OpCall *call) {
  if (call->dx[0])
    run(call, backward_range);
}

/* Operator set 1 has p as a float. */
static double pool_power(const Node *node) {
  const Attribute *p = node_attribute(node, "p");
  return !p ? 2 : p->type == ATTRIBUTE_FLOAT ? p->f : (double)node_int(node, "p", 2);
}

static bool pool_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                       Tensor *const *y, GError **error) {
  Shape shape = x[0]->shape;
  if (!check_one_output(n_outputs, error) || !check_type(x[0], TENSOR_FLOAT32, "the input", error))
    return false;
  if (shape.rank < 3)
    return input_error(error, "its input has rank %d; at least 3 are needed", shape.rank);
  if (!(pool_power(node) > 0))
    return input_error(error, "p must be positive");
  for (int i = 2; i < shape.rank; i++)
    shape.dim[i] = 1;
  return output_set(y[0], TENSOR_FLOAT32, &shape, error);
}

static unsigned pool_keeps(const Node *node, unsigned wanted) {
  return wanted ? KEEP_INPUT(0) | KEEP_OUTPUT(0) : 0;
}

static void pool_forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Norm *norm = data;
  for (int64_t row = from; row < to; row++)
    tensor_floats(call->y[0])[row] = (float)norm_of(norm, tensor_floats(call->x[0]) + row * norm->rows.n);
}

static void pool_backward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Norm *norm = data;
  int64_t n = norm->rows.n;
  for (int64_t row = from; row < to; row++) {
    double y = tensor_floats(call->y[0])[row], dy = tensor_floats(call->dy[0])[row];
    const float *x = tensor_floats(call->x[0]) + row * n;
    float *dx = tensor_floats(call->dx[0]) + row * n;
    for (int64_t i = 0; i < n; i++)
      dx[i] = y == 0 ? 0 : (float)(dy * sign(x[i]) * pow(fabs(x[i]) / y, norm->p - 1));
  }
}

static void pool_run(const OpCall *call, RangeRun range) {
  const Shape *shape = &call->x[0]->shape;
  Norm norm = {{shape_product(shape, 2, shape->rank), 1, shape_product(shape, 0, 2)}, pool_power(call->node)};
  call_ranges(call, norm.rows.rows, rows_in_piece(&norm.rows), range, &norm);
}

static void pool_forward(const OpCall *call) {
  pool_run(call, pool_forward_range);
}

static void pool_backward(const OpCall *call) {
  if (call->dx[0])
    pool_run(call, pool_backward_range);
}

const Op op_lp_normalization = {.name = "LpNormalization",
                                .min_inputs = 1,
                                .max_inputs = 1,
                                .infer = infer,
                                .keeps = keeps,
                                .forward = forward,
                                .backward = backward};
const Op op_global_lp_pool = {.name = "GlobalLpPool",
                              .min_inputs = 1,
                              .max_inputs = 1,
                              .infer = pool_infer,
                              .keeps = pool_keeps,
                              .forward = pool_forward,
                              .backward = pool_backward};
