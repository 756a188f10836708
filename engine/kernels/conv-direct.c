/* Conv without im2col, channels-last, one group: the input (or the masked gradient) of a band of rows is
 * copied once into a scratch image with its padding around it, so that the inner loop has no case to tell
 * apart; tiles of a few pixels by a few vectors of channels then run over taps and input channels with all
 * their sums in registers.
 *
 * Taps that read neighbouring pixels are one run of memory and count as one tap of greater depth.  Backward
 * runs the same tiles over the phases of walk.h with the weights packed a second time. */
#include "engine/activation.h"
#include "engine/kernels/band.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/vectors.h"
#include "engine/ops/support.h"

#include <string.h>

/* Weights of a phase up to this size stay in the first-level cache while all of its pixels run by; then the
 * channels of a pixel are written one after the other. */
#define NEAR_BYTES (24 * 1024)

static int64_t aligned(int64_t floats) {
  return (floats + 15) & ~(int64_t)15;
}

static bool fits(const ConvShape *shape) {
  return shape->order == ORDER_CHANNELS_LAST && shape->groups == 1 && vectors()->direct_pixels[0] > 0 &&
         direction_fits(shape);
}

/* Vectors of output channels. */
static int vectors_of(const Direction *d) {
  int lanes = vectors()->lanes;
  return (int)((d->to_channels + lanes - 1) / lanes);
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
  return (size_t)(taps * d->from_channels * vectors_of(d) * vectors()->lanes);
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
      for (int v = 0, n; v < vectors_of(&d); v += n) {
        const WalkPhase *row = &d.rows.phase[r], *column = &d.columns.phase[c];
        n = block_vectors(vectors_of(&d) - v);
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

/* The bias comes first, then the band. */
static size_t scratch(const ConvShape *shape) {
  Direction forward, backward;
  direction_init(&forward, shape, false);
  direction_init(&backward, shape, true);
  int64_t bias = aligned(vectors_of(&forward) * vectors()->lanes);
  return sizeof(float) * (size_t)(bias + MAX(band_floats(&forward), band_floats(&backward)));
}

/* One phase of rows and columns in a band. */
typedef struct {
  DirectTile tile;      /* what is the same for all tiles; y, bias and bits at the first pixel and channel */
  int64_t rows, pixels; /* pixels of a row */
  int64_t x_row, y_row; /* floats from row to row */
  int64_t depth;        /* of all taps */
  int vectors;
} Phase;

/* Pixels from..to-1 of a row for the block of `count` vectors that begins at vector v. */
static void one_tile(const Phase *phase, int64_t row, int64_t from, int64_t to, int v, int count) {
  const Vectors *set = vectors();
  DirectTile tile = phase->tile;
  int64_t channel = v * set->lanes, y = row * phase->y_row + from * tile.y_step + channel;
  tile.x += row * phase->x_row + from * tile.x_step;
  tile.y += y;
  tile.weights += channel * phase->depth;
  tile.bias = tile.bias ? tile.bias + channel : NULL;
  tile.bits = tile.bits ? tile.bits + y / 8 : NULL;
  tile.channels = (int)MIN(tile.channels - channel, count * set->lanes);
  set->direct[count - 1][to - from - 1](&tile);
}

/* All tiles: pixels outside and channels inside, or the other way round, in tiles of about equal size. */
static void run_tiles(const Phase *phase, int first_vector, int end_vector) {
  int widest = block_vectors(end_vector - first_vector);
  int64_t most = vectors()->direct_pixels[widest - 1], tiles = (phase->pixels + most - 1) / most;
  for (int64_t row = 0; row < phase->rows; row++)
    for (int64_t i = 0; i < tiles; i++)
      for (int v = first_vector, count; v < end_vector; v += count) {
        count = block_vectors(end_vector - v);
        one_tile(phase, row, phase->pixels * i / tiles, phase->pixels * (i + 1) / tiles, v, count);
      }
}

static void run_phase(const Phase *phase) {
  if (phase->depth * phase->vectors * vectors()->lanes * (int64_t)sizeof(float) <= NEAR_BYTES) {
    run_tiles(phase, 0, phase->vectors);
    return;
  }
  for (int v = 0, count; v < phase->vectors; v += count) {
    count = block_vectors(phase->vectors - v);
    run_tiles(phase, v, v + count);
  }
}

/* One band of one image in one direction. */
static void run_band(const Direction *d, const float *x, const uint8_t *x_bits, const float *weights,
                     int64_t first, float *memory, const DirectTile *tile) {
  int64_t n = MIN(d->band, d->rows.phase[0].n - first), offsets[WALK_TAPS * WALK_TAPS];
  Band band = band_make(d, x, x_bits, first, n, memory);
  for (int r = 0; r < d->rows.phases; r++)
    for (int c = 0; c < d->columns.phases; c++) {
      const WalkPhase *row = &d->rows.phase[r], *column = &d->columns.phase[c];
      int64_t at = ((first * d->rows.to_step + r) * d->columns.to + c) * d->to_channels;
      Phase phase = {.tile = *tile,
                     .rows = MIN(n, row->n - first),
                     .pixels = column->n,
                     .x_row = band.row_floats * d->rows.from_step,
                     .y_row = d->columns.to * d->to_channels * d->rows.to_step,
                     .depth = row->count * column->count * d->from_channels,
                     .vectors = vectors_of(d)};
      phase.tile.x = band.data;
      phase.tile.x_step = d->columns.from_step * d->from_channels;
      phase.tile.offsets = offsets;
      phase.tile.taps = band_offsets(d, row, column, &band, true, offsets);
      phase.tile.depth = phase.tile.taps ? phase.depth / phase.tile.taps : 0;
      phase.tile.weights = weights;
      phase.tile.y += at;
      phase.tile.y_step = d->columns.to_step * d->to_channels;
      phase.tile.channels = (int)d->to_channels;
      phase.tile.bits = tile->bits ? tile->bits + at / 8 : NULL;
      phase.tile.bits_step = d->to_channels / 8;
      /* Rows that follow each other without a gap on both sides are one long row. */
      if (phase.x_row == phase.pixels * phase.tile.x_step &&
          phase.y_row == phase.pixels * phase.tile.y_step) {
        phase.pixels *= MAX(phase.rows, 0);
        phase.rows = MIN(phase.rows, 1);
      }
      run_phase(&phase);
      weights += phase.depth * phase.vectors * vectors()->lanes;
    }
}

typedef struct {
  const ConvShape *shape;
  const float *packed;
  Direction direction;
} Work;

static const float *padded_bias(const OpCall *call, const Direction *d, float *to) {
  if (call->n_inputs < 3 || !call->x[2])
    return NULL;
  memset(to, 0, sizeof(float) * (size_t)(vectors_of(d) * vectors()->lanes));
  memcpy(to, call->x[2]->data, sizeof(float) * (size_t)d->to_channels);
  return to;
}

static void forward_band(const OpCall *call, const void *data, int64_t piece, int64_t end, int worker) {
  const Work *work = data;
  const ConvShape *shape = work->shape;
  const Direction *d = &work->direction;
  int64_t image = piece / d->bands, first = piece % d->bands * d->band, plane = conv_plane(shape);
  float *memory = call_scratch(call, worker);
  const Activation *activation = &call->node->activation;
  uint8_t *bits = call->saved ? (uint8_t *)call->saved + image * activation_bytes(plane) : NULL;
  /* The tiles save bits by the byte: eight channels. */
  bool by_tile = shape->outputs % 8 == 0;
  DirectTile tile = {.bias = padded_bias(call, d, memory),
                     .y = tensor_floats(call->y[0]) + image * plane,
                     .activation = by_tile ? activation : NULL,
                     .bits = by_tile ? bits : NULL};
  const float *x = tensor_floats(call->x[0]) + image * shape->inputs * space_count(shape->window.in);
  run_band(d, x, NULL, work->packed, first, memory + aligned(vectors_of(d) * vectors()->lanes), &tile);
  int64_t row = shape->window.out[WIDTH] * shape->outputs, from = first * row;
  if (!by_tile)
    activation_forward(tile.y + from, MIN(d->band * row, plane - from), activation,
                       bits ? bits + from / 8 : NULL);
}

static void forward(const OpCall *call, const ConvShape *shape, const float *weights) {
  Work work = {.shape = shape, .packed = weights};
  direction_init(&work.direction, shape, false);
  call_ranges(call, shape->batch * work.direction.bands, 1, forward_band, &work);
}

static void backward_band(const OpCall *call, const void *data, int64_t piece, int64_t end, int worker) {
  const Work *work = data;
  const ConvShape *shape = work->shape;
  const Direction *d = &work->direction;
  int64_t image = piece / d->bands, first = piece % d->bands * d->band, plane = conv_plane(shape);
  bool masked = call->node->activation.kind != ACTIVATION_NONE;
  const uint8_t *bits = masked ? (const uint8_t *)call->saved + image * activation_bytes(plane) : NULL;
  DirectTile tile = {.y = tensor_floats(call->dx[0]) + image * shape->inputs * space_count(shape->window.in),
                     .add = call->accumulate};
  run_band(d, tensor_floats(call->dy[0]) + image * plane, bits, work->packed, first,
           call_scratch(call, worker), &tile);
}

static void backward(const OpCall *call, const ConvShape *shape, const float *weights) {
  Work work = {.shape = shape};
  direction_init(&work.direction, shape, false);
  work.packed = weights + direction_floats(&work.direction);
  direction_init(&work.direction, shape, true);
  call_ranges(call, shape->batch * work.direction.bands, 1, backward_band, &work);
}

const Kernel conv_direct = {.op = "Conv",
                            .name = "direct",
                            .fits = fits,
                            .packed = packed,
                            .prepare = prepare,
                            .scratch = scratch,
                            .forward = forward,
                            .backward = backward};
