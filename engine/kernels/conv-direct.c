/* Conv of pictures without writing windows out: channels-last, one group, no dilation.
 *
 * A picture with a halo of zeros is copied once; then the window of each pixel is, for each of its rows, one run of
 * kernel width x channels floats, and a tile of pixels times a block of channels stays in registers (tile.h).
 *
 * The way back is the same loop over dy.  With stride s, the elements of dx whose coordinates leave the remainders (a, b)
 * when divided by s are a convolution of dy with every s-th tap: s x s phases.  Forward is the one phase of stride 1. */
#include "engine/activation.h"
#include "engine/kernels/epilogue.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/tile.h"
#include "engine/ops/support.h"

#include <string.h>

#define MOST_STRIDE 4
#define MOST_KERNEL 16

/* Along one axis: destination index = first + i * step takes the source elements i * stride + low ... + low + taps - 1,
 * with the weights at tap_first + m * tap_step. */
typedef struct {
  int64_t first, step, count;
  int64_t stride, low, taps;
  int64_t tap_first, tap_step;
} Axis1;

/* One direction of the convolution: `from` channels at the source, `to` at the destination. */
typedef struct {
  int64_t from, to;
  int64_t in[2], out[2];   /* height and width of source and destination */
  int64_t halo[2], size[2]; /* zeros before; height and width with all zeros */
  int n_phases[2];
  Axis1 axis[2][MOST_STRIDE];
  bool flipped;            /* weights are read as [from][to], not [to][from] */
} Direction;

static void set_halo(Direction *d, int a) {
  int64_t low = 0, high = d->in[a];
  for (int p = 0; p < d->n_phases[a]; p++) {
    const Axis1 *axis = &d->axis[a][p];
    if (axis->count == 0 || axis->taps == 0)
      continue;
    low = MIN(low, axis->low);
    high = MAX(high, (axis->count - 1) * axis->stride + axis->low + axis->taps);
  }
  d->halo[a] = -low;
  d->size[a] = high - low;
}

static Direction direction_forward(const ConvShape *shape) {
  const Window *w = &shape->window;
  Direction d = {.from = shape->inputs, .to = shape->outputs};
  for (int a = 0; a < 2; a++) {
    int s = HEIGHT + a;
    d.in[a] = w->in[s];
    d.out[a] = w->out[s];
    d.n_phases[a] = 1;
    d.axis[a][0] = (Axis1){0, 1, w->out[s], w->stride[s], -w->before[s], w->kernel[s], 0, 1};
    set_halo(&d, a);
  }
  return d;
}

/* dx[u] sums over taps k with (u + before - k) divisible by the stride: dy[(u + before - k) / stride] w[k]. */
static Direction direction_backward(const ConvShape *shape) {
  const Window *w = &shape->window;
  Direction d = {.from = shape->outputs, .to = shape->inputs, .flipped = true};
  for (int a = 0; a < 2; a++) {
    int s = HEIGHT + a;
    int64_t stride = w->stride[s];
    d.in[a] = w->out[s];
    d.out[a] = w->in[s];
    d.n_phases[a] = (int)stride;
    for (int64_t p = 0; p < stride; p++) {
      int64_t tap = (p + w->before[s]) % stride, taps = tap < w->kernel[s] ? (w->kernel[s] - tap - 1) / stride + 1 : 0;
      int64_t count = p < w->in[s] ? (w->in[s] - p - 1) / stride + 1 : 0;
      d.axis[a][p] = (Axis1){p, stride, count, 1, (p + w->before[s] - tap) / stride - taps + 1, taps, tap + (taps - 1) * stride, -stride};
    }
    set_halo(&d, a);
  }
  return d;
}

static bool fits(const ConvShape *shape) {
  const Window *w = &shape->window;
  return tile_find() && shape->order == ORDER_CHANNELS_LAST && shape->groups == 1 && w->in[DEPTH] == 1 && w->kernel[DEPTH] == 1 &&
         w->out[DEPTH] == 1 && w->dilation[HEIGHT] == 1 && w->dilation[WIDTH] == 1 && w->stride[HEIGHT] <= MOST_STRIDE &&
         w->stride[WIDTH] <= MOST_STRIDE && w->kernel[HEIGHT] <= MOST_KERNEL && w->kernel[WIDTH] <= MOST_KERNEL;
}

static int64_t vectors(int64_t channels) {
  return (channels + tile_find()->width - 1) / tile_find()->width;
}

static int64_t phase_floats(const Direction *d, const Axis1 *rows, const Axis1 *columns) {
  return rows->taps * columns->taps * d->from * vectors(d->to) * tile_find()->width;
}

static int64_t direction_floats(const Direction *d) {
  int64_t floats = 0;
  for (int p = 0; p < d->n_phases[0]; p++)
    for (int q = 0; q < d->n_phases[1]; q++)
      floats += phase_floats(d, &d->axis[0][p], &d->axis[1][q]);
  return floats;
}

static size_t packed(const ConvShape *shape) {
  Direction forward = direction_forward(shape), backward = direction_backward(shape);
  return (size_t)(direction_floats(&forward) + direction_floats(&backward));
}

/* One block of one phase: [row tap][column tap][source channel][channel of the block], zeros beyond the last channel. */
static float *pack_block(const Direction *d, const ConvShape *shape, const Axis1 *rows, const Axis1 *columns, int64_t channel, int width,
                         const float *w, float *to) {
  int64_t height = shape->window.kernel[HEIGHT], breadth = shape->window.kernel[WIDTH];
  for (int64_t r = 0; r < rows->taps; r++)
    for (int64_t c = 0; c < columns->taps; c++) {
      int64_t tap = (rows->tap_first + r * rows->tap_step) * breadth + columns->tap_first + c * columns->tap_step;
      for (int64_t f = 0; f < d->from; f++)
        for (int64_t t = channel; t < channel + width; t++) {
          int64_t output = d->flipped ? f : t, input = d->flipped ? t : f;
          *to++ = t < d->to ? w[(output * shape->inputs + input) * height * breadth + tap] : 0;
        }
    }
  return to;
}

static float *pack_direction(const Direction *d, const ConvShape *shape, const float *w, float *to) {
  int width = tile_find()->width;
  for (int p = 0; p < d->n_phases[0]; p++)
    for (int q = 0; q < d->n_phases[1]; q++)
      for (int64_t v = 0; v < vectors(d->to);) {
        int block = tile_block(vectors(d->to) - v);
        to = pack_block(d, shape, &d->axis[0][p], &d->axis[1][q], v * width, block * width, w, to);
        v += block;
      }
  return to;
}

static void prepare(const ConvShape *shape, const float *w, float *to) {
  Direction forward = direction_forward(shape), backward = direction_backward(shape);
  to = pack_direction(&forward, shape, w, to);
  pack_direction(&backward, shape, w, to);
}

static int64_t halo_floats(const Direction *d) {
  return d->size[0] * d->size[1] * d->from;
}

static int64_t aligned(int64_t floats) {
  return (floats + 15) & ~(int64_t)15;
}

static size_t scratch(const ConvShape *shape) {
  Direction forward = direction_forward(shape), backward = direction_backward(shape);
  int64_t back = halo_floats(&backward) + shape->outputs * space_count(shape->window.out);
  return sizeof(float) * (size_t)aligned(MAX(halo_floats(&forward), back));
}

static bool has_halo(const Direction *d) {
  return d->size[0] != d->in[0] || d->size[1] != d->in[1];
}

static void copy_with_halo(const Direction *d, const float *x, float *to) {
  int64_t row = d->size[1] * d->from, inner = d->in[1] * d->from, left = d->halo[1] * d->from;
  memset(to, 0, sizeof(float) * (size_t)(d->halo[0] * row));
  to += d->halo[0] * row;
  for (int64_t y = 0; y < d->in[0]; y++, to += row, x += inner) {
    memset(to, 0, sizeof(float) * (size_t)left);
    memcpy(to + left, x, sizeof(float) * (size_t)inner);
    memset(to + left + inner, 0, sizeof(float) * (size_t)(row - left - inner));
  }
  memset(to, 0, sizeof(float) * (size_t)((d->size[0] - d->halo[0] - d->in[0]) * row));
}

/* What is done to a finished tile: the bias is added (NULL: none), or the tile is added to what is there. */
typedef struct {
  const float *bias;
  bool accumulate;
} Finish;

static void store_tile(float *const *y, int pixels, const float *tile, int width, int64_t channels, const Finish *finish, int64_t channel) {
  for (int p = 0; p < pixels; p++, tile += width)
    if (finish->accumulate)
      for (int64_t c = 0; c < channels; c++)
        y[p][c] += tile[c];
    else if (finish->bias)
      for (int64_t c = 0; c < channels; c++)
        y[p][c] = tile[c] + finish->bias[channel + c];
    else
      memcpy(y[p], tile, sizeof(float) * (size_t)channels);
}

/* All pixels of one phase for one block of channels beginning at `channel`. */
static void run_block(const Direction *d, const Axis1 *rows, const Axis1 *columns, const float *x, const float *weights, int block,
                      int64_t channel, float *y, const Finish *finish) {
  const Tile *tile = tile_find();
  int pixels = tile->block[block].pixels, width = block * tile->width;
  int64_t row = d->size[1] * d->from, runs[MOST_KERNEL], total = rows->count * columns->count;
  float out[TILE_MOST_PIXELS * TILE_MOST_VECTORS * TILE_MOST_WIDTH];
  for (int64_t r = 0; r < rows->taps; r++)
    runs[r] = r * row;
  x += (d->halo[0] + rows->low) * row + (d->halo[1] + columns->low) * d->from;
  y += (rows->first * d->out[1] + columns->first) * d->to + channel;
  for (int64_t first = 0, i = 0, j = 0; first < total; first += pixels) {
    const float *from[TILE_MOST_PIXELS];
    float *to[TILE_MOST_PIXELS];
    int n = (int)MIN(pixels, total - first);
    for (int p = 0; p < n; p++) {
      from[p] = x + i * rows->stride * row + j * columns->stride * d->from;
      to[p] = y + (i * rows->step * d->out[1] + j * columns->step) * d->to;
      if (++j == columns->count) {
        j = 0;
        i++;
      }
    }
    for (int p = n; p < pixels; p++)
      from[p] = from[0];
    tile->block[block].run(from, columns->taps ? (int)rows->taps : 0, runs, columns->taps * d->from, weights, out);
    store_tile(to, n, out, width, MIN(width, d->to - channel), finish, channel);
  }
}

/* Source image x (without halo) -> destination image y. */
static void run_image(const Direction *d, const float *x, const float *weights, float *halo, float *y, const Finish *finish) {
  const Tile *tile = tile_find();
  if (has_halo(d)) {
    copy_with_halo(d, x, halo);
    x = halo;
  }
  for (int p = 0; p < d->n_phases[0]; p++)
    for (int q = 0; q < d->n_phases[1]; q++)
      for (int64_t v = 0, n = vectors(d->to); v < n;) {
        int block = tile_block(n - v);
        const Axis1 *rows = &d->axis[0][p], *columns = &d->axis[1][q];
        run_block(d, rows, columns, x, weights, block, v * tile->width, y, finish);
        weights += rows->taps * columns->taps * d->from * block * tile->width;
        v += block;
      }
}

typedef struct {
  const ConvShape *shape;
  Direction direction;
  const float *packed;
} Work;

static void forward_image(const OpCall *call, const void *data, int64_t image, int64_t end, int worker) {
  const Work *work = data;
  const ConvShape *shape = work->shape;
  int64_t size = conv_plane(shape);
  float *y = tensor_floats(call->y[0]) + image * size;
  Finish finish = {.bias = call->n_inputs > 2 && call->x[2] ? tensor_floats(call->x[2]) : NULL};
  run_image(&work->direction, tensor_floats(call->x[0]) + image * shape->inputs * space_count(shape->window.in), work->packed,
            call_scratch(call, worker), y, &finish);
  uint8_t *bits = call->saved ? (uint8_t *)call->saved + image * activation_bytes(size) : NULL;
  activation_forward(y, size, &call->node->activation, bits);
}

static void forward(const OpCall *call, const ConvShape *shape, const float *weights) {
  Work work = {shape, direction_forward(shape), weights};
  call_ranges(call, shape->batch, 1, forward_image, &work);
}

static void backward_image(const OpCall *call, const void *data, int64_t image, int64_t end, int worker) {
  const Work *work = data;
  const ConvShape *shape = work->shape;
  float *copy = call_scratch(call, worker), *halo = copy + epilogue_copy(call, shape);
  const float *dy = epilogue_backward(call, shape, image, copy);
  run_image(&work->direction, dy, work->packed, halo,
            tensor_floats(call->dx[0]) + image * shape->inputs * space_count(shape->window.in), &(Finish){.accumulate = call->accumulate});
}

static void backward(const OpCall *call, const ConvShape *shape, const float *weights) {
  Direction forward = direction_forward(shape);
  Work work = {shape, direction_backward(shape), weights + direction_floats(&forward)};
  call_ranges(call, shape->batch, 1, backward_image, &work);
}

const Kernel conv_direct = {.op = "Conv",
                            .name = "direct",
                            .fits = fits,
                            .packed = packed,
                            .prepare = prepare,
                            .scratch = scratch,
                            .forward = forward,
                            .backward = backward};
