/* ConvTranspose: x (n, c, space...), w (c, o / group, kernel...), optional bias b (o) -> y (n, o, space...).
 *
 *     y[n, o, q] = b[o] + sum over c, (p, t) with p * stride - pad + t * dilation = q of w[c, o, t] x[n, c,
 * p]
 *
 * It is the chain rule of the convolution that maps y to x with the same weights, so that convolution's
 * kernels do the work: their backward is this op's forward, and the other way round. */
#include "engine/kernels/conv-plain.h"
#include "engine/ops/ops.h"
#include "engine/ops/packed-conv.h"
#include "engine/ops/support.h"

#include <string.h>

#define SIZE_LIMIT ((int64_t)1 << 31)

/* One axis.  `size` is that of x, `wanted` that of y where output_shape names it, else -1; `upper`: an odd
 * rest of the padding goes to the end. */
static bool read_axis(Window *w, int i, int64_t size, int64_t extra, int64_t wanted, bool upper,
                      GError **error) {
  if (size < 1 || size > SIZE_LIMIT / w->stride[i] || w->kernel[i] < 1 ||
      w->kernel[i] > SIZE_LIMIT / w->dilation[i])
    return input_error(error,
                       "a window of %" G_GINT64_FORMAT " on an axis of %" G_GINT64_FORMAT
                       " is not possible with its strides and dilations",
                       w->kernel[i], size);
  int64_t full = (size - 1) * w->stride[i] + (w->kernel[i] - 1) * w->dilation[i] + 1 + extra;
  if (wanted >= 0) {
    int64_t total = MAX(full - wanted, 0);
    w->before[i] = upper ? total / 2 : total - total / 2;
    w->after[i] = total - w->before[i];
    full = wanted + total;
  }
  w->out[i] = size;
  w->in[i] = full - w->before[i] - w->after[i];
  return w->in[i] >= 1 || input_error(error, "its result would have no pixels");
}

static bool read_window(const Node *node, const Shape *x, const int64_t *kernel, Window *w, GError **error) {
  int spatial = x->rank - 2, first = SPACE - spatial, n_wanted;
  int64_t extra[SPACE] = {0};
  const int64_t *wanted = node_ints(node, "output_shape", &n_wanted);
  WindowPadding padding;
  if (!window_steps(w, node, spatial, kernel, &padding, error) ||
      !window_sizes(node, "output_padding", spatial, 0, extra, error))
    return false;
  /* Some exporters name the batch and the channels too. */
  if (n_wanted == spatial + 2)
    wanted += 2;
  else if (n_wanted != 0 && n_wanted != spatial)
    return input_error(error, "its attribute output_shape has %d numbers; %d belong to its input", n_wanted,
                       spatial);
  bool same = padding == PADDING_SAME_UPPER || padding == PADDING_SAME_LOWER;
  for (int i = 0; i < SPACE; i++) {
    int axis = i - first;
    w->out[i] = w->in[i] = 1;
    if (axis < 0)
      continue;
    int64_t size = x->dim[2 + axis], goal = -1;
    if (n_wanted)
      goal = wanted[axis];
    else if (same && size >= 0 && size <= SIZE_LIMIT)
      goal = size * w->stride[i];
    if (n_wanted && (goal < 1 || goal > SIZE_LIMIT))
      return input_error(error, "its attribute output_shape holds %" G_GINT64_FORMAT, goal);
    if (!read_axis(w, i, size, extra[axis], goal, padding == PADDING_SAME_UPPER, error))
      return false;
  }
  return true;
}

static bool read_shape(const Node *node, const Tensor *const *x, ConvShape *shape, GError **error) {
  const Shape *input = &x[0]->shape, *weights = &x[1]->shape;
  *shape = (ConvShape){.groups = node_int(node, "group", 1), .order = x[0]->order};
  if (input->rank < 3 || input->rank > 5 || weights->rank != input->rank)
    return input_error(error, "its input has rank %d and its weights rank %d; both must have 3, 4 or 5 axes",
                       input->rank, weights->rank);
  shape->batch = input->dim[0];
  shape->outputs = input->dim[1];
  if (shape->groups < 1 || shape->groups > shape->outputs || weights->dim[1] < 1 ||
      weights->dim[0] != shape->outputs || shape->outputs % shape->groups != 0 ||
      weights->dim[1] > OP_COUNT_LIMIT / shape->groups) {
    g_autofree char *input_text = shape_text(input), *weights_text = shape_text(weights);
    return input_error(error, "input %s, weights %s and group %" G_GINT64_FORMAT " do not go together",
                       input_text, weights_text, shape->groups);
  }
  shape->inputs = weights->dim[1] * shape->groups;
  return read_window(node, input, weights->dim + 2, &shape->window, error);
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  ConvShape shape;
  if (!check_one_output(n_outputs, error) || !check_type(x[0], TENSOR_FLOAT32, "the input", error) ||
      !check_type(x[1], TENSOR_FLOAT32, "the weights", error) || !read_shape(node, x, &shape, error))
    return false;
  if (n_inputs > 2 && x[2] &&
      (x[2]->type != TENSOR_FLOAT32 || x[2]->shape.rank != 1 || x[2]->shape.dim[0] != shape.inputs))
    return input_error(error, "its bias must be %" G_GINT64_FORMAT " float32 numbers", shape.inputs);
  Shape output = {.rank = x[0]->shape.rank, .dim = {shape.batch, shape.inputs}};
  memcpy(output.dim + 2, shape.window.in + SPACE - (output.rank - 2),
         sizeof(int64_t) * (size_t)(output.rank - 2));
  return output_set(y[0], TENSOR_FLOAT32, &output, error);
}

static void *prepare(const Node *node, int n_inputs, const Tensor *const *x, Tensor *const *y) {
  ConvShape shape; /* of the convolution from y to x */
  read_shape(node, x, &shape, NULL);
  return packed_conv_new(&shape, x[1]);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return (wanted & 1 ? KEEP_INPUT(1) : 0) | (wanted & 2 ? KEEP_INPUT(0) : 0);
}

static void bias_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  Planes planes = tensor_planes(call->y[0]);
  int64_t channels = call->y[0]->shape.dim[1], lanes = planes.lanes;
  for (int64_t plane = from; plane < to; plane++) {
    const float *bias = tensor_floats(call->x[2]) + plane % (channels / lanes);
    float *y = tensor_floats(call->y[0]) + plane * planes.pixels * lanes;
    for (int64_t p = 0; p < planes.pixels; p++, y += lanes)
      for (int64_t c = 0; c < lanes; c++)
        y[c] += bias[c];
  }
}

static void forward(const OpCall *call) {
  const PackedConv *prepared = call->prepared;
  const Tensor *x[] = {NULL, call->x[1]};
  OpCall convolution = *call;
  convolution.n_inputs = 2;
  convolution.x = x;
  convolution.dy = call->x;
  convolution.dx = call->y;
  convolution.accumulate = false;
  prepared->kernel->backward(&convolution, &prepared->shape, prepared->packed);
  if (call->n_inputs > 2 && call->x[2] && tensor_count(call->y[0]) > 0) {
    Planes planes = tensor_planes(call->y[0]);
    call_ranges(call, planes.planes, MAX(1, RANGE_ELEMENTS / (planes.pixels * planes.lanes)), bias_range,
                NULL);
  }
}

/* All of one channel. */
static void bias_gradient(const OpCall *call, const void *data, int64_t channel, int64_t end, int worker) {
  const Tensor *dy = call->dy[0];
  int64_t strides[TENSOR_MAX_RANK], pixels = shape_product(&dy->shape, 2, dy->shape.rank);
  memory_strides(dy, strides);
  double sum = 0;
  for (int64_t n = 0; n < dy->shape.dim[0]; n++)
    for (int64_t p = 0; p < pixels; p++)
      sum += tensor_floats(dy)[n * strides[0] + channel * strides[1] + p * strides[dy->shape.rank - 1]];
  tensor_floats(call->dx[2])[channel] = (float)sum;
}

static void backward(const OpCall *call) {
  const PackedConv *prepared = call->prepared;
  const Tensor *x[] = {call->dy[0], call->x[1]};
  OpCall convolution = *call;
  convolution.n_inputs = 2;
  convolution.x = x;
  convolution.y = call->dx;
  convolution.dy = call->x;
  convolution.saved = NULL;
  if (call->dx[0])
    prepared->kernel->forward(&convolution, &prepared->shape, prepared->packed);
  if (call->dx[1])
    conv_weight_gradient(&convolution, &prepared->shape);
  if (call->n_inputs > 2 && call->dx[2])
    call_ranges(call, prepared->shape.inputs, 1, bias_gradient, NULL);
}

const Op op_conv_transpose = {.name = "ConvTranspose",
                              .min_inputs = 2,
                              .max_inputs = 3,
                              .layout = LAYOUT_PREFERS,
                              .layout_inputs = 1,
                              .infer = infer,
                              .prepare = prepare,
                              .release = packed_conv_free,
                              .scratch = packed_conv_scratch,
                              .keeps = keeps,
                              .forward = forward,
                              .backward = backward};
