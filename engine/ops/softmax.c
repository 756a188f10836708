/* Softmax and LogSoftmax along one axis (the last unless `axis` says otherwise).
 *
 *     softmax:      y_i = exp(x_i - m) / s       dx_i = y_i (dy_i - sum_j dy_j y_j)
 *     log-softmax:  y_i = x_i - m - log s        dx_i = dy_i - exp(y_i) sum_j dy_j
 *
 * m = max x, s = sum_j exp(x_j - m). */
#include "engine/kernels/vectors.h"
#include "engine/ops/moments.h"
#include "engine/ops/ops.h"
#include "engine/ops/rows.h"

#include <math.h>

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  return check_axis(&x[0]->shape, node_int(node, "axis", -1), error) >= 0 &&
         infer_same_float(node, n_inputs, x, n_outputs, y, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted ? KEEP_OUTPUT(0) : 0;
}

/* Neighbours in memory. */
static void forward_row(const float *x, float *y, int64_t n, bool logarithm) {
  float most = vectors()->most(x, n, 1);
  if (logarithm) {
    float shift = (float)(most + log(vectors()->exponentials(x, NULL, n, most)));
    for (int64_t i = 0; i < n; i++)
      y[i] = x[i] - shift;
    return;
  }
  float factor = (float)(1 / vectors()->exponentials(x, y, n, most));
  for (int64_t i = 0; i < n; i++)
    y[i] *= factor;
}

/* `step` apart. */
static void forward_column(const float *x, float *y, const Rows *rows, bool logarithm) {
  float most = -INFINITY;
  double sum = 0;
  for (int64_t i = 0; i < rows->n; i++)
    most = MAX(most, x[i * rows->step]);
  for (int64_t i = 0; i < rows->n; i++) {
    float z = x[i * rows->step] - most, e = expf(z);
    y[i * rows->step] = logarithm ? z : e;
    sum += e;
  }
  float shift = (float)log(sum), factor = (float)(1 / sum);
  for (int64_t i = 0; i < rows->n; i++)
    y[i * rows->step] = logarithm ? y[i * rows->step] - shift : y[i * rows->step] * factor;
}

static void forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Rows *rows = data;
  bool logarithm = call->node->op == &op_log_softmax;
  for (int64_t row = from; row < to; row++) {
    const float *x = tensor_floats(call->x[0]) + row_start(rows, row);
    float *y = tensor_floats(call->y[0]) + row_start(rows, row);
    if (rows->step == 1)
      forward_row(x, y, rows->n, logarithm);
    else
      forward_column(x, y, rows, logarithm);
  }
}

static void forward(const OpCall *call) {
  Rows rows = rows_of_axis(call->node, &call->x[0]->shape);
  if (rows.n > 0)
    call_ranges(call, rows.rows, rows_in_piece(&rows), forward_range, &rows);
}

static void backward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Rows *rows = data;
  bool logarithm = call->node->op == &op_log_softmax;
  for (int64_t row = from; row < to; row++) {
    int64_t start = row_start(rows, row), step = rows->step;
    const float *y = tensor_floats(call->y[0]) + start, *dy = tensor_floats(call->dy[0]) + start;
    float *dx = tensor_floats(call->dx[0]) + start;
    double sum = 0;
    if (step == 1)
      sum = logarithm ? LANE_SUM(rows->n, (double)dy[i]) : LANE_SUM(rows->n, (double)dy[i] * y[i]);
    for (int64_t i = 0; step != 1 && i < rows->n; i++)
      sum += logarithm ? dy[i * step] : (double)dy[i * step] * y[i * step];
    for (int64_t i = 0; i < rows->n; i++)
      dx[i * step] = logarithm ? dy[i * step] - expf(y[i * step]) * (float)sum
                               : y[i * step] * (dy[i * step] - (float)sum);
  }
}

static void backward(const OpCall *call) {
  Rows rows = rows_of_axis(call->node, &call->x[0]->shape);
  if (call->dx[0] && rows.n > 0)
    call_ranges(call, rows.rows, rows_in_piece(&rows), backward_range, &rows);
}

#define SOFTMAX_OP(symbol, onnx_name)                                                                        \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 1,                                                                        \
                     .max_inputs = 1,                                                                        \
                     .infer = infer,                                                                         \
                     .keeps = keeps,                                                                         \
                     .forward = forward,                                                                     \
                     .backward = backward}
SOFTMAX_OP(op_softmax, "Softmax");
SOFTMAX_OP(op_log_softmax, "LogSoftmax");
