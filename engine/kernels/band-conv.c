#include "engine/kernels/band-conv.h"

#include "engine/activation.h"
#include "engine/ops/support.h"

#include <string.h>

/* The bias comes first, then the band. */
size_t band_scratch(const ConvShape *shape) {
  Direction forward, backward;
  direction_init(&forward, shape, false);
  direction_init(&backward, shape, true);
  int64_t bias = band_channels(shape->outputs);
  return sizeof(float) * (size_t)(bias + MAX(band_floats(&forward), band_floats(&backward)));
}

typedef struct {
  const ConvShape *shape;
  const float *weights;
  bool runs;
  BandRun run;
  Direction direction;
} Work;

/* One band of one image.  `tile` has y at the image's first element. */
static void run_band(const Work *work, const float *image, const uint8_t *image_bits, int64_t first,
                     float *memory, const DirectTile *tile) {
  const Direction *d = &work->direction;
  int64_t n = MIN(d->band, d->rows.phase[0].n - first), offsets[WALK_TAPS * WALK_TAPS];
  const float *weights = work->weights;
  Band band = band_make(d, image, image_bits, first, n, memory);
  for (int r = 0; r < d->rows.phases; r++)
    for (int c = 0; c < d->columns.phases; c++) {
      const WalkPhase *row = &d->rows.phase[r], *column = &d->columns.phase[c];
      int64_t at = ((first * d->rows.to_step + r) * d->columns.to + c) * d->to_channels;
      BandPhase phase = {.tile = *tile,
                         .rows = MAX(0, MIN(n, row->n - first)),
                         .pixels = column->n,
                         .x_row = band.row_floats * d->rows.from_step,
                         .y_row = d->columns.to * d->to_channels * d->rows.to_step,
                         .taps = row->count * column->count};
      DirectTile *t = &phase.tile;
      t->x = band.data;
      t->x_step = d->columns.from_step * d->from_channels;
      t->offsets = offsets;
      t->taps = band_offsets(d, row, column, &band, work->runs, offsets);
      t->depth = t->taps ? phase.taps / t->taps * d->from_channels : 0;
      t->y += at;
      t->y_step = d->columns.to_step * d->to_channels;
      t->channels = (int)d->to_channels;
      t->bits = t->bits ? t->bits + at / 8 : NULL;
      t->bits_step = d->to_channels / 8;
      /* Rows that follow each other without a gap on both sides are one long row. */
      if (phase.x_row == phase.pixels * t->x_step && phase.y_row == phase.pixels * t->y_step) {
        phase.pixels *= phase.rows;
        phase.rows = MIN(phase.rows, 1);
      }
      weights = work->run(&phase, weights);
    }
}

static void forward_piece(const OpCall *call, const void *data, int64_t piece, int64_t end, int worker) {
  const Work *work = data;
  const ConvShape *shape = work->shape;
  const Direction *d = &work->direction;
  int64_t image = piece / d->bands, first = piece % d->bands * d->band, plane = conv_plane(shape);
  const Activation *activation = &call->node->activation;
  uint8_t *bits = call->saved ? (uint8_t *)call->saved + image * activation_bytes(plane) : NULL;
  float *bias = call_scratch(call, worker);
  /* Tiles save bits by the byte, which is eight channels of one pixel. */
  bool has_bias = call->n_inputs > 2 && call->x[2], by_tile = shape->outputs % 8 == 0;
  if (has_bias) {
    memset(bias, 0, sizeof(float) * (size_t)band_channels(shape->outputs));
    memcpy(bias, call->x[2]->data, sizeof(float) * (size_t)shape->outputs);
  }
  DirectTile tile = {.bias = has_bias ? bias : NULL,
                     .y = tensor_floats(call->y[0]) + image * plane,
                     .activation = by_tile ? activation : NULL,
                     .bits = by_tile ? bits : NULL};
  const float *x = tensor_floats(call->x[0]) + image * shape->inputs * space_count(shape->window.in);
  run_band(work, x, NULL, first, bias + band_channels(shape->outputs), &tile);
  int64_t row = shape->window.out[WIDTH] * shape->outputs, from = first * row;
  if (!by_tile)
    activation_forward(tile.y + from, MIN(d->band * row, plane - from), activation,
                       bits ? bits + from / 8 : NULL);
}

static void backward_piece(const OpCall *call, const void *data, int64_t piece, int64_t end, int worker) {
  const Work *work = data;
  const ConvShape *shape = work->shape;
  const Direction *d = &work->direction;
  int64_t image = piece / d->bands, first = piece % d->bands * d->band, plane = conv_plane(shape);
  bool masked = call->node->activation.kind != ACTIVATION_NONE;
  const uint8_t *bits = masked ? (const uint8_t *)call->saved + image * activation_bytes(plane) : NULL;
  DirectTile tile = {.y = tensor_floats(call->dx[0]) + image * shape->inputs * space_count(shape->window.in),
                     .add = call->accumulate};
  run_band(work, tensor_floats(call->dy[0]) + image * plane, bits, first, call_scratch(call, worker), &tile);
}

void band_forward(const OpCall *call, const ConvShape *shape, const float *weights, bool runs, BandRun run) {
  Work work = {shape, weights, runs, run};
  direction_init(&work.direction, shape, false);
  call_ranges(call, shape->batch * work.direction.bands, 1, forward_piece, &work);
}

void band_backward(const OpCall *call, const ConvShape *shape, const float *weights, bool runs, BandRun run) {
  Work work = {shape, weights, runs, run};
  direction_init(&work.direction, shape, true);
  call_ranges(call, shape->batch * work.direction.bands, 1, backward_piece, &work);
}
