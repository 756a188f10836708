/* Activations of one number with their attributes (function.h); the relation to the papers' names:
 *
 *     Elu  x or alpha (e^x - 1)                 Clevert et al. 2016, arXiv 1511.07289
 *     Selu gamma times Elu                      Klambauer et al. 2017, arXiv 1706.02515
 *     Celu x or alpha (e^(x/alpha) - 1)         Barron 2017, arXiv 1704.07483
 *     HardSwish x min(max(x/6 + 1/2, 0), 1)     Howard et al. 2019, arXiv 1905.02244
 *     Mish x tanh(log(1 + e^x))                 Misra 2019, arXiv 1908.08681 */
#include "engine/ops/function.h"

#include <math.h>

static inline float logistic(float x) {
  return 1 / (1 + expf(-x));
}

/* log(1 + e^x) without overflow */
static inline float softplus(float x) {
  return (x > 0 ? x : 0) + log1pf(expf(-fabsf(x)));
}

static inline float between(float low, float x, float high) {
  float bounded = x < low ? low : x;
  return bounded > high ? high : bounded;
}

static inline float hard_swish_slope(float x) {
  float inside = x / 3 + 0.5f, left = x <= -3 ? 0 : inside;
  return x >= 3 ? 1 : left;
}

static inline float mish_slope(float x) {
  float w = tanhf(softplus(x));
  return w + x * (1 - w * w) * logistic(x);
}

FUNCTION_OF(op_celu, "Celu", "alpha", 1, "", 0, x > 0 ? x : alpha * expm1f(x / alpha),
            x > 0 ? 1 : expf(x / alpha), FROM_X)
FUNCTION_OF(op_elu, "Elu", "alpha", 1, "", 0, x > 0 ? x : alpha * expm1f(x), x > 0 ? 1 : alpha * expf(x),
            FROM_X)
FUNCTION_OF(op_hard_sigmoid, "HardSigmoid", "alpha", 0.2f, "beta", 0.5f, between(0, alpha *x + beta, 1),
            alpha *x + beta > 0 && alpha * x + beta < 1 ? alpha : 0, FROM_X)
FUNCTION(op_hard_swish, "HardSwish", x *between(0, x / 6 + 0.5f, 1), hard_swish_slope(x), FROM_X)
FUNCTION_OF(op_leaky_relu, "LeakyRelu", "alpha", 0.01f, "", 0, x *(x > 0 ? 1 : alpha), x > 0 ? 1 : alpha,
            FROM_X)
FUNCTION(op_mish, "Mish", x *tanhf(softplus(x)), mish_slope(x), FROM_X)
FUNCTION_OF(op_selu, "Selu", "alpha", 1.67326319217681884765625f, "gamma", 1.05070102214813232421875f,
            beta *(x > 0 ? x : alpha * expm1f(x)), beta *(x > 0 ? 1 : alpha * expf(x)), FROM_X)
FUNCTION_OF(op_shrink, "Shrink", "lambd", 0.5f, "bias", 0, x<-alpha ? x + beta : x> alpha ? x - beta : 0,
            x<-alpha || x> alpha ? 1 : 0, FROM_X)
FUNCTION(op_sigmoid, "Sigmoid", logistic(x), y *(1 - y), FROM_Y)
FUNCTION(op_softplus, "Softplus", softplus(x), logistic(x), FROM_X)
FUNCTION(op_softsign, "Softsign", x / (1 + fabsf(x)), 1 / ((1 + fabsf(x)) * (1 + fabsf(x))), FROM_X)
FUNCTION(op_tanh, "Tanh", tanhf(x), 1 - y * y, FROM_Y)
FUNCTION_OF(op_thresholded_relu, "ThresholdedRelu", "alpha", 1, "", 0, x > alpha ? x : 0, x > alpha ? 1 : 0,
            FROM_X)
