/* LpNormalization: division by the p-norm along an axis, |x| = (sum |x_i|^p)^(1/p), p 1 or 2.
 *
 *     y_i = x_i / |x|      dx_i = (dy_i - d_i sum(dy y)) / |x|,  d_i = d|x| / dx_i: sign(x_i), or y_i for p 2
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
  int64_t p; /* 1 or 2 */
} Norm;

static double norm_of(const Norm *norm, const float *x) {
  double sum = 0;
  for (int64_t i = 0; i < norm->rows.n; i++) {
    double number = x[i * norm->rows.step];
    sum += norm->p == 1 ? fabs(number) : number * number;
  }
  return norm->p == 1 ? sum : sqrt(sum);
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
  Norm norm = {rows_along(&call->x[0]->shape, axis), node_int(call->node, "p", 2)};
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

const Op op_lp_normalization = {.name = "LpNormalization",
                                .min_inputs = 1,
                                .max_inputs = 1,
                                .infer = infer,
                                .keeps = keeps,
                                .forward = forward,
                                .backward = backward};
