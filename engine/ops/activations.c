/* Relu, Clip, and the functions of one number.
 *
 *     y = g(x), element by element        dx = dy * g'(x)
 *
 * g' is written in x or in y, whichever is cheaper to keep; Relu and Clip keep one bit an element. */
#include "engine/activation.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <math.h>
#include <string.h>

/* Relu and Clip */

static const float *scalar(const OpCall *call, int k) {
  return k < call->n_inputs && call->x[k] ? tensor_floats(call->x[k]) : NULL;
}

/* Bounds of Clip: attributes up to opset 10, inputs of rank 0 later; an absent one does not bind. */
static Activation activation_of(const OpCall *call) {
  if (call->node->op == &op_relu)
    return (Activation){ACTIVATION_RELU, 0, INFINITY};
  const float *low = scalar(call, 1), *high = scalar(call, 2);
  return (Activation){ACTIVATION_CLIP, low ? *low : node_float(call->node, "min", -INFINITY),
                      high ? *high : node_float(call->node, "max", INFINITY)};
}

static bool clip_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                       Tensor *const *y, GError **error) {
  for (int k = 1; k < n_inputs; k++) {
    if (x[k] && !check_type(x[k], TENSOR_FLOAT32, "a bound", error))
      return false;
    if (x[k] && shape_count(&x[k]->shape) != 1)
      return input_error(error, "a bound must be one number");
  }
  return infer_same_float(node, n_inputs, x, n_outputs, y, error);
}

static size_t bits_saved(const OpCall *call) {
  return (size_t)activation_bytes(tensor_count(call->y[0]));
}

/* RANGE_ELEMENTS is a multiple of 8, so each range has bytes of its own. */
static void bits_forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  float *y = tensor_floats(call->y[0]) + from;
  const float *x = tensor_floats(call->x[0]) + from;
  if (x != y)
    memcpy(y, x, (size_t)(to - from) * sizeof *y);
  activation_forward(y, to - from, data, call->saved ? (uint8_t *)call->saved + from / 8 : NULL);
}

static void bits_forward(const OpCall *call) {
  Activation activation = activation_of(call);
  call_ranges(call, tensor_count(call->y[0]), RANGE_ELEMENTS, bits_forward_range, &activation);
}

static void bits_backward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  activation_backward(tensor_floats(call->dx[0]) + from, tensor_floats(call->dy[0]) + from, to - from,
                      (const uint8_t *)call->saved + from / 8);
}

static void bits_backward(const OpCall *call) {
  if (call->dx[0])
    call_ranges(call, tensor_count(call->y[0]), RANGE_ELEMENTS, bits_backward_range, NULL);
}

const Op op_relu = {.name = "Relu",
                    .min_inputs = 1,
                    .max_inputs = 1,
                    .layout = LAYOUT_FOLLOWS,
                    .layout_inputs = 1,
                    .infer = infer_same_float,
                    .saved = bits_saved,
                    .forward = bits_forward,
                    .backward = bits_backward};
const Op op_clip = {.name = "Clip",
                    .min_inputs = 1,
                    .max_inputs = 3,
                    .layout = LAYOUT_FOLLOWS,
                    .layout_inputs = 1,
                    .no_gradient = ~1u,
                    .infer = clip_infer,
                    .saved = bits_saved,
                    .forward = bits_forward,
                    .backward = bits_backward};

/* Functions of one number: `value` is y in terms of x, `slope` is g' in terms of x or y; alpha is the
 * attribute. */
#define FUNCTION(symbol, onnx_name, alpha_default, value, slope, kept)                                       \
  static void symbol##_forward_range(const OpCall *call, const void *data, int64_t from, int64_t to,         \
                                     int worker) {                                                           \
    const float *px = tensor_floats(call->x[0]);                                                             \
    float *py = tensor_floats(call->y[0]);                                                                   \
    const float alpha G_GNUC_UNUSED = node_float(call->node, "alpha", alpha_default);                        \
    for (int64_t i = from; i < to; i++) {                                                                    \
      float x = px[i];                                                                                       \
      py[i] = (value);                                                                                       \
    }                                                                                                        \
  }                                                                                                          \
  static void symbol##_backward_range(const OpCall *call, const void *data, int64_t from, int64_t to,        \
                                      int worker) {                                                          \
    const float *px = tensor_floats(call->x[0]), *py = tensor_floats(call->y[0]);                            \
    const float *dy = tensor_floats(call->dy[0]);                                                            \
    float *dx = tensor_floats(call->dx[0]);                                                                  \
    const float alpha G_GNUC_UNUSED = node_float(call->node, "alpha", alpha_default);                        \
    for (int64_t i = from; i < to; i++) {                                                                    \
      float x G_GNUC_UNUSED = (kept) == KEEP_INPUT(0) ? px[i] : 0;                                           \
      float y G_GNUC_UNUSED = (kept) == KEEP_OUTPUT(0) ? py[i] : 0;                                          \
      dx[i] = dy[i] * (slope);                                                                               \
    }                                                                                                        \
  }                                                                                                          \
  static void symbol##_forward(const OpCall *call) {                                                         \
    call_ranges(call, tensor_count(call->y[0]), RANGE_ELEMENTS, symbol##_forward_range, NULL);               \
  }                                                                                                          \
  static void symbol##_backward(const OpCall *call) {                                                        \
    if (call->dx[0])                                                                                         \
      call_ranges(call, tensor_count(call->y[0]), RANGE_ELEMENTS, symbol##_backward_range, NULL);            \
  }                                                                                                          \
  static unsigned symbol##_keeps(const Node *node, unsigned wanted) {                                        \
    return wanted ? (kept) : 0;                                                                              \
  }                                                                                                          \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 1,                                                                        \
                     .max_inputs = 1,                                                                        \
                     .layout = LAYOUT_FOLLOWS,                                                               \
                     .layout_inputs = 1,                                                                     \
                     .infer = infer_same_float,                                                              \
                     .keeps = symbol##_keeps,                                                                \
                     .forward = symbol##_forward,                                                            \
                     .backward = symbol##_backward};

#define X                KEEP_INPUT(0)
#define Y                KEEP_OUTPUT(0)
#define TWO_OVER_SQRT_PI 1.1283791670955126f
FUNCTION(op_sigmoid, "Sigmoid", 0, 1 / (1 + expf(-x)), y *(1 - y), Y)
FUNCTION(op_tanh, "Tanh", 0, tanhf(x), 1 - y * y, Y)
FUNCTION(op_exp, "Exp", 0, expf(x), y, Y)
FUNCTION(op_log, "Log", 0, logf(x), 1 / x, X)
FUNCTION(op_sqrt, "Sqrt", 0, sqrtf(x), 0.5f / y, Y)
FUNCTION(op_neg, "Neg", 0, -x, -1, 0u)
FUNCTION(op_abs, "Abs", 0, fabsf(x), (float)((x > 0) - (x < 0)), X)
FUNCTION(op_erf, "Erf", 0, erff(x), TWO_OVER_SQRT_PI *expf(-x *x), X)
FUNCTION(op_leaky_relu, "LeakyRelu", 0.01f, x > 0 ? x : alpha * x, x > 0 ? 1 : alpha, X)
