/* Activations that are fused into the op in front of them, and the bits that they leave for the way back.
 *
 *     relu:  y = max(z, 0)                 dz = dy where z > 0
 *     clip:  y = min(max(z, low), high)    dz = dy where low <= z <= high
 *
 * One bit an element says where the gradient passes, so backward needs neither z nor y.  Bit i of the run
 * stands in byte i / 8 at position i % 8.  Derivatives at the kinks are PyTorch's. */
#pragma once

#include "engine/op.h"

/* Bytes for the bits of n elements. */
static inline int64_t activation_bytes(int64_t n) {
  return (n + 7) / 8;
}

/* Replaces the n numbers at y by their activation, and writes the bits unless `bits` is NULL. */
void activation_forward(float *y, int64_t n, const Activation *activation, uint8_t *bits);
/* dx[i] = dy[i] where bit i is set, else 0.  dx may be dy. */
void activation_backward(float *dx, const float *dy, int64_t n, const uint8_t *bits);
