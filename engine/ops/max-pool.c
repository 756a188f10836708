/* MaxPool, GlobalMaxPool: x (n, c, space...) -> y (n, c, space...), in both orders of memory; float32,
 * MaxPool also int64.
 *
 *     y[p] = max over taps of x[q(p, t)]     the gradient goes to the first tap that has the maximum
 *
 * For the way back the tap is saved, in a byte where the window has at most 256 taps.  MaxPool's second
 * output holds the place of each maximum in x, counted row-major over all axes (storage_order 1: column-major
 * within a channel).  A NaN is a maximum. */
#include "engine/ops/ops.h"
#include "engine/ops/pooling.h"

#include <math.h>
#include <string.h>

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  int most = node->op == &op_max_pool ? 2 : 1;
  if (n_outputs > most)
    return input_error(error, "it has %d outputs; at most %d are possible", n_outputs, most);
  if ((x[0]->type != TENSOR_INT64 || most == 1) && !check_type(x[0], TENSOR_FLOAT32, "the input", error))
    return false;
  return pooling_infer(node, x[0], y[0], error) &&
         (n_outputs < 2 || output_set(y[1], TENSOR_INT64, &y[0]->shape, error));
}

static bool wide_taps(const Pooling *pool) {
  return pool->taps > 256;
}

/* One window of all lanes: y and the taps (one of the two arrays, or neither). */
static void max_taps(int64_t lanes, const float *x, int64_t number, float *y, uint8_t *narrow,
                     int32_t *wide) {
  for (int64_t c = 0; c < lanes; c++) {
    bool better = x[c] > y[c] || x[c] != x[c];
    y[c] = better ? x[c] : y[c];
    if (narrow)
      narrow[c] = better ? (uint8_t)number : narrow[c];
    if (wide)
      wide[c] = better ? (int32_t)number : wide[c];
  }
}

static void max_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Pooling *pool = data;
  const Window *w = &pool->window;
  int64_t lanes = pool->planes.lanes;
  for (int64_t i = from; i < to; i++) {
    int64_t plane = i / pool->planes.pixels;
    Taps taps = taps_at(w, i % pool->planes.pixels);
    const float *x = tensor_floats(call->x[0]) + plane * pool->in_pixels * lanes;
    float *y = tensor_floats(call->y[0]) + i * lanes;
    uint8_t *narrow = call->saved && !wide_taps(pool) ? (uint8_t *)call->saved + i * lanes : NULL;
    int32_t *wide = call->saved && wide_taps(pool) ? (int32_t *)call->saved + i * lanes : NULL;
    bool first = true;
    FOR_TAPS(taps, tap) {
      const float *source = x + tap_pixel(w, &taps, tap) * lanes;
      int64_t number = tap_number(w, tap);
      if (first) {
        memcpy(y, source, sizeof(float) * (size_t)lanes);
        for (int64_t c = 0; narrow && c < lanes; c++)
          narrow[c] = (uint8_t)number;
        for (int64_t c = 0; wide && c < lanes; c++)
          wide[c] = (int32_t)number;
        first = false;
      } else {
        max_taps(lanes, source, number, y, narrow, wide);
      }
    }
    /* A window that lies in the padding altogether: nothing gets its gradient. */
    for (int64_t c = 0; first && c < lanes; c++)
      y[c] = -INFINITY;
    if (first && call->saved)
      memset(narrow ? (void *)narrow : wide, 0, (size_t)lanes * (narrow ? 1 : sizeof *wide));
  }
}

static size_t max_saved(const OpCall *call) {
  if (call->x[0]->type != TENSOR_FLOAT32)
    return 0;
  Pooling pool = pooling_of(call);
  return (size_t)tensor_count(call->y[0]) * (wide_taps(&pool) ? sizeof(int32_t) : 1);
}

/* The same of whole numbers, which have no gradient. */
static void whole_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Pooling *pool = data;
  int64_t lanes = pool->planes.lanes;
  for (int64_t i = from; i < to; i++) {
    Taps taps = taps_at(&pool->window, i % pool->planes.pixels);
    const int64_t *x = tensor_ints(call->x[0]) + i / pool->planes.pixels * pool->in_pixels * lanes;
    int64_t *y = tensor_ints(call->y[0]) + i * lanes;
    for (int64_t c = 0; c < lanes; c++)
      y[c] = G_MININT64;
    FOR_TAPS(taps, tap) {
      const int64_t *source = x + tap_pixel(&pool->window, &taps, tap) * lanes;
      for (int64_t c = 0; c < lanes; c++)
        y[c] = MAX(y[c], source[c]);
    }
  }
}

static bool is_maximum(const OpCall *call, int64_t x, int64_t y) {
  if (call->x[0]->type == TENSOR_INT64)
    return tensor_ints(call->x[0])[x] == tensor_ints(call->y[0])[y];
  float number = tensor_floats(call->x[0])[x], most = tensor_floats(call->y[0])[y];
  return number == most || (number != number && most != most);
}

/* The place of a pixel within its channel. */
static int64_t place_in_channel(const Window *w, int64_t pixel, bool columns_first) {
  int64_t width = pixel % w->in[WIDTH], rest = pixel / w->in[WIDTH], height = rest % w->in[HEIGHT],
          depth = rest / w->in[HEIGHT];
  return columns_first ? depth + w->in[DEPTH] * (height + w->in[HEIGHT] * width) : pixel;
}

/* The second output, from the first.  A window without any tap has place 0 of its channel. */
static void index_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Pooling *pool = data;
  const Window *w = &pool->window;
  int64_t lanes = pool->planes.lanes, channels = call->x[0]->shape.dim[1];
  bool columns_first = node_int(call->node, "storage_order", 0) != 0;
  for (int64_t i = from; i < to; i++) {
    int64_t plane = i / pool->planes.pixels;
    Taps taps = taps_at(w, i % pool->planes.pixels);
    for (int64_t c = 0; c < lanes; c++) {
      int64_t found = -1;
      FOR_TAPS(taps, tap) {
        int64_t pixel = tap_pixel(w, &taps, tap);
        if (found < 0 && is_maximum(call, (plane * pool->in_pixels + pixel) * lanes + c, i * lanes + c))
          found = pixel;
      }
      /* Both orders count images x channels: planes are images where the lanes are channels. */
      int64_t channel = lanes == channels ? plane * channels + c : plane;
      tensor_ints(call->y[1])[i * lanes + c] =
          channel * pool->in_pixels + place_in_channel(w, MAX(found, 0), columns_first);
    }
  }
}

static void max_forward(const OpCall *call) {
  Pooling pool = pooling_of(call);
  int64_t windows = pool.planes.planes * pool.planes.pixels,
          size = pooling_range(pool.planes.lanes * pool.taps);
  call_ranges(call, windows, size, call->x[0]->type == TENSOR_INT64 ? whole_range : max_range, &pool);
  if (call->n_outputs > 1)
    call_ranges(call, windows, size, index_range, &pool);
}

static void max_back_planes(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Pooling *pool = data;
  const Window *w = &pool->window;
  int64_t lanes = pool->planes.lanes, pixels = pool->planes.pixels;
  for (int64_t plane = from; plane < to; plane++) {
    float *dx = tensor_floats(call->dx[0]) + plane * pool->in_pixels * lanes;
    memset(dx, 0, sizeof(float) * (size_t)(pool->in_pixels * lanes));
    for (int64_t p = 0; p < pixels; p++) {
      Taps taps = taps_at(w, p);
      const float *dy = tensor_floats(call->dy[0]) + (plane * pixels + p) * lanes;
      for (int64_t c = 0; c < lanes; c++) {
        int64_t at = (plane * pixels + p) * lanes + c;
        int64_t t = wide_taps(pool) ? ((const int32_t *)call->saved)[at] : ((const uint8_t *)call->saved)[at];
        int64_t tap[SPACE] = {t / (w->kernel[1] * w->kernel[2]), t / w->kernel[2] % w->kernel[1],
                              t % w->kernel[2]};
        bool inside = true;
        for (int i = 0; i < SPACE; i++)
          inside = inside && tap[i] >= taps.from[i] && tap[i] < taps.to[i];
        if (inside)
          dx[tap_pixel(w, &taps, tap) * lanes + c] += dy[c];
      }
    }
  }
}

static void max_backward(const OpCall *call) {
  Pooling pool = pooling_of(call);
  if (call->dx[0])
    call_ranges(call, pool.planes.planes, pooling_range(pool.planes.pixels * pool.planes.lanes),
                max_back_planes, &pool);
}

#define MAX_POOL_OP(symbol, onnx_name)                                                                       \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 1,                                                                        \
                     .max_inputs = 1,                                                                        \
                     .layout = LAYOUT_PREFERS,                                                               \
                     .layout_inputs = 1,                                                                     \
                     .infer = infer,                                                                         \
                     .saved = max_saved,                                                                     \
                     .forward = max_forward,                                                                 \
                     .backward = max_backward}
MAX_POOL_OP(op_max_pool, "MaxPool");
MAX_POOL_OP(op_global_max_pool, "GlobalMaxPool");
