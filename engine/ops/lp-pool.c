/* LpPool, GlobalLpPool: x (n, c, space...) -> y (n, c, space...), in both orders of memory.
 *
 *     y[p] = (sum over taps of |x[q(p, t)]|^e)^(1/e)      dx[q] = sum over p of dy[p] sign(x[q]) (|x[q]| /
 * y[p])^(e - 1)
 *
 * e is attribute p, 2 where it is absent.  Where y is 0 no gradient passes. */
#include "engine/ops/ops.h"
#include "engine/ops/pooling.h"

#include <math.h>
#include <string.h>

/* A whole number, or in operator set 1 a real one. */
static float exponent(const Node *node) {
  const Attribute *p = node_attribute(node, "p");
  return !p ? 2 : p->type == ATTRIBUTE_FLOAT ? p->f : (float)p->i;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  float p = exponent(node);
  if (!(p >= 1 && p < 1000))
    return input_error(error, "its exponent p is %g; it must be at least 1 and below 1000", p);
  return check_one_output(n_outputs, error) && check_type(x[0], TENSOR_FLOAT32, "the input", error) &&
         pooling_infer(node, x[0], y[0], error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted & 1 ? KEEP_INPUT(0) | KEEP_OUTPUT(0) : 0;
}

static float power(float number, float p) {
  return p == 2 ? number * number : p == 1 ? fabsf(number) : powf(fabsf(number), p);
}

static void forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Pooling *pool = data;
  int64_t lanes = pool->planes.lanes;
  float p = exponent(call->node);
  for (int64_t i = from; i < to; i++) {
    Taps taps = taps_at(&pool->window, i % pool->planes.pixels);
    const float *x = tensor_floats(call->x[0]) + i / pool->planes.pixels * pool->in_pixels * lanes;
    float *y = tensor_floats(call->y[0]) + i * lanes;
    memset(y, 0, sizeof(float) * (size_t)lanes);
    FOR_TAPS(taps, tap) {
      const float *source = x + tap_pixel(&pool->window, &taps, tap) * lanes;
      for (int64_t c = 0; c < lanes; c++)
        y[c] += power(source[c], p);
    }
    for (int64_t c = 0; c < lanes; c++)
      y[c] = p == 2 ? sqrtf(y[c]) : p == 1 ? y[c] : powf(y[c], 1 / p);
  }
}

static void forward(const OpCall *call) {
  Pooling pool = pooling_of(call);
  call_ranges(call, pool.planes.planes * pool.planes.pixels, pooling_range(pool.planes.lanes * pool.taps),
              forward_range, &pool);
}

static void backward_planes(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Pooling *pool = data;
  int64_t lanes = pool->planes.lanes, pixels = pool->planes.pixels, size = pool->in_pixels * lanes;
  float p = exponent(call->node);
  for (int64_t plane = from; plane < to; plane++) {
    float *dx = tensor_floats(call->dx[0]) + plane * size;
    memset(dx, 0, sizeof(float) * (size_t)size);
    for (int64_t i = plane * pixels; i < (plane + 1) * pixels; i++) {
      Taps taps = taps_at(&pool->window, i % pixels);
      const float *dy = tensor_floats(call->dy[0]) + i * lanes, *y = tensor_floats(call->y[0]) + i * lanes;
      FOR_TAPS(taps, tap) {
        int64_t at = tap_pixel(&pool->window, &taps, tap) * lanes;
        const float *x = tensor_floats(call->x[0]) + plane * size + at;
        for (int64_t c = 0; c < lanes; c++)
          if (y[c] > 0)
            dx[at + c] += dy[c] * copysignf(power(x[c] / y[c], p - 1), x[c]);
      }
    }
  }
}

static void backward(const OpCall *call) {
  Pooling pool = pooling_of(call);
  if (call->dx[0])
    call_ranges(call, pool.planes.planes, pooling_range(pool.planes.pixels * pool.planes.lanes * pool.taps),
                backward_planes, &pool);
}

#define LP_POOL_OP(symbol, onnx_name)                                                                        \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 1,                                                                        \
                     .max_inputs = 1,                                                                        \
                     .layout = LAYOUT_PREFERS,                                                               \
                     .layout_inputs = 1,                                                                     \
                     .infer = infer,                                                                         \
                     .keeps = keeps,                                                                         \
                     .forward = forward,                                                                     \
                     .backward = backward}
LP_POOL_OP(op_lp_pool, "LpPool");
LP_POOL_OP(op_global_lp_pool, "GlobalLpPool");
