#include "engine/activation.h"

#include <math.h>

/* Eight at a time, so that a byte of bits is written at once. */
static void relu(float *y, int64_t n, uint8_t *bits) {
  for (int64_t i = 0; i < n; i += 8) {
    int64_t m = MIN(n - i, 8);
    unsigned byte = 0;
    for (int64_t j = 0; j < m; j++) {
      bool passes = !(y[i + j] <= 0);
      byte |= (unsigned)passes << j;
      y[i + j] = passes ? y[i + j] : 0;
    }
    if (bits)
      bits[i / 8] = (uint8_t)byte;
  }
}

static void clip(float *y, int64_t n, float low, float high, uint8_t *bits) {
  for (int64_t i = 0; i < n; i += 8) {
    int64_t m = MIN(n - i, 8);
    unsigned byte = 0;
    for (int64_t j = 0; j < m; j++) {
      float z = y[i + j];
      byte |= (unsigned)(z >= low && z <= high) << j;
      z = z < low ? low : z;
      y[i + j] = z > high ? high : z;
    }
    if (bits)
      bits[i / 8] = (uint8_t)byte;
  }
}

void activation_forward(float *y, int64_t n, const Activation *activation, uint8_t *bits) {
  if (activation->kind == ACTIVATION_RELU)
    relu(y, n, bits);
  else if (activation->kind == ACTIVATION_CLIP)
    clip(y, n, activation->low, activation->high, bits);
}

void activation_backward(float *dx, const float *dy, int64_t n, const uint8_t *bits) {
  for (int64_t i = 0; i < n; i += 8) {
    int64_t m = MIN(n - i, 8);
    unsigned byte = bits[i / 8];
    for (int64_t j = 0; j < m; j++)
      dx[i + j] = byte >> j & 1 ? dy[i + j] : 0;
  }
}
