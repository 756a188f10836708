/* Functions of one number, and what works element by element with broadcasting. */
#include "tests/support/op-cases.h"

/* A quarter off whole numbers: never at a kink or jump, of which those are whole or half. */
static float quarters(int k, int64_t i) {
  return op_fill_kinks(k, i) + 0.25f;
}

/* Neighbours of different inputs differ by 1/4 at least. */
static float apart(int k, int64_t i) {
  return op_fill_kinks(k, i) + 0.25f * (float)k;
}

/* -0.75..0.75 */
static float inner(int k, int64_t i) {
  return 0.75f * op_fill_smooth(k, i);
}

/* 1.5..3.5 */
static float above_one(int k, int64_t i) {
  return op_fill_positive(k, i) + 1;
}

/* Dividends a quarter off whole numbers, and the divisors 2, 3, -4, which they are never a multiple of. */
static float divided(int k, int64_t i) {
  return k == 0 ? quarters(k, i) : (float[]){2, 3, -4}[i % 3];
}

#define PIECEWISE(op)                                                                                        \
  { op, quarters, 0.125, 1e-5 }
#define SMOOTH(op)                                                                                           \
  { op, op_fill_smooth, 0x1p-7, 1e-3 }
static const OpRule rules[] = {
    PIECEWISE("Ceil"),
    PIECEWISE("Floor"),
    PIECEWISE("HardSigmoid"),
    PIECEWISE("HardSwish"),
    PIECEWISE("PRelu"),
    PIECEWISE("Round"),
    PIECEWISE("Shrink"),
    PIECEWISE("Sign"),
    PIECEWISE("ThresholdedRelu"),
    SMOOTH("Asinh"),
    SMOOTH("Atan"),
    SMOOTH("Cos"),
    SMOOTH("Cosh"),
    SMOOTH("Gelu"),
    SMOOTH("Mish"),
    SMOOTH("Sin"),
    SMOOTH("Sinh"),
    SMOOTH("Softplus"),
    SMOOTH("Swish"),
    SMOOTH("Tan"),
    {"Acos", inner, 0x1p-7, 2e-3},
    {"Acosh", above_one, 0x1p-7, 2e-3},
    {"Asin", inner, 0x1p-7, 2e-3},
    {"Atanh", inner, 0x1p-7, 4e-3},
    {"Celu", quarters, 0x1p-7, 1e-3},
    {"Elu", quarters, 0x1p-7, 1e-3},
    {"Max", apart, 0.0625, 1e-5},
    {"Min", apart, 0.0625, 1e-5},
    {"Mod", divided, 0x1p-7, 1e-5},
    {"Pow", op_fill_positive, 0x1p-7, 4e-3},
    {"Reciprocal", op_fill_positive, 0x1p-7, 4e-3},
    {"Selu", quarters, 0x1p-7, 1e-3},
    {"Softsign", quarters, 0x1p-7, 1e-3},
    {NULL},
};

#define FUNCTION(op)                                                                                         \
  {op, "7", ""}, {op, "2x3x4x5", ""}, {                                                                      \
    op, "()", ""                                                                                             \
  }
#define PAIR(op)                                                                                             \
  {op, "2x3x4x5 2x3x4x5", ""}, {op, "3x4x4 5x3x4x4", ""}, {op, "2x3x4x5 1x3x1x1", ""}, {op, "4x1 1x7", ""},  \
      {op, "() 7", ""}, {                                                                                    \
    op, "0x3 3", ""                                                                                          \
  }
#define BITS(op)                                                                                             \
  {op, "[1,2,3] =1", ""}, {op, "[3x1:1,2,3] [5,6]", ""}, {                                                   \
    op, "[0x2:] [1,1]", ""                                                                                   \
  }
#define TRUTHS(op)                                                                                           \
  {op, "?[1,0,1,0] ?[1,1,0,0]", ""}, {                                                                       \
    op, "?[2x1:1,0] ?[1,1,0]", ""                                                                            \
  }
#define VARIADIC(op)                                                                                         \
  {op, "2x3x4x5", ""}, {op, "2x3x4x5 2x3x4x5 2x3x4x5", ""}, {op, "2x3x4x5 1x3x1x1 ()", ""},                  \
      {op, "5 3x5 2x1x5 1", ""}, {                                                                           \
    op, "0x3 3", ""                                                                                          \
  }

static const OpRow rows[] = {
    FUNCTION("Acos"),
    FUNCTION("Acosh"),
    FUNCTION("Asin"),
    FUNCTION("Asinh"),
    FUNCTION("Atan"),
    FUNCTION("Atanh"),
    FUNCTION("Ceil"),
    FUNCTION("Celu"),
    FUNCTION("Cos"),
    FUNCTION("Cosh"),
    FUNCTION("Elu"),
    FUNCTION("Floor"),
    FUNCTION("Gelu"),
    FUNCTION("HardSigmoid"),
    FUNCTION("HardSwish"),
    FUNCTION("IsInf"),
    FUNCTION("IsNaN"),
    FUNCTION("Mish"),
    FUNCTION("Reciprocal"),
    FUNCTION("Round"),
    FUNCTION("Selu"),
    FUNCTION("Shrink"),
    FUNCTION("Sign"),
    FUNCTION("Sin"),
    FUNCTION("Sinh"),
    FUNCTION("Softplus"),
    FUNCTION("Softsign"),
    FUNCTION("Swish"),
    FUNCTION("Tan"),
    FUNCTION("ThresholdedRelu"),
    {"Celu", "2x3x7", "alpha=2.5"},
    {"Elu", "2x3x7", "alpha=0.5"},
    {"Gelu", "2x3x7", "approximate=tanh"},
    {"HardSigmoid", "2x3x7", "alpha=0.4 beta=0.25"},
    {"IsInf", "7", "detect_negative=0"},
    {"Selu", "2x3x7", "alpha=2.0 gamma=0.5"},
    {"Shrink", "2x3x7", "lambd=1.5 bias=1.5"},
    {"Swish", "2x3x7", "alpha=1.75"},
    {"ThresholdedRelu", "2x3x7", "alpha=2.0"},
    PAIR("Equal"),
    PAIR("Greater"),
    PAIR("GreaterOrEqual"),
    PAIR("Less"),
    PAIR("LessOrEqual"),
    PAIR("Mod"),
    PAIR("Pow"),
    {"Mod", "2x3x7 7", "fmod=1"},
    {"Pow", "2x3x7 =2.0", ""},
    {"Pow", "2x3x7 =3.0", ""},
    {"Pow", "2x3x7 =-0.5", ""},
    {"Pow", "2x3x7 =2", ""},
    {"Pow", "2x3 [3,1,0]", ""},
    {"PRelu", "2x3x4x5 3x1x1", ""},
    {"PRelu", "2x3x4x5 2x3x4x5", ""},
    {"PRelu", "2x3x4x5 5", ""},
    {"PRelu", "2x3x4x5 1x3x1x1", ""},
    {"PRelu", "4 ()", ""},
    VARIADIC("Max"),
    VARIADIC("Mean"),
    VARIADIC("Min"),
    VARIADIC("Sum"),
    {"Where", "?[2x3:1,0,1,0,0,1] 2x3 2x3", ""},
    {"Where", "?[3x1:1,0,1] 2x3x5 5", ""},
    {"Where", "?[1x3x1x1:1,0,1] 2x3x4x5 ()", ""},
    {"Where", "?[1] 3x1 1x4", ""},
    {"Where", "?[1x2x2x2:1,0,1,0,0,1,1,1] 1x2x2x2 3x2x2x2", ""},
    {"CastLike", "2x3 3", ""},
    {"CastLike", "2x3x4x5 [1]", ""},
    {"CastLike", "[1,2] 1", ""},
    {"Relu", "[1,-2]", ""},
    {"Clip", "[1,-2] =0", ""},
    {"DequantizeLinear", "[2x3:1,2,3,4,5,255] =0.5 =128", ""},
    {"DequantizeLinear", "[2x3:1,2,3,4,5,255] 2 [1,2]", "axis=0"},
    {"DequantizeLinear", "[1x2x2:1,2,3,4] 2", ""},
    {"DynamicQuantizeLinear", "2x3x4", "", 3},
    {"DynamicQuantizeLinear", "0x3", "", 3},
    {"QuantizeLinear", "2x3x7 =0.5 =128", ""},
    {"QuantizeLinear", "2x3x7 3", "output_dtype=3"},
    {"QuantizeLinear", "2x7 2 [1,2]", "axis=-2"},
    BITS("BitwiseAnd"),
    BITS("BitwiseOr"),
    BITS("BitwiseXor"),
    {"BitShift", "[1,2,3] =1", "direction=LEFT"},
    {"BitShift", "[3x1:1,2,3] [5,66]", "direction=RIGHT"},
    {"BitwiseNot", "[1,-2]", ""},
    {"BitwiseNot", "[2x1:1,-2]", ""},
    TRUTHS("And"),
    TRUTHS("Equal"),
    TRUTHS("Or"),
    TRUTHS("Xor"),
    {"Not", "?[1,0]", ""},
    {"Not", "?[2x1:1,0]", ""},
    {NULL},
};

static const OpRow large[] = {
    {"Gelu", "3x5x61x63", ""},
    {"Tan", "3x5x61x63", ""},
    {"Pow", "4x16x40x40 16x1x1", ""},
    {"Max", "4x16x40x40 16x1x1 4x16x40x40", ""},
    {"Mean", "4x16x40x40 4x16x1x1 40", ""},
    {"PRelu", "4x16x40x40 16x1x1", ""},
    {"Less", "4x16x40x40 4x16x40x40", ""},
    {"Where", "?[4x1x1x1:1,0,0,1] 4x16x40x40 16x1x1", ""},
    {NULL},
};

static const OpRow bad[] = {
    {"And", "2 2", ""},
    {"BitShift", "[1] [1]", ""},
    {"BitShift", "[1] [1]", "direction=UP"},
    {"BitShift", "2 2", "direction=LEFT"},
    {"Clip", "[1,-2] =0.5", ""},
    {"Equal", "2x3 [1,2,3]", ""},
    {"Gelu", "2", "approximate=sigmoid"},
    {"Less", "70000x1 1x70000", ""},
    {"Max", "2x3 2x4", ""},
    {"Max", "2x3 [1]", ""},
    {"Max", "2x3 - 3", ""},
    {"Mean", "[1,2] [1]", ""},
    {"Not", "2", ""},
    {"Pow", "?[1] 2", ""},
    {"PRelu", "3 2x3", ""},
    {"Relu", "?[1]", ""},
    {"DequantizeLinear", "2x3 =0.5", ""},
    {"DequantizeLinear", "[1,2] =0.5 =0.5", ""},
    {"DynamicQuantizeLinear", "2x3", ""},
    {"QuantizeLinear", "2x3 2", ""},
    {"QuantizeLinear", "2x3 3", "axis=2"},
    {"QuantizeLinear", "2x3 1x3", ""},
    {"QuantizeLinear", "2x3 3 [1,2]", ""},
    {"QuantizeLinear", "2x3 =0.5", "output_dtype=1"},
    {"QuantizeLinear", "2x4 2x2", "block_size=2"},
    {"Sin", "[1]", ""},
    {"Sum", "70000x1 1x70000", ""},
    {"Where", "2 2 2", ""},
    {"Where", "?[1] 2 [1]", ""},
    {"Where", "?[1,0,1] 2 1", ""},
    {NULL},
};

const OpFamily op_cases_pointwise = {rows, large, bad, rules};
