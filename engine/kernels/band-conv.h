/* A convolution band by band: what the kernels that work on bands share.  A kernel gives the packing of its
 * weights and the loops over one phase of a band; here are the pieces, the phases, the bias and the
 * activation. */
#pragma once

#include "engine/kernels/band.h"
#include "engine/kernels/vectors.h"

/* One phase of rows and columns in a band. */
typedef struct {
  DirectTile
      tile; /* at the first pixel, all channels; taps of neighbours joined where `runs` was asked for */
  int64_t rows, pixels; /* pixels of a row; there may be none */
  int64_t x_row, y_row; /* floats from row to row */
  int64_t taps;         /* of the kernel, before they were joined */
} BandPhase;

/* Computes a phase.  Returns where the weights of the next one begin. */
typedef const float *(*BandRun)(const BandPhase *phase, const float *weights);

/* Channels rounded up to whole vectors of any processor. */
static inline int64_t band_channels(int64_t channels) {
  return (channels + 15) & ~(int64_t)15;
}
size_t band_scratch(const ConvShape *shape);
/* call->x[0], x[2] -> call->y[0]; `weights` are packed for forward, phase by phase. */
void band_forward(const OpCall *call, const ConvShape *shape, const float *weights, bool runs, BandRun run);
/* call->dy[0] -> call->dx[0]; `weights` are packed for backward. */
void band_backward(const OpCall *call, const ConvShape *shape, const float *weights, bool runs, BandRun run);
