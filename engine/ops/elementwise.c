/* Add, Sub, Mul, Div, Mod and PRelu with numpy broadcasting (ONNX operator sets 7 and later).
 *
 *     Mod      y = a - b * floor(a / b); with fmod = 1: a - b * trunc(a / b)
 *     PRelu    y = a where a >= 0, else b * a, b the slope, which is repeated only
 *
 * Whole numbers wrap around on overflow; a division that has no result gives 0: the numbers come from files.
 */
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/pairs.h"

#include <math.h>

PAIR_ROW(float_add, float, float, float, p + q)
PAIR_ROW(float_sub, float, float, float, p - q)
PAIR_ROW(float_mul, float, float, float, p *q)
PAIR_ROW(float_div, float, float, float, p / q)
PAIR_ROW(int_add, uint64_t, uint64_t, uint64_t, p + q)
PAIR_ROW(int_sub, uint64_t, uint64_t, uint64_t, p - q)
PAIR_ROW(int_mul, uint64_t, uint64_t, uint64_t, p *q)

static int64_t divide(int64_t p, int64_t q) {
  return q == 0 || (q == -1 && p == G_MININT64) ? 0 : p / q;
}
PAIR_ROW(int_div, int64_t, int64_t, int64_t, divide(p, q))

PAIR_GRADIENT(same, float, float, g)
PAIR_GRADIENT(minus, float, float, -g)
PAIR_GRADIENT(mul_a, float, float, g *Q)
PAIR_GRADIENT(mul_b, float, float, g *P)
PAIR_GRADIENT(div_a, float, float, g / Q)
PAIR_GRADIENT(div_b, float, float, -g *P / (Q * Q))

#define BOTH (KEEP_INPUT(0) | KEEP_INPUT(1))
static const PairKind add = {.run = {float_add, int_add}, .gradient = {same, same}};
static const PairKind sub = {.run = {float_sub, int_sub}, .gradient = {same, minus}};
static const PairKind mul = {
    .run = {float_mul, int_mul}, .gradient = {mul_a, mul_b}, .reads = {KEEP_INPUT(1), KEEP_INPUT(0)}};
static const PairKind quotient = {
    .run = {float_div, int_div}, .gradient = {div_a, div_b}, .reads = {KEEP_INPUT(1), BOTH}};
PAIR_OP(op_add, "Add", add)
PAIR_OP(op_sub, "Sub", sub)
PAIR_OP(op_mul, "Mul", mul)
PAIR_OP(op_div, "Div", quotient)

/* The remainder with the sign of p, and with that of q. */
static int64_t truncated(int64_t p, int64_t q) {
  return q == 0 || q == -1 ? 0 : p % q;
}

static int64_t floored(int64_t p, int64_t q) {
  int64_t rest = truncated(p, q);
  return rest != 0 && (rest < 0) != (q < 0) ? rest + q : rest;
}

PAIR_ROW(float_floored, float, float, float, p - q * floorf(p / q))
PAIR_ROW(float_truncated, float, float, float, fmodf(p, q))
PAIR_ROW(int_floored, int64_t, int64_t, int64_t, floored(p, q))
PAIR_ROW(int_truncated, int64_t, int64_t, int64_t, truncated(p, q))
PAIR_GRADIENT(floored_b, float, float, -g *floorf(P / Q))
PAIR_GRADIENT(truncated_b, float, float, -g *truncf(P / Q))

static const PairKind mods[] = {
    {.run = {float_floored, int_floored}, .gradient = {same, floored_b}, .reads = {0, BOTH}},
    {.run = {float_truncated, int_truncated}, .gradient = {same, truncated_b}, .reads = {0, BOTH}},
};
PAIR_OP(op_mod, "Mod", mods[node_int(node, "fmod", 0) != 0])

/* Both numbers are read, so that a loop needs no branches. */
static inline float chosen(bool first, float one, float other) {
  return first ? one : other;
}

PAIR_ROW(float_slope, float, float, float, p < 0 ? p * q : p)
PAIR_ROW(int_slope, uint64_t, uint64_t, uint64_t, (int64_t)p < 0 ? p * q : p)
PAIR_GRADIENT(slope_a, float, float, g *chosen(P < 0, Q, 1))
PAIR_GRADIENT(slope_b, float, float, g *chosen(P < 0, P, 0))
static const PairKind slope = {
    .run = {float_slope, int_slope}, .gradient = {slope_a, slope_b}, .reads = {BOTH, KEEP_INPUT(0)}};

static bool slope_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                        Tensor *const *y, GError **error) {
  if (!pair_infer(&slope, x, n_outputs, y, error))
    return false;
  g_autofree char *text = shape_text(&x[1]->shape);
  return shape_equal(&y[0]->shape, &x[0]->shape) ||
         input_error(error, "its slope of shape %s is larger than its input", text);
}

static unsigned slope_keeps(const Node *node, unsigned wanted) {
  return pair_keeps(&slope, wanted);
}

static void slope_forward(const OpCall *call) {
  pair_forward(call, &slope);
}

static void slope_backward(const OpCall *call) {
  pair_backward(call, &slope);
}

const Op op_p_relu = {.name = "PRelu",
                      .min_inputs = 2,
                      .max_inputs = 2,
                      .layout = LAYOUT_FOLLOWS,
                      .layout_inputs = 1,
                      .infer = slope_infer,
                      .keeps = slope_keeps,
                      .scratch = pairs_scratch,
                      .forward = slope_forward,
                      .backward = slope_backward};
