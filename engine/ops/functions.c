/* Functions of one number that calculators have (function.h).  Where a function has no derivative, at its
 * jumps and kinks, the gradient is 0 or that of one side. */
#include "engine/ops/function.h"

#include <math.h>

#define TWO_OVER_SQRT_PI 1.1283791670955126f

FUNCTION(op_acos, "Acos", acosf(x), -1 / sqrtf(1 - x * x), FROM_X)
FUNCTION(op_acosh, "Acosh", acoshf(x), 1 / sqrtf(x * x - 1), FROM_X)
FUNCTION(op_asin, "Asin", asinf(x), 1 / sqrtf(1 - x * x), FROM_X)
FUNCTION(op_asinh, "Asinh", asinhf(x), 1 / sqrtf(x * x + 1), FROM_X)
FUNCTION(op_atan, "Atan", atanf(x), 1 / (x * x + 1), FROM_X)
FUNCTION(op_atanh, "Atanh", atanhf(x), 1 / (1 - x * x), FROM_X)
FUNCTION(op_ceil, "Ceil", ceilf(x), 0, FROM_NONE)
FUNCTION(op_cos, "Cos", cosf(x), -sinf(x), FROM_X)
FUNCTION(op_cosh, "Cosh", coshf(x), sinhf(x), FROM_X)
FUNCTION(op_erf, "Erf", erff(x), TWO_OVER_SQRT_PI *expf(-x *x), FROM_X)
FUNCTION(op_exp, "Exp", expf(x), y, FROM_Y)
FUNCTION(op_floor, "Floor", floorf(x), 0, FROM_NONE)
FUNCTION(op_log, "Log", logf(x), 1 / x, FROM_X)
FUNCTION(op_reciprocal, "Reciprocal", 1 / x, -y *y, FROM_Y)
/* Halves go to the even neighbour. */
FUNCTION(op_round, "Round", rintf(x), 0, FROM_NONE)
FUNCTION(op_sin, "Sin", sinf(x), cosf(x), FROM_X)
FUNCTION(op_sinh, "Sinh", sinhf(x), coshf(x), FROM_X)
FUNCTION(op_sqrt, "Sqrt", sqrtf(x), 0.5f / y, FROM_Y)
FUNCTION(op_tan, "Tan", tanf(x), 1 + y * y, FROM_Y)

/* Those of whole numbers too; the smallest has no opposite and stays. */
FUNCTION_WHOLE(op_abs, "Abs", fabsf(x), (float)((x > 0) - (x < 0)), FROM_X, (int64_t)x < 0 ? -x : x)
FUNCTION_WHOLE(op_neg, "Neg", -x, -1, FROM_NONE, -x)
FUNCTION_WHOLE(op_sign, "Sign", x != x ? x : (float)((x > 0) - (x < 0)), 0, FROM_NONE,
               ((int64_t)x > 0) - ((int64_t)x < 0))
