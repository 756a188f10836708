/* Conv: x (n, c, space...), w (o, c / group, kernel...), optional bias b (o) -> y (n, o, space...).
 *
 *     y[n, o, p] = b[o] + sum over c, t of w[o, c, t] x[n, c, p * stride - pad + t * dilation]
 *
 * What is computed is the kernels' matter (engine/kernels); here are the checks, the choice and the packed
 * weights. A fused activation is applied by the kernel; its bits are what backward reads besides the weights.
 */
#include "engine/activation.h"
#include "engine/kernels/conv-plain.h"
#include "engine/ops/ops.h"
#include "engine/ops/packed-conv.h"
#include "engine/ops/support.h"

static bool read_shape(const Node *node, const Tensor *const *x, ConvShape *shape, GError **error) {
  const Shape *input = &x[0]->shape, *weights = &x[1]->shape;
  *shape = (ConvShape){.groups = node_int(node, "group", 1), .order = x[0]->order};
  if (input->rank < 3 || input->rank > 5 || weights->rank != input->rank)
    return input_error(error, "its input has rank %d and its weights rank %d; both must have 3, 4 or 5 axes",
                       input->rank, weights->rank);
  shape->batch = input->dim[0];
  shape->inputs = input->dim[1];
  shape->outputs = weights->dim[0];
  if (shape->groups < 1 || shape->inputs < 1 || shape->outputs < 1 || shape->outputs % shape->groups != 0 ||
      shape->inputs % shape->groups != 0 || weights->dim[1] != shape->inputs / shape->groups) {
    g_autofree char *input_text = shape_text(input), *weights_text = shape_text(weights);
    return input_error(error, "input %s, weights %s and group %" G_GINT64_FORMAT " do not go together",
                       input_text, weights_text, shape->groups);
  }
  return window_read(&shape->window, node, input, weights->dim + 2, error);
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  ConvShape shape;
  if (!check_one_output(n_outputs, error) || !check_type(x[0], TENSOR_FLOAT32, "the input", error) ||
      !check_type(x[1], TENSOR_FLOAT32, "the weights", error) || !read_shape(node, x, &shape, error))
    return false;
  if (n_inputs > 2 && x[2] &&
      (x[2]->type != TENSOR_FLOAT32 || x[2]->shape.rank != 1 || x[2]->shape.dim[0] != shape.outputs))
    return input_error(error, "its bias must be %" G_GINT64_FORMAT " float32 numbers", shape.outputs);
  Shape output = window_output(&shape.window, &x[0]->shape, shape.outputs);
  return output_set(y[0], TENSOR_FLOAT32, &output, error);
}

static void *prepare(const Node *node, int n_inputs, const Tensor *const *x, Tensor *const *y) {
  ConvShape shape;
  read_shape(node, x, &shape, NULL);
  return packed_conv_new(&shape, x[1]);
}

static size_t saved(const OpCall *call) {
  const ConvShape *shape = &((const PackedConv *)call->prepared)->shape;
  return call->node->activation.kind == ACTIVATION_NONE
             ? 0
             : (size_t)(conv_planes(shape) * activation_bytes(conv_plane(shape)));
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return (wanted & 1 ? KEEP_INPUT(1) : 0) | (wanted & 2 ? KEEP_INPUT(0) : 0);
}

static void forward(const OpCall *call) {
  const PackedConv *prepared = call->prepared;
  prepared->kernel->forward(call, &prepared->shape, prepared->packed);
}

static void backward(const OpCall *call) {
  const PackedConv *prepared = call->prepared;
  if (call->dx[0])
    prepared->kernel->backward(call, &prepared->shape, prepared->packed);
  if (call->dx[1])
    conv_weight_gradient(call, &prepared->shape);
  if (call->n_inputs > 2 && call->dx[2])
    conv_bias_gradient(call, &prepared->shape);
}

const Op op_conv = {.name = "Conv",
                    .min_inputs = 2,
                    .max_inputs = 3,
                    .layout = LAYOUT_PREFERS,
                    .layout_inputs = 1,
                    .fuses_activation = true,
                    .adds_gradient = true,
                    .infer = infer,
                    .prepare = prepare,
                    .release = packed_conv_free,
                    .scratch = packed_conv_scratch,
                    .saved = saved,
                    .keeps = keeps,
                    .forward = forward,
                    .backward = backward};
