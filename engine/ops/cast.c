/* Cast, CastLike: another type for the same numbers.
 *
 *     y = x as the type that `to` names, or that the second input has        dx = dy, from float to float
 *
 * A fraction is cut; what does not fit becomes the nearest that does, and NaN 0; what is not 0 is true. */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <math.h>
#include <string.h>

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  TensorType type;
  int64_t to = node_int(node, "to", 0);
  if (!onnx_number_type(to, &type))
    return input_error(error, "it converts to the ONNX type %" G_GINT64_FORMAT ", which is not supported",
                       to);
  return check_one_output(n_outputs, error) && output_set(y[0], type, &x[0]->shape, error);
}

static bool like_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                       Tensor *const *y, GError **error) {
  return check_one_output(n_outputs, error) && output_set(y[0], x[1]->type, &x[0]->shape, error);
}

static int64_t to_int(float number) {
  if (isnan(number))
    return 0;
  return number >= 0x1p63f ? G_MAXINT64 : number <= -0x1p63f ? G_MININT64 : (int64_t)number;
}

typedef void (*Convert)(const void *from, int64_t first, int64_t end, void *to);

#define CONVERT(name, X, Y, expression)                                                                      \
  static void name(const void *from, int64_t first, int64_t end, void *to) {                                 \
    for (int64_t i = first; i < end; i++) {                                                                  \
      X x = ((const X *)from)[i];                                                                            \
      ((Y *)to)[i] = (expression);                                                                           \
    }                                                                                                        \
  }
CONVERT(float_float, float, float, x)
CONVERT(float_int, float, int64_t, to_int(x))
CONVERT(float_truth, float, uint8_t, x != 0)
CONVERT(int_float, int64_t, float, (float)x)
CONVERT(int_int, int64_t, int64_t, x)
CONVERT(int_truth, int64_t, uint8_t, x != 0)
CONVERT(truth_float, uint8_t, float, x)
CONVERT(truth_int, uint8_t, int64_t, x)
CONVERT(truth_truth, uint8_t, uint8_t, x)

/* From one type to the other. */
static const Convert converts[TENSOR_BOOL + 1][TENSOR_BOOL + 1] = {
    [TENSOR_FLOAT32] = {float_float, float_int, float_truth},
    [TENSOR_INT64] = {int_float, int_int, int_truth},
    [TENSOR_BOOL] = {truth_float, truth_int, truth_truth},
};

static void forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  converts[call->x[0]->type][call->y[0]->type](call->x[0]->data, from, to, call->y[0]->data);
}

static void forward(const OpCall *call) {
  call_ranges(call, tensor_count(call->y[0]), RANGE_ELEMENTS, forward_range, NULL);
}

static void backward(const OpCall *call) {
  if (call->dx[0] && tensor_count(call->dx[0]) > 0)
    memcpy(call->dx[0]->data, call->dy[0]->data, tensor_bytes(call->dx[0]));
}

const Op op_cast = {.name = "Cast",
                    .min_inputs = 1,
                    .max_inputs = 1,
                    .layout = LAYOUT_FOLLOWS,
                    .layout_inputs = 1,
                    .infer = infer,
                    .forward = forward,
                    .backward = backward};
const Op op_cast_like = {.name = "CastLike",
                         .min_inputs = 2,
                         .max_inputs = 2,
                         .layout = LAYOUT_FOLLOWS,
                         .layout_inputs = 1,
                         .no_gradient = 2,
                         .infer = like_infer,
                         .forward = forward,
                         .backward = backward};
