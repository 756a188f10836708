/* LRN: each number is divided by the size of its neighbours in other channels (Krizhevsky et al. 2012).
 *
 *     s_c = bias + alpha / size * sum of x_j^2 over j in the window of c,  y_c = x_c s_c^-beta
 *     dx_c = dy_c s_c^-beta - 2 alpha beta / size x_c sum of dy_j x_j s_j^(-beta-1) over the j with c in
 * their window
 *
 * The window of c reaches from (size - 1) / 2 channels before it, rounded down, to size / 2 behind it. */
#include "engine/ops/ops.h"
#include "engine/ops/rows.h"

#include <math.h>

typedef struct {
  Rows rows; /* along the channels */
  int64_t before, after;
  double share, bias, beta; /* share: alpha / size */
} Window;

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  int64_t size = node_int(node, "size", 0);
  if (x[0]->shape.rank < 2)
    return input_error(error, "its input has rank %d; at least 2 are needed", x[0]->shape.rank);
  if (size < 1)
    return input_error(error, "its size is %" G_GINT64_FORMAT "; it must be 1 or more", size);
  return infer_same_float(node, n_inputs, x, n_outputs, y, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted ? KEEP_INPUT(0) : 0;
}

/* s of one row. */
static size_t scratch(const OpCall *call) {
  return sizeof(double) * (size_t)call->x[0]->shape.dim[1];
}

static Window window_of(const OpCall *call) {
  int64_t size = node_int(call->node, "size", 1), channels = call->x[0]->shape.dim[1];
  return (Window){.rows = rows_along(&call->x[0]->shape, 1),
                  .before = MIN((size - 1) / 2, channels),
                  .after = MIN(size / 2, channels),
                  .share = node_float(call->node, "alpha", 1e-4f) / (double)size,
                  .bias = node_float(call->node, "bias", 1),
                  .beta = node_float(call->node, "beta", 0.75f)};
}

/* s of all channels of a row. */
static void sizes(const Window *window, const float *x, double *s) {
  int64_t n = window->rows.n, step = window->rows.step;
  for (int64_t c = 0; c < n; c++) {
    double sum = 0;
    for (int64_t j = MAX(c - window->before, 0); j <= MIN(c + window->after, n - 1); j++)
      sum += (double)x[j * step] * x[j * step];
    s[c] = window->bias + window->share * sum;
  }
}

static void forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Window *window = data;
  int64_t step = window->rows.step;
  double *s = call_scratch(call, worker);
  for (int64_t row = from; row < to; row++) {
    const float *x = tensor_floats(call->x[0]) + row_start(&window->rows, row);
    float *y = tensor_floats(call->y[0]) + row_start(&window->rows, row);
    sizes(window, x, s);
    for (int64_t c = 0; c < window->rows.n; c++)
      y[c * step] = (float)(x[c * step] * pow(s[c], -window->beta));
  }
}

static void backward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Window *window = data;
  int64_t n = window->rows.n, step = window->rows.step;
  double *s = call_scratch(call, worker);
  for (int64_t row = from; row < to && !stop_requested(call->stop); row++) {
    int64_t start = row_start(&window->rows, row);
    const float *x = tensor_floats(call->x[0]) + start, *dy = tensor_floats(call->dy[0]) + start;
    float *dx = tensor_floats(call->dx[0]) + start;
    sizes(window, x, s);
    for (int64_t c = 0; c < n; c++) {
      double sum = 0;
      for (int64_t j = MAX(c - window->after, 0); j <= MIN(c + window->before, n - 1); j++)
        sum += dy[j * step] * x[j * step] * pow(s[j], -window->beta - 1);
      dx[c * step] = (float)(dy[c * step] * pow(s[c], -window->beta) -
                             2 * window->share * window->beta * x[c * step] * sum);
    }
  }
}

static void run(const OpCall *call, RangeRun range) {
  Window window = window_of(call);
  if (window.rows.n > 0)
    call_ranges(call, window.rows.rows, rows_in_piece(&window.rows), range, &window);
}

static void forward(const OpCall *call) {
  run(call, forward_range);
}

static void backward(const OpCall *call) {
  if (call->dx[0])
    run(call, backward_range);
}

const Op op_lrn = {.name = "LRN",
                   .min_inputs = 1,
                   .max_inputs = 1,
                   .infer = infer,
                   .keeps = keeps,
                   .scratch = scratch,
                   .forward = forward,
                   .backward = backward};
