/* Conv without im2col, channels-last, one group: the input (or the masked gradient) of a band of rows is
 * copied once into a scratch image with its padding around it, so that the inner loop has no case to tell
 * apart; tiles of a few pixels by a few vectors of channels then run over taps and input channels with all
 * their sums in registers.
 *
 * Taps that read neighbouring pixels are one run of memory and count as one tap of greater depth.  Backward
 * runs the same tiles over the phases of walk.h with the weights packed a second time. */
#include "engine/kernels/band-conv.h"
#include "engine/kernels/kernels.h"

/* Weights of a phase up to this size stay in the first-level cache while all of its pixels run by; then the
 * channels of a pixel are written one after the other. */
#define NEAR_BYTES (24 * 1024)

static bool fits(const ConvShape *shape) {
  return shape->order == ORDER_CHANNELS_LAST && shape->groups == 1 && vectors()->direct_pixels[0] > 0 &&
         direction_fits(shape);
}

static int vectors_of(int64_t channels) {
  int lanes = vectors()->lanes;
  return (int)((channels + lanes - 1) / lanes);
}

/* The vectors of the next block of channels when `left` are left: threes, and twos rather than a one at the
 * end. */
static int block_vectors(int left) {
  return left == 4 ? 2 : MIN(left, DIRECT_VECTORS);
}

/* Weights of all phases: for each phase of rows, of columns, each block: [row tap][column tap][from][lane].
 */
static size_t direction_floats(const Direction *d) {
  int64_t taps = 0;
  for (int r = 0; r < d->rows.phases; r++)
    for (int c = 0; c < d->columns.phases; c++)
      taps += d->rows.phase[r].count * d->columns.phase[c].count;
  return (size_t)(taps * d->from_channels * vectors_of(d->to_channels) * vectors()->lanes);
}

static size_t packed(const ConvShape *shape) {
  Direction forward, backward;
  direction_init(&forward, shape, false);
  direction_init(&backward, shape, true);
  return direction_floats(&forward) + direction_floats(&backward);
}

/* One tap of a block: all input channels by `width` output channels from `first` on. */
static float *pack_tap(const ConvShape *shape, const Direction *d, const float *w, bool backward, int64_t tap,
                       int64_t first, int64_t width, float *to) {
  int64_t taps = space_count(shape->window.kernel);
  for (int64_t k = 0; k < d->from_channels; k++)
    for (int64_t c = first; c < first + width; c++) {
      int64_t o = backward ? k : c, i = backward ? c : k;
      *to++ = c < d->to_channels ? w[(o * shape->inputs + i) * taps + tap] : 0;
    }
  return to;
}

static float *pack(const ConvShape *shape, const float *w, bool backward, float *to) {
  Direction d;
  direction_init(&d, shape, backward);
  int lanes = vectors()->lanes;
  for (int r = 0; r < d.rows.phases; r++)
    for (int c = 0; c < d.columns.phases; c++)
      for (int v = 0, n; v < vectors_of(d.to_channels); v += n) {
        const WalkPhase *row = &d.rows.phase[r], *column = &d.columns.phase[c];
        n = block_vectors(vectors_of(d.to_channels) - v);
        for (int i = 0; i < row->count; i++)
          for (int j = 0; j < column->count; j++)
            to = pack_tap(shape, &d, w, backward, row->tap[i] * shape->window.kernel[WIDTH] + column->tap[j],
                          v * lanes, n * lanes, to);
      }
  return to;
}

static void prepare(const ConvShape *shape, const float *w, float *to) {
  pack(shape, w, true, pack(shape, w, false, to));
}

/* Pixels from..to-1 of a row for the block of `count` vectors that begins at vector v. */
static void run_tile(const BandPhase *phase, int64_t row, int64_t from, int64_t to, int v, int count) {
  const Vectors *set = vectors();
  DirectTile tile = phase->tile;
  int64_t channel = v * set->lanes, y = row * phase->y_row + from * tile.y_step + channel;
  tile.x += row * phase->x_row + from * tile.x_step;
  tile.y += y;
  tile.weights += channel * tile.taps * tile.depth;
  tile.bias = tile.bias ? tile.bias + channel : NULL;
  tile.bits = tile.bits ? tile.bits + y / 8 : NULL;
  tile.channels = (int)MIN(tile.channels - channel, count * set->lanes);
  set->direct[count - 1][to - from - 1](&tile);
}

/* All pixels in tiles of about equal size, and for each the blocks of vectors first..end-1. */
static void run_blocks(const BandPhase *phase, int first, int end) {
  int64_t most = vectors()->direct_pixels[block_vectors(end - first) - 1],
          tiles = (phase->pixels + most - 1) / most;
  for (int64_t row = 0; row < phase->rows; row++)
    for (int64_t i = 0; i < tiles; i++)
      for (int v = first, count; v < end; v += count) {
        count = block_vectors(end - v);
        run_tile(phase, row, phase->pixels * i / tiles, phase->pixels * (i + 1) / tiles, v, count);
      }
}

static const float *run_phase(const BandPhase *phase, const float *weights) {
  BandPhase here = *phase;
  int all = vectors_of(phase->tile.channels);
  int64_t floats = phase->tile.taps * phase->tile.depth * all * vectors()->lanes;
  here.tile.weights = weights;
  if (floats * (int64_t)sizeof(float) <= NEAR_BYTES)
    run_blocks(&here, 0, all);
  else
    for (int v = 0, count; v < all; v += count) {
      count = block_vectors(all - v);
      run_blocks(&here, v, v + count);
    }
  return weights + floats;
}

static void forward(const OpCall *call, const ConvShape *shape, const float *weights) {
  band_forward(call, shape, weights, true, run_phase);
}

static void backward(const OpCall *call, const ConvShape *shape, const float *weights) {
  Direction d;
  direction_init(&d, shape, false);
  band_backward(call, shape, weights + direction_floats(&d), true, run_phase);
}

const Kernel conv_direct = {.op = "Conv",
                            .name = "direct",
                            .fits = fits,
                            .packed = packed,
                            .prepare = prepare,
                            .scratch = band_scratch,
                            .forward = forward,
                            .backward = backward};
