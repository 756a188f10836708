/* Inner loops written once and compiled for several processors.
 *
 * vectors-body.h holds the loops with vectors of LANES floats; vectors-plain.c, vectors-avx2.c and
 * vectors-avx512.c compile it, each for its processor.  vectors() is the set for this one: always the same on
 * the same machine. */
#pragma once

#include "engine/op.h"

/* Output of a direct convolution for a few neighbouring pixels and a block of channels:
 *
 *     y[i][c] = bias[c] + sum over taps t and k < depth of x[i * x_step + offsets[t] + k] weights[t][k][c]
 *
 * for i < pixels and c < channels.  `weights` have `channels` rounded up to whole vectors. */
typedef struct {
  const float *x, *weights;
  const float *bias; /* as many as weights are wide; NULL: none */
  int64_t x_step;
  const int64_t *offsets;
  int64_t taps, depth;
  float *y;
  int64_t y_step;
  int channels;
  bool add;                     /* to what y holds */
  const Activation *activation; /* NULL: none */
  uint8_t *bits;                /* of channel 0 of pixel 0, at a whole byte; NULL: none */
  int64_t bits_step;            /* bytes between pixels */
} DirectTile;

/* A depthwise convolution uses the same rows with one input channel for each output channel, all channels at
 * once:
 *
 *     y[i][c] = bias[c] + sum over taps t of x[i * x_step + offsets[t] + c] weights[t * depth + c]
 *
 * where `depth` is the channels rounded up to a multiple of 8. */

#define DIRECT_VECTORS 3  /* most vectors of channels in a tile */
#define DIRECT_PIXELS  12 /* most pixels in a tile */

/* Smooth activations: kernels/gate-body.h. */
typedef enum { GATE_GELU, GATE_GELU_TANH, GATE_SWISH } GateKind;

typedef struct {
  const char *name;
  int lanes; /* floats in a vector */
  void (*relu)(float *y, int64_t n, uint8_t *bits);
  void (*clip)(float *y, int64_t n, float low, float high, uint8_t *bits);
  /* dx[i] = bit i ? dy[i] : 0 */
  void (*mask)(float *dx, const float *dy, int64_t n, const uint8_t *bits);
  /* Most pixels of a tile of v vectors, at [v - 1]; 0: there are no tiles. */
  int direct_pixels[DIRECT_VECTORS];
  /* Computes `pixels` pixels of v vectors: [v - 1][pixels - 1]. */
  void (*direct[DIRECT_VECTORS][DIRECT_PIXELS])(const DirectTile *tile);
  void (*depthwise)(const DirectTile *tile, int64_t pixels);
  /* The largest of n floats times `sign`, which is 1 or -1; -infinity for none.  A number that is none wins.
   */
  float (*most)(const float *x, int64_t n, float sign);
  /* y[i] = exp(x[i] - shift), where no x[i] is above `shift`; returns their sum.  y may be x, or NULL: the
   * sum only.  Results below the smallest normal float are 0. */
  double (*exponentials)(const float *x, float *y, int64_t n, float shift);
  /* y[i] = g(x[i]), or with dy: y[i] = dy[i] g'(x[i]).  y may be x or dy. */
  void (*gate)(GateKind kind, float alpha, const float *x, const float *dy, float *y, int64_t n);
} Vectors;

extern const Vectors vectors_plain, vectors_avx2, vectors_avx512;

/* The widest set that this processor can run. */
const Vectors *vectors(void);
