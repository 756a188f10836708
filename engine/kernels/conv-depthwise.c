/* Depthwise Conv, channels-last: every channel has one filter of its own, so the loops run over channels as
 * vectors and over bands of rows (band.h), forward and, by the phases of walk.h, backward. */
#include "engine/kernels/band-conv.h"
#include "engine/kernels/kernels.h"

#include <string.h>

static bool fits(const ConvShape *shape) {
  return shape->order == ORDER_CHANNELS_LAST && shape->groups == shape->inputs &&
         shape->groups == shape->outputs && direction_fits(shape);
}

/* The weights of all phases are all taps, in another order. */
static int64_t direction_floats(const ConvShape *shape) {
  return space_count(shape->window.kernel) * band_channels(shape->inputs);
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
        for (int j = 0; j < column->count; j++, to += band_channels(shape->inputs))
          for (int64_t k = 0; k < shape->inputs; k++)
            to[k] = w[k * taps + row->tap[i] * shape->window.kernel[WIDTH] + column->tap[j]];
    }
}

static void prepare(const ConvShape *shape, const float *w, float *to) {
  pack(shape, w, false, to);
  pack(shape, w, true, to + direction_floats(shape));
}

static const float *run_phase(const BandPhase *phase, const float *weights) {
  DirectTile tile = phase->tile;
  tile.weights = weights;
  tile.depth = band_channels(tile.channels);
  for (int64_t row = 0; row < phase->rows; row++) {
    int64_t y = row * phase->y_row;
    tile.x = phase->tile.x + row * phase->x_row;
    tile.y = phase->tile.y + y;
    tile.bits = phase->tile.bits ? phase->tile.bits + y / 8 : NULL;
    vectors()->depthwise(&tile, phase->pixels);
  }
  return weights + phase->taps * tile.depth;
}

static void forward(const OpCall *call, const ConvShape *shape, const float *weights) {
  band_forward(call, shape, weights, false, run_phase);
}

static void backward(const OpCall *call, const ConvShape *shape, const float *weights) {
  band_backward(call, shape, weights + direction_floats(shape), false, run_phase);
}

const Kernel conv_depthwise = {.op = "Conv",
                               .name = "depthwise",
                               .fits = fits,
                               .packed = packed,
                               .prepare = prepare,
                               .scratch = band_scratch,
                               .forward = forward,
                               .backward = backward};
