/* MaxPool, AveragePool, GlobalMaxPool: x (n, c, space...) -> y (n, c, space...), in both orders of memory.
 *
 *     max:     y[p] = max over taps of x[q(p, t)]     the gradient goes to the first tap that has the maximum
 *     average: y[p] = sum over taps of x[q(p, t)] / number of taps (inside; with count_include_pad also in
 * the padding)
 *
 * Of a maximum the tap is saved, in a byte where the window has at most 256 taps. */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"
#include "engine/ops/window.h"

#include <math.h>
#include <string.h>

static bool is_global(const Node *node) {
  return node->op == &op_global_max_pool;
}

static bool read_window(const Node *node, const Shape *input, Window *window, GError **error) {
  if (!is_global(node))
    return window_read(window, node, input, NULL, error);
  *window = (Window){0};
  if (input->rank < 3 || input->rank > 5)
    return input_error(error, "its input has rank %d; ranks 3 to 5 are supported", input->rank);
  for (int i = 0; i < SPACE; i++) {
    int axis = i - (SPACE - (input->rank - 2));
    window->in[i] = window->kernel[i] = axis < 0 ? 1 : input->dim[2 + axis];
    window->out[i] = window->stride[i] = window->dilation[i] = 1;
  }
  return space_count(window->in) > 0 || input_error(error, "its input has no pixels");
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Window window;
  if (!check_one_output(n_outputs, error) || !check_type(x[0], TENSOR_FLOAT32, "the input", error) ||
      !read_window(node, &x[0]->shape, &window, error))
    return false;
  if (window.kernel[0] > OP_COUNT_LIMIT / window.kernel[1] / window.kernel[2])
    return input_error(error, "its window is too large");
  Shape shape = window_output(&window, &x[0]->shape, x[0]->shape.dim[1]);
  return output_set(y[0], TENSOR_FLOAT32, &shape, error);
}

/* What the loops over windows share.  Planes of x have in[] pixels, planes of y out[] pixels. */
typedef struct {
  Window window;
  Planes planes; /* of y */
  int64_t in_pixels, taps;
  bool wide; /* a tap's number takes four bytes */
  bool count_padding;
} Pooling;

static Pooling pool_of(const OpCall *call) {
  Pooling pool;
  read_window(call->node, &call->x[0]->shape, &pool.window, NULL);
  pool.planes = tensor_planes(call->x[0]);
  pool.planes.pixels = space_count(pool.window.out);
  pool.in_pixels = space_count(pool.window.in);
  pool.taps = space_count(pool.window.kernel);
  pool.wide = pool.taps > 256;
  pool.count_padding = node_int(call->node, "count_include_pad", 0) != 0;
  return pool;
}

/* First and last + 1 tap of each axis that lie inside the input, for output pixel p; base is the (virtual)
 * pixel of tap 0. */
typedef struct {
  int64_t base[SPACE], from[SPACE], to[SPACE];
} Taps;

static Taps taps_at(const Window *w, int64_t p) {
  Taps taps;
  for (int i = SPACE - 1; i >= 0; i--) {
    int64_t base = p % w->out[i] * w->stride[i] - w->before[i], step = w->dilation[i];
    p /= w->out[i];
    taps.base[i] = base;
    taps.from[i] = base >= 0 ? 0 : MIN((-base + step - 1) / step, w->kernel[i]);
    int64_t room = w->in[i] - base;
    taps.to[i] = room <= 0 ? 0 : MIN((room + step - 1) / step, w->kernel[i]);
    taps.to[i] = MAX(taps.to[i], taps.from[i]);
  }
  return taps;
}

static int64_t tap_pixel(const Window *w, const Taps *taps, const int64_t tap[SPACE]) {
  int64_t pixel = 0;
  for (int i = 0; i < SPACE; i++)
    pixel = pixel * w->in[i] + taps->base[i] + tap[i] * w->dilation[i];
  return pixel;
}

#define FOR_TAPS(taps, tap)                                                                                  \
  for (int64_t tap[SPACE] = {(taps).from[0]}; tap[0] < (taps).to[0]; tap[0]++)                               \
    for (tap[1] = (taps).from[1]; tap[1] < (taps).to[1]; tap[1]++)                                           \
      for (tap[2] = (taps).from[2]; tap[2] < (taps).to[2]; tap[2]++)

static int64_t tap_number(const Window *w, const int64_t tap[SPACE]) {
  return (tap[0] * w->kernel[1] + tap[1]) * w->kernel[2] + tap[2];
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
    uint8_t *narrow = call->saved && !pool->wide ? (uint8_t *)call->saved + i * lanes : NULL;
    int32_t *wide = call->saved && pool->wide ? (int32_t *)call->saved + i * lanes : NULL;
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
  Pooling pool = pool_of(call);
  return (size_t)tensor_count(call->y[0]) * (pool.wide ? sizeof(int32_t) : 1);
}

static int64_t range_size(int64_t elements_each) {
  return MAX(1, RANGE_ELEMENTS / MAX(elements_each, 1));
}

static void max_forward(const OpCall *call) {
  Pooling pool = pool_of(call);
  call_ranges(call, pool.planes.planes * pool.planes.pixels, range_size(pool.planes.lanes * pool.taps),
              max_range, &pool);
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
        int64_t t = pool->wide ? ((const int32_t *)call->saved)[at] : ((const uint8_t *)call->saved)[at];
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
  Pooling pool = pool_of(call);
  if (call->dx[0])
    call_ranges(call, pool.planes.planes, range_size(pool.planes.pixels * pool.planes.lanes), max_back_planes,
                &pool);
}

/* 1 / number of taps that count for output pixel p. */
static float share(const Pooling *pool, int64_t p, const Taps *taps) {
  const Window *w = &pool->window;
  double count = 1;
  for (int i = 0; i < SPACE; i++) {
    int64_t n = taps->to[i] - taps->from[i];
    if (pool->count_padding) {
      int64_t room = w->in[i] + w->after[i] - taps->base[i];
      n = MIN((room + w->dilation[i] - 1) / w->dilation[i], w->kernel[i]);
    }
    count *= (double)n;
  }
  return count > 0 ? (float)(1 / count) : 0;
}

static void average_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Pooling *pool = data;
  int64_t lanes = pool->planes.lanes;
  for (int64_t i = from; i < to; i++) {
    int64_t p = i % pool->planes.pixels;
    Taps taps = taps_at(&pool->window, p);
    const float *x = tensor_floats(call->x[0]) + i / pool->planes.pixels * pool->in_pixels * lanes;
    float *y = tensor_floats(call->y[0]) + i * lanes, factor = share(pool, p, &taps);
    memset(y, 0, sizeof(float) * (size_t)lanes);
    FOR_TAPS(taps, tap) {
      const float *source = x + tap_pixel(&pool->window, &taps, tap) * lanes;
      for (int64_t c = 0; c < lanes; c++)
        y[c] += source[c];
    }
    for (int64_t c = 0; c < lanes; c++)
      y[c] *= factor;
  }
}

static void average_forward(const OpCall *call) {
  Pooling pool = pool_of(call);
  call_ranges(call, pool.planes.planes * pool.planes.pixels, range_size(pool.planes.lanes * pool.taps),
              average_range, &pool);
}

static void average_back_planes(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Pooling *pool = data;
  int64_t lanes = pool->planes.lanes, pixels = pool->planes.pixels;
  for (int64_t plane = from; plane < to; plane++) {
    float *dx = tensor_floats(call->dx[0]) + plane * pool->in_pixels * lanes;
    memset(dx, 0, sizeof(float) * (size_t)(pool->in_pixels * lanes));
    for (int64_t p = 0; p < pixels; p++) {
      Taps taps = taps_at(&pool->window, p);
      const float *dy = tensor_floats(call->dy[0]) + (plane * pixels + p) * lanes;
      float factor = share(pool, p, &taps);
      FOR_TAPS(taps, tap) {
        float *to_pixel = dx + tap_pixel(&pool->window, &taps, tap) * lanes;
        for (int64_t c = 0; c < lanes; c++)
          to_pixel[c] += factor * dy[c];
      }
    }
  }
}

static void average_backward(const OpCall *call) {
  Pooling pool = pool_of(call);
  if (call->dx[0])
    call_ranges(call, pool.planes.planes, range_size(pool.planes.pixels * pool.planes.lanes * pool.taps),
                average_back_planes, &pool);
}

#define POOL_OP(symbol, onnx_name, saved_bytes, forward_call, backward_call)                                 \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 1,                                                                        \
                     .max_inputs = 1,                                                                        \
                     .layout = LAYOUT_PREFERS,                                                               \
                     .layout_inputs = 1,                                                                     \
                     .infer = infer,                                                                         \
                     .saved = saved_bytes,                                                                   \
                     .forward = forward_call,                                                                \
                     .backward = backward_call}
POOL_OP(op_max_pool, "MaxPool", max_saved, max_forward, max_backward);
POOL_OP(op_global_max_pool, "GlobalMaxPool", max_saved, max_forward, max_backward);
POOL_OP(op_average_pool, "AveragePool", NULL, average_forward, average_backward);
