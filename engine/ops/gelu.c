/* Gelu (Hendrycks and Gimpel 2016, arXiv 1606.08415):
 *
 *     y = x Phi(x), Phi the normal distribution        dx = dy (Phi(x) + x Phi'(x))
 *
 * With approximate = "tanh", Phi(x) is (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2. */
#include "engine/ops/function.h"

#include <math.h>
#include <string.h>

#define SQRT_1_2           0.70710678118654752f
#define ONE_OVER_SQRT_2_PI 0.39894228040143268f
#define SQRT_2_OVER_PI     0.79788456080286536f
#define CUBE               0.044715f

static inline float normal(float x) {
  return 0.5f * erfcf(-x * SQRT_1_2);
}

static inline float near_normal(float x) {
  return 0.5f + 0.5f * tanhf(SQRT_2_OVER_PI * (x + CUBE * x * x * x));
}

static inline float near_slope(float x) {
  float w = near_normal(x);
  return w + 2 * x * w * (1 - w) * SQRT_2_OVER_PI * (1 + 3 * CUBE * x * x);
}

FUNCTION_RUNS(op_gelu, "", 0, "", 0, x *normal(x), normal(x) + x * ONE_OVER_SQRT_2_PI * expf(-0.5f * x * x),
              FROM_X)
FUNCTION_RUNS(near, "", 0, "", 0, x *near_normal(x), near_slope(x), FROM_X)

static bool is_near(const Node *node) {
  return strcmp(node_text(node, "approximate", "none"), "tanh") == 0;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  const char *approximate = node_text(node, "approximate", "none");
  if (!is_near(node) && strcmp(approximate, "none") != 0)
    return input_error(error, "its approximation is '%s'; 'none' and 'tanh' exist", approximate);
  return infer_same_float(node, n_inputs, x, n_outputs, y, error);
}

static void forward(const OpCall *call) {
  (is_near(call->node) ? near_forward : op_gelu_forward)(call);
}

static void backward(const OpCall *call) {
  (is_near(call->node) ? near_backward : op_gelu_backward)(call);
}

const Op op_gelu = {.name = "Gelu",
                    .min_inputs = 1,
                    .max_inputs = 1,
                    .layout = LAYOUT_FOLLOWS,
                    .layout_inputs = 1,
                    .infer = infer,
                    .keeps = op_gelu_keeps,
                    .forward = forward,
                    .backward = backward};
