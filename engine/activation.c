#include "engine/activation.h"

#include "engine/kernels/vectors.h"

void activation_forward(float *y, int64_t n, const Activation *activation, uint8_t *bits) {
  if (activation->kind == ACTIVATION_RELU)
    vectors()->relu(y, n, bits);
  else if (activation->kind == ACTIVATION_CLIP)
    vectors()->clip(y, n, activation->low, activation->high, bits);
}

void activation_backward(float *dx, const float *dy, int64_t n, const uint8_t *bits) {
  vectors()->mask(dx, dy, n, bits);
}
