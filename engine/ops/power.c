/* Pow with numpy broadcasting (ONNX operator sets 7 and later).  The result has the base's type.
 *
 *     y = a^b        da = dy b a^(b-1),  db = dy y log(a), 0 where a <= 0
 *
 * A power of whole numbers wraps around; a negative power of one is cut to a whole number. */
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/pairs.h"

#include <math.h>

static int64_t whole_power(int64_t base, int64_t exponent) {
  uint64_t factor = (uint64_t)base, product = 1;
  if (exponent < 0)
    return base == 1 ? 1 : base == -1 ? (exponent & 1 ? -1 : 1) : 0;
  for (; exponent > 0; exponent >>= 1, factor *= factor)
    product *= exponent & 1 ? factor : 1;
  return (int64_t)product;
}

/* Cut to a whole number; what does not fit becomes the nearest that does. */
static int64_t cut(double number) {
  return isnan(number) ? 0 : number >= 0x1p63 ? G_MAXINT64 : number <= -0x1p63 ? G_MININT64 : (int64_t)number;
}

PAIR_ROW(any_power, float, float, float, powf(p, q))
PAIR_ROW(square, float, float, float, p *p)
PAIR_ROW(cube, float, float, float, p *p *p)
PAIR_ROW(float_int, float, int64_t, float, powf(p, (float)q))
PAIR_ROW(int_float, int64_t, float, int64_t, cut(pow((double)p, q)))
PAIR_ROW(int_int, int64_t, int64_t, int64_t, whole_power(p, q))

static float common_exponent(const PairRow *row) {
  return row->sb == 0 ? *(const float *)row->b : 0;
}

static void float_float(const PairRow *row, int64_t n, void *y) {
  float exponent = common_exponent(row);
  (exponent == 2 ? square : exponent == 3 ? cube : any_power)(row, n, y);
}

static inline float slope(float base, float exponent) {
  return exponent == 0 ? 0 : exponent * powf(base, exponent - 1);
}

PAIR_GRADIENT(any_by_base, float, float, g *slope(P, Q))
PAIR_GRADIENT(square_by_base, float, float, g * 2 * P)
PAIR_GRADIENT(cube_by_base, float, float, g * 3 * P * P)
PAIR_GRADIENT(by_base_int, float, int64_t, g *slope(P, (float)Q))
PAIR_GRADIENT(by_exponent, float, float, P > 0 ? g * powf(P, Q) * logf(P) : 0)

static void by_base(const PairRow *row, int64_t n, const float *dy, float *t) {
  float exponent = common_exponent(row);
  (exponent == 2 ? square_by_base : exponent == 3 ? cube_by_base : any_by_base)(row, n, dy, t);
}

/* By the types of base and exponent. */
static const PairRun runs[TENSOR_BOOL + 1][TENSOR_BOOL + 1] = {
    [TENSOR_FLOAT32] = {[TENSOR_FLOAT32] = float_float, [TENSOR_INT64] = float_int},
    [TENSOR_INT64] = {[TENSOR_FLOAT32] = int_float, [TENSOR_INT64] = int_int},
};

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Shape shape;
  if (!runs[x[0]->type][x[1]->type])
    return input_error(error, "its inputs have the types %s and %s; powers of truths do not exist",
                       tensor_type_name(x[0]->type), tensor_type_name(x[1]->type));
  return check_one_output(n_outputs, error) && broadcast_shape(&x[0]->shape, &x[1]->shape, &shape, error) &&
         output_set(y[0], x[0]->type, &shape, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted ? KEEP_INPUT(0) | KEEP_INPUT(1) : 0;
}

static void forward(const OpCall *call) {
  pairs_run(call, runs[call->x[0]->type][call->x[1]->type], NULL, call->x[0], call->x[1], call->y[0]);
}

static void backward(const OpCall *call) {
  const PairGradient gradients[] = {call->x[1]->type == TENSOR_FLOAT32 ? by_base : by_base_int, by_exponent};
  for (int k = 0; k < 2; k++)
    if (call->dx[k])
      pairs_gradient(call, gradients[k], NULL, call->x[0], call->x[1], call->dy[0], k, call->dx[k]);
}

const Op op_pow = {.name = "Pow",
                   .min_inputs = 2,
                   .max_inputs = 2,
                   .layout = LAYOUT_FOLLOWS,
                   .layout_inputs = 3,
                   .infer = infer,
                   .keeps = keeps,
                   .scratch = pairs_scratch,
                   .forward = forward,
                   .backward = backward};
