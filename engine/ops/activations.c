/* Relu and Clip.  They keep one bit an element for the way back; whole numbers have none. */
#include "engine/activation.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <math.h>
#include <string.h>

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
    if (x[k] && !check_type(x[k], x[0]->type, "a bound", error))
      return false;
    if (x[k] && shape_count(&x[k]->shape) != 1)
      return input_error(error, "a bound must be one number");
  }
  return infer_same_number(node, n_inputs, x, n_outputs, y, error);
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

typedef struct {
  int64_t low, high;
} Bounds;

static Bounds bounds_of(const OpCall *call) {
  Bounds bounds = {G_MININT64, G_MAXINT64};
  if (call->node->op == &op_relu)
    bounds.low = 0;
  if (call->n_inputs > 1 && call->x[1])
    bounds.low = *tensor_ints(call->x[1]);
  if (call->n_inputs > 2 && call->x[2])
    bounds.high = *tensor_ints(call->x[2]);
  return bounds;
}

static void whole_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Bounds *bounds = data;
  for (int64_t i = from; i < to; i++)
    tensor_ints(call->y[0])[i] = MIN(MAX(tensor_ints(call->x[0])[i], bounds->low), bounds->high);
}

static void bits_forward(const OpCall *call) {
  if (call->x[0]->type == TENSOR_INT64) {
    Bounds bounds = bounds_of(call);
    call_ranges(call, tensor_count(call->y[0]), RANGE_ELEMENTS, whole_range, &bounds);
    return;
  }
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
                    .infer = infer_same_number,
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
