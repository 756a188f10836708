/* RMS norm (Zhang and Sennrich 2019, arXiv 1910.07467) as exporters spell it:
 *
 *     y = x / sqrt(mean x^2 + epsilon) [* scale]
 *
 * with x^2 as Pow or Mul, and the root as a divisor or a factor. */
#include "engine/passes/match.h"

#include <string.h>

static bool match_normal(Match *match, const GraphNode *node, ValueId *x, int *axis, float *epsilon) {
  ValueId mean;
  const Trial *trial;
  if (!match_rsqrt_factor(match, node, x, &mean, epsilon) || !(trial = match_trial(match, *x, 0)))
    return false;
  GraphNode *reduced = match_node(match, mean, "ReduceMean");
  *axis = reduced ? match_mean_axis(match, reduced, trial->shape.rank) : 0;
  if (*axis == 0)
    return false;
  GraphNode *square = match_node(match, reduced->inputs[0], "Pow");
  if (square)
    return match_same(match, square->inputs[0], *x) && match_is(match, square->inputs[1], 2);
  square = match_node(match, reduced->inputs[0], "Mul");
  return square && match_same(match, square->inputs[0], *x) && match_same(match, square->inputs[1], *x);
}

static bool match_scaled(Match *match, const GraphNode *node, ValueId inputs[2], int *axis, float *epsilon) {
  static const char *const forms[] = {"Mul", "Div"};
  for (int side = 0; side < 2; side++)
    for (int f = 0; f < 2; f++) {
      match_start(match);
      inputs[1] = node->inputs[1 - side];
      GraphNode *norm = match_node(match, node->inputs[side], forms[f]);
      if (norm && match_normal(match, norm, &inputs[0], axis, epsilon) &&
          match_affine(match, inputs[1], inputs[0], *axis))
        return true;
    }
  return false;
}

static bool recognise(Match *match, GraphNode *node) {
  ValueId inputs[2];
  int axis;
  float epsilon;
  bool product = strcmp(node->node.op->name, "Mul") == 0;
  if (!product && strcmp(node->node.op->name, "Div") != 0)
    return false;
  if (!product || !match_scaled(match, node, inputs, &axis, &epsilon)) {
    match_start(match);
    inputs[1] = VALUE_NONE;
    if (!match_normal(match, node, &inputs[0], &axis, &epsilon))
      return false;
  }
  if (!match_owns(match, node) || !match_same_shape(match, inputs[0], node->outputs[0]))
    return false;
  if (inputs[1] == VALUE_NONE)
    inputs[1] = match_ones(match, node, inputs[0], axis);
  if (inputs[1] == VALUE_NONE)
    return false;
  Node *norm = match_replace(match, node, "RMSNormalization", 2, inputs);
  node_set_int(norm, "axis", axis);
  node_set_float(norm, "epsilon", epsilon);
  return true;
}

static ValueId spell(Graph *graph, const Node *node, const char *name, int n_inputs, const ValueId *inputs,
                     const Shape *shapes, const TensorType *types, int opset) {
  int axis = (int)node_int(node, "axis", -1);
  ValueId norm = spell_rsqrt(graph, inputs[0], inputs[0], axis < 0 ? axis : axis - shapes[0].rank,
                             node_float(node, "epsilon", 1e-5f), opset);
  return GRAPH_ADD(graph, "Mul", name, norm, inputs[1]);
}

const StructureKind structure_rms_norm = {
    .name = "RMS norm", .op = "RMSNormalization", .recognise = recognise, .spell = spell, .opset = 23};
