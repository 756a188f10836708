/* MeanVarianceNormalization over `axes` (batch and space unless given), without numbers of its own.
 *
 *     y_i = (x_i - m) / d,  m = mean x,  d = sqrt(variance x) + 1e-9
 *     z_i = (x_i - m) / sqrt(variance x):  dx_i = (dy_i - mean dy - z_i mean(dy z)) / d */
#include "engine/ops/ops.h"
#include "engine/ops/reduction.h"
#include "engine/ops/support.h"

#include <math.h>

#define TINY 1e-9

static bool normalised_axes(const Node *node, const Shape *x, Shape *wide, GError **error) {
  static const int64_t usual[] = {0, 2, 3};
  int n;
  const int64_t *axes = node_ints(node, "axes", &n);
  if (!node_attribute(node, "axes")) {
    axes = usual;
    n = G_N_ELEMENTS(usual);
  }
  *wide = *x;
  for (int i = 0; i < n; i++) {
    int axis = check_axis(x, axes[i], error);
    if (axis < 0)
      return false;
    wide->dim[axis] = 1;
  }
  return true;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Shape wide;
  return normalised_axes(node, &x[0]->shape, &wide, error) &&
         infer_same_float(node, n_inputs, x, n_outputs, y, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted ? KEEP_INPUT(0) : 0;
}

/* A statistic of one group is a sum over its members; `term` is an expression of i, the place in memory. */
#define GROUP_SUM(reduction, start, term)                                                                    \
  ({                                                                                                         \
    double sum_ = 0;                                                                                         \
    for (int64_t k_ = 0; k_ < (reduction)->repeated.count; k_++) {                                           \
      int64_t first_ = (start) + reduction_run(reduction, k_);                                               \
      for (int64_t i = first_; i < first_ + (reduction)->run; i++)                                           \
        sum_ += (term);                                                                                      \
    }                                                                                                        \
    sum_;                                                                                                    \
  })
#define GROUP_MEAN(reduction, start, term) (GROUP_SUM(reduction, start, term) / (double)(reduction)->members)

static void range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Reduction *reduction = data;
  const float *x = tensor_floats(call->x[0]), *dy = call->dy ? tensor_floats(call->dy[0]) : NULL;
  float *result = tensor_floats(dy ? call->dx[0] : call->y[0]);
  for (int64_t item = from; item < to; item++) {
    int64_t start, unused;
    reduction_group(reduction, item / reduction->columns, &start, &unused);
    start += item % reduction->columns;
    double m = GROUP_MEAN(reduction, start, (double)x[i]);
    double deviation = sqrt(GROUP_MEAN(reduction, start, (x[i] - m) * (x[i] - m))), d = deviation + TINY;
    double mean = 0, slope = 0;
    if (dy) {
      mean = GROUP_MEAN(reduction, start, (double)dy[i]);
      slope = GROUP_MEAN(reduction, start, dy[i] * (x[i] - m)) / MAX(deviation * d, TINY * TINY);
    }
    for (int64_t k = 0; k < reduction->repeated.count; k++) {
      int64_t first = start + reduction_run(reduction, k);
      for (int64_t i = first; i < first + reduction->run; i++)
        result[i] = (float)(dy ? (dy[i] - mean - (x[i] - m) * slope) / d : (x[i] - m) / d);
    }
  }
}

static void run(const OpCall *call) {
  Tensor wide = *call->x[0];
  Reduction reduction;
  if (tensor_count(call->x[0]) == 0)
    return;
  normalised_axes(call->node, &call->x[0]->shape, &wide.shape, NULL);
  reduction_init(&reduction, call->x[0], &wide);
  call_ranges(call, reduction.kept.count * reduction.columns, MAX(1, RANGE_ELEMENTS / reduction.members),
              range, &reduction);
}

static void forward(const OpCall *call) {
  OpCall value = *call;
  value.dy = NULL;
  run(&value);
}

static void backward(const OpCall *call) {
  if (call->dx[0])
    run(call);
}

const Op op_mean_variance_normalization = {.name = "MeanVarianceNormalization",
                                           .min_inputs = 1,
                                           .max_inputs = 1,
                                           .layout = LAYOUT_FOLLOWS,
                                           .layout_inputs = 1,
                                           .infer = infer,
                                           .keeps = keeps,
                                           .forward = forward,
                                           .backward = backward};
