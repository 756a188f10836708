/* BatchNormalization as a frozen network has it: with the stored mean and variance it is an affine map of
 * each channel.
 *
 *     y = a_c x + b_c,  a_c = scale_c / sqrt(variance_c + epsilon),  b_c = shift_c - a_c mean_c        dx =
 * a_c dy */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <math.h>

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  if (x[0]->shape.rank < 2)
    return input_error(error, "its input has rank %d; at least 2 are needed", x[0]->shape.rank);
  for (int k = 1; k < 5; k++)
    if (x[k]->type != TENSOR_FLOAT32 || x[k]->shape.rank != 1 || x[k]->shape.dim[0] != x[0]->shape.dim[1])
      return input_error(error, "input %d must be %" G_GINT64_FORMAT " float32 numbers, one a channel", k + 1,
                         x[0]->shape.dim[1]);
  if (node_int(node, "training_mode", 0) != 0)
    return input_error(error, "it is in training mode; export the model in evaluation mode");
  return infer_same_float(node, n_inputs, x, n_outputs, y, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted & 1 ? KEEP_INPUT(1) | KEEP_INPUT(4) : 0;
}

static float slope(const OpCall *call, int64_t channel) {
  float epsilon = node_float(call->node, "epsilon", 1e-5f);
  return tensor_floats(call->x[1])[channel] / sqrtf(tensor_floats(call->x[4])[channel] + epsilon);
}

/* One worker's slopes, for all channels. */
static size_t scratch(const OpCall *call) {
  return sizeof(float) * (size_t)call->x[0]->shape.dim[1] * 2;
}

/* to = slope from + shift for planes first..end-1; shift NULL: none. */
static void affine(const OpCall *call, const Planes *planes, const float *from, float *to, const float *a,
                   const float *b, int64_t first, int64_t end) {
  int64_t channels = call->x[0]->shape.dim[1], lanes = planes->lanes;
  for (int64_t plane = first; plane < end; plane++) {
    int64_t c = plane % (channels / lanes);
    for (int64_t p = 0; p < planes->pixels; p++) {
      int64_t at = (plane * planes->pixels + p) * lanes;
      for (int64_t i = 0; i < lanes; i++)
        to[at + i] = a[c + i] * from[at + i] + (b ? b[c + i] : 0);
    }
  }
}

static void forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  int64_t channels = call->x[0]->shape.dim[1];
  float *a = call_scratch(call, worker), *b = a + channels;
  for (int64_t c = 0; c < channels; c++) {
    a[c] = slope(call, c);
    b[c] = tensor_floats(call->x[2])[c] - a[c] * tensor_floats(call->x[3])[c];
  }
  affine(call, data, tensor_floats(call->x[0]), tensor_floats(call->y[0]), a, b, from, to);
}

static void backward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  int64_t channels = call->x[0]->shape.dim[1];
  float *a = call_scratch(call, worker);
  for (int64_t c = 0; c < channels; c++)
    a[c] = slope(call, c);
  affine(call, data, tensor_floats(call->dy[0]), tensor_floats(call->dx[0]), a, NULL, from, to);
}

static void run(const OpCall *call, RangeRun range) {
  if (tensor_count(call->x[0]) == 0)
    return;
  Planes planes = tensor_planes(call->x[0]);
  call_ranges(call, planes.planes, MAX(1, 4 * RANGE_ELEMENTS / (planes.pixels * planes.lanes)), range,
              &planes);
}

static void forward(const OpCall *call) {
  run(call, forward_range);
}

static void backward(const OpCall *call) {
  if (call->dx[0])
    run(call, backward_range);
}

const Op op_batch_normalization = {.name = "BatchNormalization",
                                   .min_inputs = 5,
                                   .max_inputs = 5,
                                   .layout = LAYOUT_FOLLOWS,
                                   .layout_inputs = 1,
                                   .no_gradient = ~1u,
                                   .infer = infer,
                                   .keeps = keeps,
                                   .scratch = scratch,
                                   .forward = forward,
                                   .backward = backward};
