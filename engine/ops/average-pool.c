/* AveragePool: x (n, c, space...) -> y (n, c, space...), in both orders of memory.
 *
 *     y[p] = sum over taps of x[q(p, t)] / number of taps (inside; with count_include_pad also in the
 * padding)
 */
#include "engine/ops/ops.h"
#include "engine/ops/pooling.h"

#include <string.h>

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  return check_one_output(n_outputs, error) && check_type(x[0], TENSOR_FLOAT32, "the input", error) &&
         pooling_infer(node, x[0], y[0], error);
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
  Pooling pool = pooling_of(call);
  call_ranges(call, pool.planes.planes * pool.planes.pixels, pooling_range(pool.planes.lanes * pool.taps),
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
  Pooling pool = pooling_of(call);
  if (call->dx[0])
    call_ranges(call, pool.planes.planes, pooling_range(pool.planes.pixels * pool.planes.lanes * pool.taps),
                average_back_planes, &pool);
}

const Op op_average_pool = {.name = "AveragePool",
                            .min_inputs = 1,
                            .max_inputs = 1,
                            .layout = LAYOUT_PREFERS,
                            .layout_inputs = 1,
                            .infer = infer,
                            .forward = average_forward,
                            .backward = average_backward};
