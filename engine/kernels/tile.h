/* The innermost loop of the direct convolution: a tile of pixels times a block of output channels, all of it in vector
 * registers.  One row for each processor feature; the first that the processor has is taken. */
#pragma once

#include <stdint.h>

#define TILE_MOST_PIXELS 8
#define TILE_MOST_VECTORS 3
#define TILE_MOST_WIDTH 16

/* out[pixel][channel] = sum over runs t and i < length of pixels[pixel][runs[t] + i] * weights[(t * length + i)][channel],
 * with as many pixels as the tile has and vectors * width channels. */
typedef void (*TileFunction)(const float *const *pixels, int n_runs, const int64_t *runs, int64_t length, const float *weights,
                             float *out);

typedef struct {
  const char *name;
  int width; /* floats a vector */
  struct {
    int pixels;
    TileFunction run;
  } block[TILE_MOST_VECTORS + 1]; /* by vectors a block */
} Tile;

/* NULL when the processor has none of them: other kernels serve it. */
const Tile *tile_find(void);
/* Vectors of the next block when `left` are left: three where possible, but never one after four. */
static inline int tile_block(int64_t left) {
  return left == 4 ? 2 : left > TILE_MOST_VECTORS ? TILE_MOST_VECTORS : (int)left;
}
