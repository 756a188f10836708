/* IsNaN, IsInf, Not, BitwiseNot: what can be said of one element.  No gradient passes. */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <math.h>

static bool infer_truth(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                        Tensor *const *y, GError **error) {
  return check_type(x[0], TENSOR_FLOAT32, "the input", error) && check_one_output(n_outputs, error) &&
         output_set(y[0], TENSOR_BOOL, &x[0]->shape, error);
}

static bool infer_not(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                      GError **error) {
  return check_type(x[0], TENSOR_BOOL, "the input", error) &&
         infer_same(node, n_inputs, x, n_outputs, y, error);
}

static bool infer_bits(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                       Tensor *const *y, GError **error) {
  return check_type(x[0], TENSOR_INT64, "the input", error) &&
         infer_same(node, n_inputs, x, n_outputs, y, error);
}

/* `one` and `other` are integer attributes that are 1 by default. */
#define PREDICATE(symbol, onnx_name, infer_call, X, Y, one, other, expression)                               \
  static void symbol##_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {   \
    const X *px = call->x[0]->data;                                                                          \
    Y *restrict py = call->y[0]->data;                                                                       \
    const bool has_one G_GNUC_UNUSED = node_int(call->node, one, 1) != 0;                                    \
    const bool has_other G_GNUC_UNUSED = node_int(call->node, other, 1) != 0;                                \
    for (int64_t i = from; i < to; i++) {                                                                    \
      X x = px[i];                                                                                           \
      py[i] = (expression);                                                                                  \
    }                                                                                                        \
  }                                                                                                          \
  static void symbol##_forward(const OpCall *call) {                                                         \
    call_ranges(call, tensor_count(call->y[0]), RANGE_ELEMENTS, symbol##_range, NULL);                       \
  }                                                                                                          \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 1,                                                                        \
                     .max_inputs = 1,                                                                        \
                     .layout = LAYOUT_FOLLOWS,                                                               \
                     .layout_inputs = 1,                                                                     \
                     .infer = infer_call,                                                                    \
                     .forward = symbol##_forward};
PREDICATE(op_bitwise_not, "BitwiseNot", infer_bits, int64_t, int64_t, "", "", ~x)
PREDICATE(op_is_inf, "IsInf", infer_truth, float, uint8_t, "detect_positive", "detect_negative",
          (has_one && x == INFINITY) || (has_other && x == -INFINITY))
PREDICATE(op_is_nan, "IsNaN", infer_truth, float, uint8_t, "", "", x != x)
PREDICATE(op_not, "Not", infer_not, uint8_t, uint8_t, "", "", !x)
