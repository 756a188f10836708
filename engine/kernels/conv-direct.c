/* Conv without im2col, channels-last, one group: the input (or the masked gradient) of a band of rows is copied once into
 * a scratch image with its padding around it, so that the inner loop has no case to tell apart; tiles of a few pixels by
 * a few vectors of channels then run over taps and input channels with all their sums in registers.
 *
 * Taps that read neighbouring pixels are one run of memory and count as one tap of greater depth.  Backward runs the same
 * tiles over the phases of walk.h with the weights packed a second time. */
#include "engine/activation.h"
#include "engine/kernels/epilogue.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/vectors.h"
#include "engine/kernels/walk.h"
#include "engine/ops/support.h"

#include <string.h>

#define BAND_BYTES     (128 * 1024)      /* wanted for a band with its padding: it stays in the second-level cache */
#define MOST_ROW_BYTES (4 * 1024 * 1024) /* one row of output may need this much */

/* One direction of a convolution. */
typedef struct {
  Walk rows, columns;
  int64_t from_channels, to_channels;
  int64_t band_columns, row_floats; /* the scratch image: pixels and floats of a row */
  int64_t band, bands;              /* output rows (of phase 0) of a band, number of bands */
  int vectors;                      /* of output channels */
} Direction;

static int64_t aligned(int64_t floats) {
  return (floats + 15) & ~(int64_t)15;
}

/* Rows of the scratch image for n output rows of each phase. */
static int64_t band_rows(const Direction *d, int64_t n) {
  return d->rows.most < d->rows.least ? 0 : (n - 1) * d->rows.from_step + d->rows.most - d->rows.least + 1;
}

static void direction_init(Direction *d, const ConvShape *shape, bool backward) {
  void (*init)(Walk *, const Window *, int) = backward ? walk_backward : walk_forward;
  int lanes = vectors()->lanes;
  init(&d->rows, &shape->window, HEIGHT);
  init(&d->columns, &shape->window, WIDTH);
  d->from_channels = backward ? shape->outputs : shape->inputs;
  d->to_channels = backward ? shape->inputs : shape->outputs;
  const Walk *c = &d->columns;
  d->band_columns = c->most < c->least ? 0 : (c->phase[0].n - 1) * c->from_step + c->most - c->least + 1;
  d->row_floats = d->band_columns * d->from_channels;
  d->vectors = (int)((d->to_channels + lanes - 1) / lanes);
  int64_t n = d->rows.phase[0].n, most = n;
  while (most > 1 && band_rows(d, most) * d->row_floats * (int64_t)sizeof(float) > BAND_BYTES)
    most = (most + 1) / 2;
  /* A band of 8 rows begins at a whole byte of bits, whatever the other sizes. */
  if (d->to_channels % 8 != 0)
    most = (most + 7) / 8 * 8;
  d->bands = MAX(1, (n + most - 1) / most);
  d->band = most;
}

static bool fits(const ConvShape *shape) {
  const Window *w = &shape->window;
  Direction d;
  if (shape->order != ORDER_CHANNELS_LAST || shape->groups != 1 || vectors()->direct_pixels[0] == 0 ||
      w->kernel[DEPTH] != 1 || w->in[DEPTH] != 1 || w->out[DEPTH] != 1 || w->before[DEPTH] != 0 ||
      !walk_fits(w, HEIGHT) || !walk_fits(w, WIDTH))
    return false;
  for (int backward = 0; backward < 2; backward++) {
    direction_init(&d, shape, backward);
    if (band_rows(&d, 1) * d.row_floats * (int64_t)sizeof(float) > MOST_ROW_BYTES)
      return false;
  }
  return true;
}

/* The vectors of the next block of channels when `left` are left: threes, and twos rather than a one at the end. */
static int block_vectors(int left) {
  return left == 4 ? 2 : MIN(left, DIRECT_VECTORS);
}

/* Weights of all phases: for each phase of rows, of columns, each block: [row tap][column tap][from][lane]. */
static size_t direction_floats(const Direction *d) {
  int64_t taps = 0;
  for (int r = 0; r < d->rows.phases; r++)
    for (int c = 0; c < d->columns.phases; c++)
      taps += d->rows.phase[r].count * d->columns.phase[c].count;
  return (size_t)(taps * d->from_channels * d->vectors * vectors()->lanes);
}

static size_t packed(const ConvShape *shape) {
  Direction forward, backward;
  direction_init(&forward, shape, false);
  direction_init(&backward, shape, true);
  return direction_floats(&forward) + direction_floats(&backward);
}

/* One tap of a block: all input channels by `width` output channels from `first` on. */
static float *pack_tap(const ConvShape *shape, const Direction *d, const float *w, bool backward, int64_t tap, int64_t first,
                       int64_t width, float *to) {
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
      for (int v = 0, n; v < d.vectors; v += n) {
        const WalkPhase *row = &d.rows.phase[r], *column = &d.columns.phase[c];
        n = block_vectors(d.vectors - v);
        for (int i = 0; i < row->count; i++)
          for (int j = 0; j < column->count; j++)
            to = pack_tap(shape, &d, w, backward, row->tap[i] * shape->window.kernel[WIDTH] + column->tap[j], v * lanes,
                          n * lanes, to);
      }
  return to;
}

static void prepare(const ConvShape *shape, const float *w, float *to) {
  pack(shape, w, true, pack(shape, w, false, to));
}

static int64_t band_floats(const Direction *d) {
  return aligned(band_rows(d, MIN(d->band, d->rows.phase[0].n)) * d->row_floats);
}

/* The bias comes first, then the band. */
static size_t scratch(const ConvShape *shape) {
  Direction forward, backward;
  direction_init(&forward, shape, false);
  direction_init(&backward, shape, true);
  int64_t bias = aligned(forward.vectors * vectors()->lanes);
  return sizeof(float) * (size_t)(bias + MAX(band_floats(&forward), band_floats(&backward)));
}

/* to[i] = bit first + i ? from[i] : 0 */
static void mask_run(float *to, const float *from, int64_t n, const uint8_t *bits, int64_t first) {
  int64_t i = 0;
  for (; i < n && (first + i) % 8 != 0; i++)
    to[i] = bits[(first + i) / 8] >> (first + i) % 8 & 1 ? from[i] : 0;
  activation_backward(to + i, from + i, n - i, bits + (first + i) / 8);
}

/* Where the tiles read: row 0, column 0 of the band, and the floats from row to row. */
typedef struct {
  const float *data;
  int64_t row_floats;
} Band;

/* The band that begins at output row `first` of phase 0, n rows; copied to `to` unless it lies in x as it is.  bits: of a
 * fused activation, over x's elements; NULL: none. */
static Band make_band(const Direction *d, const float *x, const uint8_t *bits, int64_t first, int64_t n, float *to) {
  int64_t channels = d->from_channels, width = d->columns.from * channels;
  int64_t row = first * d->rows.from_step + d->rows.least, rows = band_rows(d, n), left = d->columns.least;
  if (!bits && row >= 0 && row + rows <= d->rows.from && left >= 0 && left + d->band_columns <= d->columns.from)
    return (Band){x + row * width + left * channels, width};
  int64_t begin = CLAMP(-left, 0, d->band_columns), end = CLAMP(d->columns.from - left, begin, d->band_columns);
  for (int64_t r = 0; r < rows; r++) {
    float *line = to + r * d->row_floats;
    if (row + r < 0 || row + r >= d->rows.from || end == begin) {
      memset(line, 0, sizeof(float) * (size_t)d->row_floats);
      continue;
    }
    int64_t at = (row + r) * width + (left + begin) * channels, count = (end - begin) * channels;
    memset(line, 0, sizeof(float) * (size_t)(begin * channels));
    if (bits)
      mask_run(line + begin * channels, x + at, count, bits, at);
    else
      memcpy(line + begin * channels, x + at, sizeof(float) * (size_t)count);
    memset(line + end * channels, 0, sizeof(float) * (size_t)((d->band_columns - end) * channels));
  }
  return (Band){to, d->row_floats};
}

/* A row of pixels in balanced tiles. */
static void row_of_tiles(DirectTile tile, int count, int64_t pixels) {
  const Vectors *set = vectors();
  int64_t most = set->direct_pixels[count - 1], tiles = (pixels + most - 1) / most;
  const float *x = tile.x;
  float *y = tile.y;
  uint8_t *bits = tile.bits;
  for (int64_t i = 0; i < tiles; i++) {
    int64_t from = pixels * i / tiles, n = pixels * (i + 1) / tiles - from;
    tile.x = x + from * tile.x_step;
    tile.y = y + from * tile.y_step;
    tile.bits = bits ? bits + from * tile.bits_step : NULL;
    set->direct[count - 1][n - 1](&tile);
  }
}

/* Offsets of the taps in the band, runs of neighbours as one; returns their number. */
static int64_t tap_offsets(const Direction *d, const WalkPhase *row, const WalkPhase *column, int64_t row_floats,
                           int64_t offsets[]) {
  int64_t n = 0, runs = column->count > 0 && walk_is_run(column) ? 1 : column->count;
  for (int i = 0; i < row->count; i++)
    for (int64_t j = 0; j < runs; j++)
      offsets[n++] = (row->offset[i] - d->rows.least) * row_floats +
                     (column->offset[j] - d->columns.least) * d->from_channels;
  return n;
}

/* All channels of one phase of rows and columns in a band.  `tile` has what is the same for all: y at the phase's first
 * pixel, bias, activation. */
static void run_phase(const Direction *d, const WalkPhase *row, const WalkPhase *column, const Band *band,
                      const float *weights, int64_t rows, DirectTile tile) {
  int64_t offsets[WALK_TAPS * WALK_TAPS], y_row = d->columns.to * d->to_channels * d->rows.to_step;
  int64_t x_row = band->row_floats * d->rows.from_step, lanes = vectors()->lanes, pixels = column->n;
  int64_t all = row->count * column->count * d->from_channels;
  tile.offsets = offsets;
  tile.taps = tap_offsets(d, row, column, band->row_floats, offsets);
  tile.depth = tile.taps ? all / tile.taps : 0;
  tile.x_step = d->columns.from_step * d->from_channels;
  tile.y_step = d->columns.to_step * d->to_channels;
  tile.bits_step = d->to_channels / 8;
  /* Rows that follow each other without a gap on both sides are one long row. */
  if (x_row == pixels * tile.x_step && y_row == pixels * tile.y_step) {
    pixels *= rows;
    rows = 1;
  }
  const DirectTile whole = tile;
  for (int v = 0, count; v < d->vectors; v += count) {
    count = block_vectors(d->vectors - v);
    tile.weights = weights + v * lanes * all;
    tile.bias = whole.bias ? whole.bias + v * lanes : NULL;
    tile.channels = (int)MIN(d->to_channels - v * lanes, count * lanes);
    for (int64_t r = 0; r < rows; r++) {
      tile.x = band->data + r * x_row;
      tile.y = whole.y + r * y_row + v * lanes;
      tile.bits = whole.bits ? whole.bits + (r * y_row + v * lanes) / 8 : NULL;
      row_of_tiles(tile, count, pixels);
    }
  }
}

/* One band of one image in one direction. */
static void run_band(const Direction *d, const float *x, const uint8_t *x_bits, const float *weights, int64_t first,
                     float *scratch_band, const DirectTile *tile) {
  int64_t n = MIN(d->band, d->rows.phase[0].n - first), lanes = vectors()->lanes;
  Band band = make_band(d, x, x_bits, first, n, scratch_band);
  for (int r = 0; r < d->rows.phases; r++)
    for (int c = 0; c < d->columns.phases; c++) {
      const WalkPhase *row = &d->rows.phase[r], *column = &d->columns.phase[c];
      int64_t rows = MIN(n, row->n - first);
      int64_t at = ((first * d->rows.to_step + r) * d->columns.to + c) * d->to_channels;
      DirectTile phase = *tile;
      phase.y += at;
      phase.bits = phase.bits ? phase.bits + at / 8 : NULL;
      if (rows > 0 && column->n > 0)
        run_phase(d, row, column, &band, weights, rows, phase);
      weights += row->count * column->count * d->from_channels * d->vectors * lanes;
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
  memset(to, 0, sizeof(float) * (size_t)(d->vectors * vectors()->lanes));
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
  run_band(d, x, NULL, work->packed, first, memory + aligned(d->vectors * vectors()->lanes), &tile);
  int64_t row = shape->window.out[WIDTH] * shape->outputs, from = first * row;
  if (!by_tile)
    activation_forward(tile.y + from, MIN(d->band * row, plane - from), activation, bits ? bits + from / 8 : NULL);
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
  run_band(d, tensor_floats(call->dy[0]) + image * plane, bits, work->packed, first, call_scratch(call, worker), &tile);
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
