/* Range: start, start + delta, ... before limit, in float32 or int64; all three known before the run. */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <math.h>

#define MOST_INT ((int64_t)1 << 62)

static bool count_floats(const Tensor *const *x, int64_t *count) {
  double start = *tensor_floats(x[0]), limit = *tensor_floats(x[1]), delta = *tensor_floats(x[2]);
  double n = ceil((limit - start) / delta);
  *count = n > 0 ? (int64_t)MIN(n, 2.0 * (double)OP_COUNT_LIMIT) : 0;
  return delta != 0 && isfinite(n);
}

static bool count_ints(const Tensor *const *x, int64_t *count) {
  int64_t start = *tensor_ints(x[0]), limit = *tensor_ints(x[1]), delta = *tensor_ints(x[2]);
  for (int k = 0; k < 3; k++)
    if (*tensor_ints(x[k]) > MOST_INT / 2 || *tensor_ints(x[k]) < -MOST_INT / 2)
      return false;
  int64_t distance = delta > 0 ? limit - start : start - limit, step = ABS(delta);
  *count = delta != 0 && distance > 0 ? (distance - 1) / step + 1 : 0;
  return delta != 0;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  TensorType type = x[0]->type;
  int64_t count;
  for (int k = 0; k < 3; k++)
    if (!x[k]->data || shape_count(&x[k]->shape) != 1 || x[k]->type != type || type == TENSOR_BOOL)
      return input_error(
          error, "its start, limit and delta must be one number each, of one type and known before the run");
  if (!(type == TENSOR_FLOAT32 ? count_floats(x, &count) : count_ints(x, &count)))
    return input_error(error, "its start, limit and delta make no range");
  return check_one_output(n_outputs, error) && output_set(y[0], type, &SHAPE(count), error);
}

static void forward(const OpCall *call) {
  int64_t count = tensor_count(call->y[0]);
  for (int64_t i = 0; i < count; i++)
    if (call->y[0]->type == TENSOR_FLOAT32)
      tensor_floats(call->y[0])[i] =
          (float)(*tensor_floats(call->x[0]) + (double)i * *tensor_floats(call->x[2]));
    else
      tensor_ints(call->y[0])[i] = *tensor_ints(call->x[0]) + i * *tensor_ints(call->x[2]);
}

const Op op_range = {.name = "Range",
                     .min_inputs = 3,
                     .max_inputs = 3,
                     .no_gradient = ~0u,
                     .infer = infer,
                     .forward = forward};
