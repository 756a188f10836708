/* Conv as matrix products over written-out windows (im2col), a tile of pixels at a time: the form that fits
 * everything and that the others are compared with.
 *
 *     channels-last:  y (pixels x outputs) = columns (pixels x depth) W (depth x outputs)
 *     row-major:      y (outputs x pixels) = W (outputs x depth) columns (depth x pixels)
 *
 * Backward with stride 1 is a convolution of dy with the flipped, transposed weights; with other strides the
 * gradient of the columns is a product with the transposed weights, added up by col2im. */
#include "engine/kernels/columns.h"
#include "engine/kernels/epilogue.h"
#include "engine/kernels/kernels.h"
#include "engine/ops/support.h"

#include <cblas.h>
#include <string.h>

#define COLUMNS_BYTES (512 * 1024)

static bool fits(const ConvShape *shape) {
  return true;
}

static bool unit_stride(const Window *w) {
  return w->stride[DEPTH] == 1 && w->stride[HEIGHT] == 1 && w->stride[WIDTH] == 1;
}

/* A window of one element that moves by one over an unpadded input: the columns are the input itself. */
static bool pointwise(const ConvShape *shape) {
  const Window *w = &shape->window;
  return space_count(w->kernel) == 1 && unit_stride(w) && memcmp(w->in, w->out, sizeof w->in) == 0 &&
         w->before[DEPTH] == 0 && w->before[HEIGHT] == 0 && w->before[WIDTH] == 0;
}

/* The convolution that maps dy to dx when all strides are 1. */
static ConvShape reversed(const ConvShape *shape) {
  ConvShape r = *shape;
  r.inputs = shape->outputs;
  r.outputs = shape->inputs;
  for (int i = 0; i < SPACE; i++) {
    r.window.in[i] = shape->window.out[i];
    r.window.out[i] = shape->window.in[i];
    r.window.before[i] = (shape->window.kernel[i] - 1) * shape->window.dilation[i] - shape->window.before[i];
  }
  return r;
}

/* Pixels of a tile: a multiple of 8 (bits of a tile begin at a byte), columns within COLUMNS_BYTES where
 * possible. */
static int64_t tile_pixels(const ConvShape *shape) {
  int64_t most = COLUMNS_BYTES / (int64_t)sizeof(float) / columns_depth(shape);
  int64_t pixels = space_count(shape->window.out);
  if (pointwise(shape))
    most = MAX(most, 64);
  int64_t tiles = (pixels + MAX(most, 8) - 1) / MAX(most, 8);
  return ((pixels + tiles - 1) / tiles + 7) & ~(int64_t)7;
}

static size_t packed(const ConvShape *shape) {
  size_t weights = (size_t)(shape->outputs * columns_depth(shape));
  return weights * (unit_stride(&shape->window) ? 2 : 1);
}

/* w[group][output][input][tap] -> for channels-last [group][tap][input][output]; flipped: inputs and outputs
 * change places and the taps run backwards. */
static void pack(const ConvShape *shape, const float *w, bool flip, float *to) {
  int64_t n_in = shape->inputs / shape->groups, n_out = shape->outputs / shape->groups;
  int64_t taps = space_count(shape->window.kernel), rows = flip ? n_in : n_out, depth = flip ? n_out : n_in;
  bool last = shape->order == ORDER_CHANNELS_LAST;
  for (int64_t g = 0; g < shape->groups; g++)
    for (int64_t o = 0; o < n_out; o++)
      for (int64_t i = 0; i < n_in; i++)
        for (int64_t t = 0; t < taps; t++) {
          int64_t row = flip ? i : o, k = flip ? o : i, tap = flip ? taps - 1 - t : t;
          int64_t at = last ? (tap * depth + k) * rows + row : (row * depth + k) * taps + tap;
          to[g * n_in * n_out * taps + at] = *w++;
        }
}

static void prepare(const ConvShape *shape, const float *w, float *to) {
  pack(shape, w, false, to);
  if (unit_stride(&shape->window))
    pack(shape, w, true, to + shape->outputs * columns_depth(shape));
}

/* Rounded up to a cache line, so that what follows is aligned. */
static int64_t aligned(int64_t floats) {
  return (floats + 15) & ~(int64_t)15;
}

static int64_t columns_floats(const ConvShape *shape) {
  return pointwise(shape) ? 0 : aligned(tile_pixels(shape) * columns_depth(shape));
}

static size_t scratch(const ConvShape *shape) {
  ConvShape back = reversed(shape);
  int64_t columns = columns_floats(shape);
  if (unit_stride(&shape->window))
    columns = MAX(columns, columns_floats(&back));
  return sizeof(float) * (size_t)(columns + aligned(shape->outputs * space_count(shape->window.out)));
}

/* y = beta y + windows(x) W for pixels from..to-1 of one image, all groups. */
static void multiply(const ConvShape *shape, const float *x, const float *weights, float beta, int64_t from,
                     int64_t to, float *columns, float *y) {
  int64_t n_in = shape->inputs / shape->groups, n_out = shape->outputs / shape->groups,
          depth = columns_depth(shape);
  int64_t pixels = space_count(shape->window.out), m = to - from;
  for (int64_t g = 0; g < shape->groups; g++, weights += depth * n_out) {
    bool direct = pointwise(shape);
    if (!direct)
      columns_gather(shape, x, g, from, to, columns);
    if (shape->order == ORDER_CHANNELS_LAST)
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)m, (int)n_out, (int)depth, 1,
                  direct ? x + from * shape->inputs + g * n_in : columns,
                  (int)(direct ? shape->inputs : depth), weights, (int)n_out, beta,
                  y + from * shape->outputs + g * n_out, (int)shape->outputs);
    else
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n_out, (int)m, (int)depth, 1, weights,
                  (int)depth, direct ? x + g * n_in * pixels + from : columns, (int)(direct ? pixels : m),
                  beta, y + g * n_out * pixels + from, (int)pixels);
  }
}

typedef struct {
  const ConvShape *shape;
  const float *packed;
} Work;

static void forward_tile(const OpCall *call, const void *data, int64_t piece, int64_t end, int worker) {
  const Work *work = data;
  const ConvShape *shape = work->shape;
  int64_t pixels = space_count(shape->window.out), size = tile_pixels(shape),
          tiles = (pixels + size - 1) / size;
  int64_t image = piece / tiles, from = piece % tiles * size, to = MIN(from + size, pixels);
  multiply(shape, tensor_floats(call->x[0]) + image * shape->inputs * space_count(shape->window.in),
           work->packed, 0, from, to, call_scratch(call, worker),
           tensor_floats(call->y[0]) + image * shape->outputs * pixels);
  epilogue_forward(call, shape, image, from, to);
}

static void forward(const OpCall *call, const ConvShape *shape, const float *weights) {
  Work work = {shape, weights};
  int64_t size = tile_pixels(shape), tiles = (space_count(shape->window.out) + size - 1) / size;
  call_ranges(call, shape->batch * tiles, 1, forward_tile, &work);
}

/* columns = dy W^T, then col2im, tile by tile. */
static void scatter_image(const ConvShape *shape, const float *dy, const float *weights, float *columns,
                          float *dx) {
  int64_t n_out = shape->outputs / shape->groups, depth = columns_depth(shape);
  int64_t pixels = space_count(shape->window.out), size = tile_pixels(shape);
  for (int64_t g = 0; g < shape->groups; g++, weights += depth * n_out)
    for (int64_t from = 0; from < pixels; from += size) {
      int64_t to = MIN(from + size, pixels), m = to - from;
      if (shape->order == ORDER_CHANNELS_LAST)
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)m, (int)depth, (int)n_out, 1,
                    dy + from * shape->outputs + g * n_out, (int)shape->outputs, weights, (int)n_out, 0,
                    columns, (int)depth);
      else
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)depth, (int)m, (int)n_out, 1, weights,
                    (int)depth, dy + g * n_out * pixels + from, (int)pixels, 0, columns, (int)m);
      columns_scatter(shape, columns, g, from, to, dx);
    }
}

static void backward_image(const OpCall *call, const void *data, int64_t image, int64_t end, int worker) {
  const Work *work = data;
  const ConvShape *shape = work->shape;
  int64_t size = shape->inputs * space_count(shape->window.in);
  float *copy = call_scratch(call, worker), *columns = copy + aligned(epilogue_copy(call, shape));
  float *dx = tensor_floats(call->dx[0]) + image * size;
  const float *dy = epilogue_backward(call, shape, image, copy);
  if (!unit_stride(&shape->window)) {
    if (!call->accumulate)
      memset(dx, 0, sizeof(float) * (size_t)size);
    scatter_image(shape, dy, work->packed, columns, dx);
    return;
  }
  ConvShape back = reversed(shape);
  const float *flipped = work->packed + shape->outputs * columns_depth(shape);
  int64_t pixels = space_count(back.window.out), step = tile_pixels(&back);
  for (int64_t from = 0; from < pixels; from += step)
    multiply(&back, dy, flipped, call->accumulate, from, MIN(from + step, pixels), columns, dx);
}

static void backward(const OpCall *call, const ConvShape *shape, const float *weights) {
  Work work = {shape, weights};
  call_ranges(call, shape->batch, 1, backward_image, &work);
}

const Kernel conv_im2col = {.op = "Conv",
                            .name = "im2col",
                            .fits = fits,
                            .packed = packed,
                            .prepare = prepare,
                            .scratch = scratch,
                            .forward = forward,
                            .backward = backward};
