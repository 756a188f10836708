#include "data/onnx-internal.h"
#include "data/onnx-upgrade.h"

#include "onnx.pb-c.h"

#include <string.h>

/* What a node makes of the ranks of its inputs. */
typedef enum {
  RANK_FIRST,
  RANK_LARGEST,
  RANK_TWO,
  RANK_ONE,
  RANK_COUNT,
  RANK_MORE,
  RANK_LESS,
  RANK_KEEP,
  RANK_TAKEN
} RankRule;

static const struct {
  RankRule rule;
  const char *operators; /* between spaces */
} rows[] = {
    {RANK_FIRST,
     " Abs Acos Acosh Asin Asinh Atan Atanh AveragePool BatchNormalization Cast CastLike Ceil Celu Clip "
     "Concat Conv ConvTranspose Cos Cosh DepthToSpace DequantizeLinear Dropout Elu Erf Exp Floor "
     "GlobalAveragePool GlobalMaxPool HardSigmoid Hardmax Identity InstanceNormalization IsInf IsNaN LRN "
     "LeakyRelu Log LogSoftmax LpNormalization LpPool MaxPool Neg Not PRelu Pad QuantizeLinear Reciprocal "
     "Relu Resize Round Selu Shrink Sigmoid Sign Sin Sinh Slice Softmax Softplus Softsign SpaceToDepth Split "
     "Sqrt Tan Tanh ThresholdedRelu Tile TopK Transpose "},
    {RANK_LARGEST,
     " Add And BitShift Div Equal Greater GreaterOrEqual Less LessOrEqual MatMul Max Mean Min Mod Mul Or "
     "Pow Sub Sum Where Xor "},
    {RANK_TWO, " Flatten Gemm NonZero "},
    {RANK_ONE, " Compress Range Shape "},
    {RANK_COUNT, " ConstantOfShape Expand Reshape "},
    {RANK_MORE, " Unsqueeze "},
    {RANK_LESS, " Squeeze "},
    {RANK_KEEP,
     " ArgMax ArgMin ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin "
     "ReduceProd ReduceSum ReduceSumSquare "},
    {RANK_TAKEN, " Gather "},
};

static OnnxRank rank_of(const OnnxNode *node, ValueId id) {
  static const OnnxRank unknown = {-1, -1};
  if (id == VALUE_NONE)
    return unknown;
  const Value *value = graph_value(node->graph, id);
  if (value->kind != VALUE_COMPUTED)
    return (OnnxRank){value->shape.rank, value->tensor && tensor_count(value->tensor) <= TENSOR_MAX_RANK
                                             ? (int)tensor_count(value->tensor)
                                             : -1};
  return (guint)id < node->ranks->len ? g_array_index(node->ranks, OnnxRank, id) : unknown;
}

int onnx_rank(const OnnxNode *node, ValueId id) {
  return rank_of(node, id).rank;
}

/* Elements of an input; -1: not known, or too many for sizes. */
static int input_count(const OnnxNode *node, int input) {
  return input < node->n_inputs ? rank_of(node, node->inputs[input]).count : -1;
}

static bool keeps_axes(const OnnxNode *node) {
  for (size_t i = 0; i < node->proto->n_attribute; i++)
    if (g_strcmp0(node->proto->attribute[i]->name, "keepdims") == 0)
      return node->proto->attribute[i]->i != 0;
  return true;
}

static int largest_rank(const OnnxNode *node) {
  int largest = 0;
  for (int i = 0; i < node->n_inputs; i++) {
    int rank = onnx_rank(node, node->inputs[i]);
    if (rank < 0)
      return -1;
    largest = MAX(largest, rank);
  }
  return largest;
}

static int output_rank(const OnnxNode *node) {
  g_autofree char *word = g_strdup_printf(" %s ", node->op);
  guint row = 0;
  while (row < G_N_ELEMENTS(rows) && !strstr(rows[row].operators, word))
    row++;
  if (row == G_N_ELEMENTS(rows) || node->n_inputs == 0)
    return -1;
  RankRule rule = rows[row].rule;
  int first = onnx_rank(node, node->inputs[0]),
      second = node->n_inputs > 1 ? onnx_rank(node, node->inputs[1]) : -1,
      count = input_count(node, rule == RANK_COUNT && node->n_inputs == 1 ? 0 : 1);
  const int ranks[] = {
      [RANK_FIRST] = first,
      [RANK_LARGEST] = largest_rank(node),
      [RANK_TWO] = 2,
      [RANK_ONE] = 1,
      [RANK_COUNT] = count,
      [RANK_MORE] = first < 0 || count < 0 ? -1 : first + count,
      [RANK_LESS] = first < 0 || count < 0 ? -1 : first - count,
      [RANK_KEEP] = keeps_axes(node) ? first : -1,
      [RANK_TAKEN] = first < 1 || second < 0 ? -1 : first + second - 1,
  };
  return CLAMP(ranks[rule], -1, TENSOR_MAX_RANK);
}

/* A number of a constant list; false: it is none. */
static bool constant_element(const OnnxNode *node, int input, int64_t *number) {
  const Value *value = input < node->n_inputs && node->inputs[input] != VALUE_NONE
                           ? graph_value(node->graph, node->inputs[input])
                           : NULL;
  if (!value || !value->tensor || value->type != TENSOR_INT64 || tensor_count(value->tensor) != 1)
    return false;
  *number = *tensor_ints(value->tensor);
  return true;
}

/* Of a slice of a list. */
static int sliced_count(const OnnxNode *node) {
  int64_t from, to, step = 1, count = input_count(node, 0);
  bool stepped = node->n_inputs > 4 && (!constant_element(node, 4, &step) || step != 1);
  if (count < 0 || stepped || !constant_element(node, 1, &from) || !constant_element(node, 2, &to))
    return -1;
  from = CLAMP(from < 0 ? from + count : from, 0, count);
  to = CLAMP(to < 0 ? to + count : to, 0, count);
  return (int)MAX(to - from, 0);
}

static int joined_count(const OnnxNode *node) {
  int sum = 0;
  for (int i = 0; i < node->n_inputs; i++) {
    int count = input_count(node, i);
    if (count < 0)
      return -1;
    sum = MIN(sum + count, TENSOR_MAX_RANK + 1);
  }
  return sum <= TENSOR_MAX_RANK ? sum : -1;
}

static int most_counted(const OnnxNode *node) {
  int most = 0;
  for (int i = 0; i < node->n_inputs; i++) {
    int count = input_count(node, i);
    if (count < 0)
      return -1;
    most = MAX(most, count);
  }
  return most;
}

/* What becomes of lists of sizes and single sizes on their way to a Reshape. */
static int output_count(const OnnxNode *node, int rank) {
  static const char *const same[] = {"Cast", "Identity", "Squeeze", "Unsqueeze", "Floor", NULL},
                           *const pointwise[] = {"Add", "Div", "Max", "Min", "Mul", "Sub", NULL};
  if (rank < 0 || rank > 1 || node->n_inputs == 0)
    return -1;
  if (strcmp(node->op, "Shape") == 0)
    return onnx_rank(node, node->inputs[0]);
  if (strcmp(node->op, "Concat") == 0)
    return joined_count(node);
  if (strcmp(node->op, "Gather") == 0)
    return input_count(node, 1);
  if (strcmp(node->op, "Slice") == 0)
    return sliced_count(node);
  if (g_strv_contains(pointwise, node->op))
    return most_counted(node);
  return g_strv_contains(same, node->op) ? input_count(node, 0) : -1;
}

void onnx_note_ranks(OnnxNode *node, int n_outputs, const ValueId *outputs) {
  static const OnnxRank unknown = {-1, -1};
  int rank = output_rank(node);
  for (int i = 0; i < n_outputs; i++) {
    while (node->ranks->len <= (guint)outputs[i])
      g_array_append_val(node->ranks, unknown);
    g_array_index(node->ranks, OnnxRank, outputs[i]) = (OnnxRank){rank, output_count(node, rank)};
  }
}
