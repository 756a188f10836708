/* Smooth activations: x times a gate of x.
 *
 *     Gelu    x P(x), P the normal distribution (Hendrycks and Gimpel 2016, arXiv 1606.08415); attribute
 *             approximate = "tanh": their form with tanh.  ONNX operator set 20
 *     Swish   x sigmoid(alpha x), alpha = 1 unless given: SiLU (the same paper; Ramachandran et al. 2017,
 * arXiv 1710.05941).  ONNX operator set 24
 *
 * The formulas, with their slopes, are in kernels/gate-body.h.        dx = dy * g'(x) */
#include "engine/kernels/vectors.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

static GateKind kind_of(const Node *node) {
  if (node->op == &op_swish)
    return GATE_SWISH;
  return strcmp(node_text(node, "approximate", "none"), "tanh") == 0 ? GATE_GELU_TANH : GATE_GELU;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  const char *form = node_text(node, "approximate", "none");
  if (strcmp(form, "none") != 0 && strcmp(form, "tanh") != 0)
    return input_error(error, "its approximation '%s' is none of: none, tanh", form);
  return infer_same_float(node, n_inputs, x, n_outputs, y, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted ? KEEP_INPUT(0) : 0;
}

static void forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  vectors()->gate(kind_of(call->node), node_float(call->node, "alpha", 1), tensor_floats(call->x[0]) + from,
                  NULL, tensor_floats(call->y[0]) + from, to - from);
}

static void backward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  vectors()->gate(kind_of(call->node), node_float(call->node, "alpha", 1), tensor_floats(call->x[0]) + from,
                  tensor_floats(call->dy[0]) + from, tensor_floats(call->dx[0]) + from, to - from);
}

static void forward(const OpCall *call) {
  call_ranges(call, tensor_count(call->y[0]), RANGE_ELEMENTS, forward_range, NULL);
}

static void backward(const OpCall *call) {
  if (call->dx[0])
    call_ranges(call, tensor_count(call->y[0]), RANGE_ELEMENTS, backward_range, NULL);
}

#define GATE_OP(symbol, onnx_name)                                                                           \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 1,                                                                        \
                     .max_inputs = 1,                                                                        \
                     .layout = LAYOUT_FOLLOWS,                                                               \
                     .layout_inputs = 1,                                                                     \
                     .infer = infer,                                                                         \
                     .keeps = keeps,                                                                         \
                     .forward = forward,                                                                     \
                     .backward = backward}
GATE_OP(op_gelu, "Gelu");
GATE_OP(op_swish, "Swish");
