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
  RANK_KEEP
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
};

int onnx_rank(const OnnxNode *node, ValueId id) {
  if (id == VALUE_NONE)
    return -1;
  const Value *value = graph_value(node->graph, id);
  if (value->kind != VALUE_COMPUTED)
    return value->shape.rank;
  return (guint)id < node->ranks->len ? g_array_index(node->ranks, int, id) : -1;
}

/* Numbers in a constant input; -1: it is none. */
static int constant_count(const OnnxNode *node, int input) {
  if (input >= node->n_inputs || node->inputs[input] == VALUE_NONE)
    return -1;
  const Value *value = graph_value(node->graph, node->inputs[input]);
  return value->tensor && tensor_count(value->tensor) <= TENSOR_MAX_RANK ? (int)tensor_count(value->tensor)
                                                                         : -1;
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
      count = constant_count(node, rule == RANK_COUNT && node->n_inputs == 1 ? 0 : 1);
  const int ranks[] = {
      [RANK_FIRST] = first,
      [RANK_LARGEST] = largest_rank(node),
      [RANK_TWO] = 2,
      [RANK_ONE] = 1,
      [RANK_COUNT] = count,
      [RANK_MORE] = first < 0 || count < 0 ? -1 : first + count,
      [RANK_LESS] = first < 0 || count < 0 ? -1 : first - count,
      [RANK_KEEP] = keeps_axes(node) ? first : -1,
  };
  return CLAMP(ranks[rule], -1, TENSOR_MAX_RANK);
}

void onnx_note_ranks(OnnxNode *node, int n_outputs, const ValueId *outputs) {
  int rank = output_rank(node), unknown = -1;
  for (int i = 0; i < n_outputs; i++) {
    while (node->ranks->len <= (guint)outputs[i])
      g_array_append_val(node->ranks, unknown);
    g_array_index(node->ranks, int, outputs[i]) = rank;
  }
}
