/* Depthwise Conv, channels-last: every channel has one filter of its own, so the loops run over channels as
 * vectors and over bands of rows (band.h), forward and, by the phases of walk.h, backward. */
#include "engine/activation.h"
#include "engine/kernels/band.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/vectors.h"
#include "engine/ops/support.h"

#include <string.h>

static bool fits(const ConvShape *shape) {
  return shape->order == ORDER_CHANNELS_LAST && shape->groups == shape->inputs &&
         shape->groups == shape->outputs && direction_fits(shape);
}

/* Channels of packed weights, with room for whole vectors at the end. */
static int64_t padded(const ConvShape *shape) {
  return (shape->inputs + 15) & ~(int64_t)15;
}

/* The weights of all phases are all taps, in another order. */
static int64_t direction_floats(const ConvShape *shape) {
  return space_count(shape->window.kernel) * padded(shape);
}

static size_t packed(const ConvShape *shape) {
  return 2 * (size_t)direction_floats(shape);
}

/* For each phase of rows and columns: [row tap][column tap][channel]. */
static void pack(const ConvShape *shape, const float *w, bool backward, float *to) {
  Direction d;
  int64_t taps = space_count(shape->window.kernel);
  direction_init(&d, shape, backward);
  memset(to, 0, sizeof(float) * (size_t)direction_floats(shape));
  for (int r = 0; r < d.rows.phases; r++)
    for (int c = 0; c < d.columns.phases; c++) {
      const WalkPhase *row = &d.rows.phase[r], *column = &d.columns.phase[c];
      for (int i = 0; i < row->count; i++)
        for (int j = 0; j < column->count; j++, to += padded(shape))
          for (int64_t k = 0; k < shape->inputs; k++)
            to[k] = w[k * taps + row->tap[i] * shape->window.kernel[WIDTH] + column->tap[j]];
    }
}

static void prepare(const ConvShape *shape, const float *w, float *to) {
  pack(shape, w, false, to);
  pack(shape, w, true, to + direction_floats(shape));
}

/* The bias comes first, then the band. */
static size_t scratch(const ConvShape *shape) {
  Direction forward, backward;
  direction_init(&forward, shape, false);
  direction_init(&backward, shape, true);
  return sizeof(float) * (size_t)(padded(shape) + MAX(band_floats(&forward), band_floats(&backward)));
}

static void run_band(const ConvShape *shape, const Direction *d, const float *x, const uint8_t *x_bits,
                     const float *weights, int64_t first, float *memory, const DirectTile *whole) {
  int64_t n = MIN(d->band, d->rows.phase[0].n - first), offsets[WALK_TAPS * WALK_TAPS],
          channels = shape->inputs;
  Band band = band_make(d, x, x_bits, first, n, memory);
  for (int r = 0; r < d->rows.phases; r++)
    for (int c = 0; c < d->columns.phases; c++) {
      const WalkPhase *row = &d->rows.phase[r], *column = &d->columns.phase[c];
      int64_t rows = MIN(n, row->n - first);
      DirectTile tile = *whole;
      tile.weights = weights;
      tile.offsets = offsets;
      tile.taps = band_offsets(d, row, column, &band, false, offsets);
      tile.depth = padded(shape);
      tile.x_step = d->columns.from_step * channels;
      tile.y_step = d->columns.to_step * channels;
      tile.bits_step = channels / 8;
      tile.channels = (int)channels;
      for (int64_t j = 0; j < rows; j++) {
        int64_t at = (((first + j) * d->rows.to_step + r) * d->columns.to + c) * channels;
        tile.x = band.data + j * d->rows.from_step * band.row_floats;
        tile.y = whole->y + at;
        tile.bits = whole->bits ? whole->bits + at / 8 : NULL;
        vectors()->depthwise(&tile, column->n);
      }
      weights += tile.taps * padded(shape);
    }
}

typedef struct {
  const ConvShape *shape;
  const float *packed;
  Direction direction;
} Work;

static void forward_band(const OpCall *call, const void *data, int64_t piece, int64_t end, int worker) {
  const Work *work = data;
  const ConvShape *shape = work->shape;
  const Direction *d = &work->direction;
  int64_t image = piece / d->bands, first = piece % d->bands * d->band, plane = conv_plane(shape);
  const Activation *activation = &call->node->activation;
  uint8_t *bits = call->saved ? (uint8_t *)call->saved + image * activation_bytes(plane) : NULL;
  float *bias = call_scratch(call, worker);
  bool has_bias = call->n_inputs > 2 && call->x[2], by_tile = shape->outputs % 8 == 0;
  if (has_bias)
    memcpy(bias, call->x[2]->data, sizeof(float) * (size_t)shape->outputs);
  DirectTile tile = {.bias = has_bias ? bias : NULL,
                     .y = tensor_floats(call->y[0]) + image * plane,
                     .activation = by_tile ? activation : NULL,
                     .bits = by_tile ? bits : NULL};
  run_band(shape, d, tensor_floats(call->x[0]) + image * shape->inputs * space_count(shape->window.in), NULL,
           work->packed, first, bias + padded(shape), &tile);
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
  run_band(shape, d, tensor_floats(call->dy[0]) + image * plane, bits, work->packed, first,
           call_scratch(call, worker), &tile);
}

static void backward(const OpCall *call, const ConvShape *shape, const float *weights) {
  Work work = {.shape = shape, .packed = weights + direction_floats(shape)};
  direction_init(&work.direction, shape, true);
  call_ranges(call, shape->batch * work.direction.bands, 1, backward_band, &work);
}

const Kernel conv_depthwise = {.op = "Conv",
                               .name = "depthwise",
                               .fits = fits,
                               .packed = packed,
                               .prepare = prepare,
                               .scratch = scratch,
                               .forward = forward,
                               .backward = backward};
