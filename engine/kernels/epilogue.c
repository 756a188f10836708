#include "engine/kernels/epilogue.h"

#include "engine/activation.h"

static void add_bias(float *y, const float *bias, int64_t pixels, int64_t channels) {
  for (int64_t p = 0; p < pixels; p++, y += channels)
    for (int64_t c = 0; c < channels; c++)
      y[c] += bias[c];
}

void epilogue_forward(const OpCall *call, const ConvShape *shape, int64_t image, int64_t from, int64_t to) {
  const float *bias = call->n_inputs > 2 && call->x[2] ? tensor_floats(call->x[2]) : NULL;
  const Activation *activation = &call->node->activation;
  int64_t plane = conv_plane(shape), bytes = activation_bytes(plane);
  bool last = shape->order == ORDER_CHANNELS_LAST;
  int64_t planes = last ? 1 : shape->outputs, width = last ? shape->outputs : 1, n = (to - from) * width;
  for (int64_t c = 0; c < planes; c++) {
    float *y = tensor_floats(call->y[0]) + (image * planes + c) * plane + from * width;
    uint8_t *bits =
        call->saved ? (uint8_t *)call->saved + (image * planes + c) * bytes + from * width / 8 : NULL;
    if (bias && last)
      add_bias(y, bias, to - from, width);
    else if (bias)
      for (int64_t i = 0; i < n; i++)
        y[i] += bias[c];
    activation_forward(y, n, activation, bits);
  }
}

const float *epilogue_backward(const OpCall *call, const ConvShape *shape, int64_t image, float *copy) {
  int64_t plane = conv_plane(shape), bytes = activation_bytes(plane),
          planes = conv_planes(shape) / shape->batch;
  const float *dy = tensor_floats(call->dy[0]) + image * planes * plane;
  if (call->node->activation.kind == ACTIVATION_NONE)
    return dy;
  for (int64_t c = 0; c < planes; c++)
    activation_backward(copy + c * plane, dy + c * plane, plane,
                        (const uint8_t *)call->saved + (image * planes + c) * bytes);
  return copy;
}
