/* Comparisons, truths and bits of two operands with numpy broadcasting: Equal, Greater, GreaterOrEqual, Less,
 * LessOrEqual; And, Or, Xor; BitwiseAnd, BitwiseOr, BitwiseXor, BitShift.  No gradient passes. */
#include "engine/ops/ops.h"
#include "engine/ops/pairs.h"

#include <string.h>

typedef uint8_t Truth;

#define COMPARISON(symbol, onnx_name, expression)                                                            \
  PAIR_ROW(symbol##_floats, float, float, Truth, expression)                                                 \
  PAIR_ROW(symbol##_ints, int64_t, int64_t, Truth, expression)                                               \
  PAIR_ROW(symbol##_truths, Truth, Truth, Truth, expression)                                                 \
  static const PairKind symbol##_kind = {.run = {symbol##_floats, symbol##_ints, symbol##_truths},           \
                                         .truth = true};                                                     \
  PAIR_TEST(symbol, onnx_name, symbol##_kind)
COMPARISON(op_equal, "Equal", p == q)
COMPARISON(op_greater, "Greater", p > q)
COMPARISON(op_greater_or_equal, "GreaterOrEqual", p >= q)
COMPARISON(op_less, "Less", p < q)
COMPARISON(op_less_or_equal, "LessOrEqual", p <= q)

#define TRUTHS(symbol, onnx_name, expression)                                                                \
  PAIR_ROW(symbol##_truths, Truth, Truth, Truth, expression)                                                 \
  static const PairKind symbol##_kind = {.run = {[TENSOR_BOOL] = symbol##_truths}};                          \
  PAIR_TEST(symbol, onnx_name, symbol##_kind)
TRUTHS(op_and, "And", p &q)
TRUTHS(op_or, "Or", p | q)
TRUTHS(op_xor, "Xor", p ^ q)

#define BITS(symbol, onnx_name, expression)                                                                  \
  PAIR_ROW(symbol##_ints, uint64_t, uint64_t, uint64_t, expression)                                          \
  static const PairKind symbol##_kind = {.run = {[TENSOR_INT64] = symbol##_ints}};                           \
  PAIR_TEST(symbol, onnx_name, symbol##_kind)
BITS(op_bitwise_and, "BitwiseAnd", p &q)
BITS(op_bitwise_or, "BitwiseOr", p | q)
BITS(op_bitwise_xor, "BitwiseXor", p ^ q)

/* BitShift: zeros come in. */
PAIR_ROW(shift_left, uint64_t, uint64_t, uint64_t, q < 64 ? p << q : 0)
PAIR_ROW(shift_right, uint64_t, uint64_t, uint64_t, q < 64 ? p >> q : 0)
static const PairKind shifts[] = {{.run = {[TENSOR_INT64] = shift_left}},
                                  {.run = {[TENSOR_INT64] = shift_right}}};

/* 0: to the left; 1: to the right; -1: the attribute says neither. */
static int shift_of(const Node *node) {
  const char *direction = node_text(node, "direction", "");
  return strcmp(direction, "LEFT") == 0 ? 0 : strcmp(direction, "RIGHT") == 0 ? 1 : -1;
}

static bool shift_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                        Tensor *const *y, GError **error) {
  if (shift_of(node) < 0)
    return input_error(error, "its direction is '%s'; LEFT and RIGHT exist",
                       node_text(node, "direction", ""));
  return pair_infer(&shifts[shift_of(node)], x, n_outputs, y, error);
}

static void shift_forward(const OpCall *call) {
  pair_forward(call, &shifts[shift_of(call->node)]);
}

const Op op_bit_shift = {PAIR_MEMBERS(shift, "BitShift")};
