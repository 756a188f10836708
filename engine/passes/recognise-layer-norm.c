/* LayerNormalization (Ba et al. 2016, arXiv 1607.06450) as exporters spell it:
 *
 *     d = x - mean x        y = d / sqrt(mean d^2 + epsilon) [* scale] [+ shift]
 *
 * with d^2 as Pow or Mul, the subtraction written once or twice, and the root as a divisor or a factor. */
#include "engine/passes/match.h"

#include <string.h>

/* d: x and the axis of its mean. */
static bool match_centred(Match *match, ValueId value, ValueId *x, int *axis) {
  GraphNode *difference = match_node(match, value, "Sub");
  GraphNode *mean = difference ? match_node(match, difference->inputs[1], "ReduceMean") : NULL;
  const Trial *trial = mean ? match_trial(match, mean->inputs[0], 0) : NULL;
  if (!trial || !match_same(match, mean->inputs[0], difference->inputs[0]))
    return false;
  *x = mean->inputs[0];
  *axis = match_mean_axis(match, mean, trial->shape.rank);
  return *axis < 0;
}

/* What is squared, once as a power or twice as a factor. */
static bool match_square(Match *match, ValueId value, ValueId squared[2]) {
  GraphNode *node = match_node(match, value, "Pow");
  if (node) {
    squared[0] = squared[1] = node->inputs[0];
    return match_is(match, node->inputs[1], 2);
  }
  node = match_node(match, value, "Mul");
  for (int i = 0; node && i < 2; i++)
    squared[i] = node->inputs[i];
  return node != NULL;
}

static bool match_normal(Match *match, const GraphNode *node, ValueId *x, int *axis, float *epsilon) {
  ValueId centred, mean, squared[2], other_x;
  int other_axis;
  if (!match_rsqrt_factor(match, node, &centred, &mean, epsilon) || !match_centred(match, centred, x, axis))
    return false;
  GraphNode *reduced = match_node(match, mean, "ReduceMean");
  if (!reduced || !match_square(match, reduced->inputs[0], squared))
    return false;
  for (int i = 0; i < 2; i++)
    if (!match_centred(match, squared[i], &other_x, &other_axis) || !match_same(match, other_x, *x) ||
        other_axis != *axis)
      return false;
  return match_mean_axis(match, reduced, match_trial(match, *x, 0)->shape.rank) == *axis;
}

/* The norm, at the side of a product that is not the scale.  scale VALUE_NONE: the node is the norm. */
static bool match_scaled(Match *match, const GraphNode *node, ValueId *x, ValueId *scale, int *axis,
                         float *epsilon) {
  int start = match->n_nodes;
  for (int side = 0; side < 2 && strcmp(node->node.op->name, "Mul") == 0; side++) {
    static const char *const forms[] = {"Div", "Mul"};
    *scale = node->inputs[1 - side];
    for (int f = 0; f < 2; f++) {
      match->n_nodes = start;
      GraphNode *norm = match_node(match, node->inputs[side], forms[f]);
      if (norm && match_normal(match, norm, x, axis, epsilon) && match_affine(match, *scale, *x, *axis))
        return true;
    }
  }
  match->n_nodes = start;
  *scale = VALUE_NONE;
  return match_normal(match, node, x, axis, epsilon);
}

static bool match_all(Match *match, const GraphNode *node, ValueId inputs[3], int *axis, float *epsilon) {
  static const char *const forms[] = {"Mul", "Div"};
  inputs[2] = VALUE_NONE;
  if (strcmp(node->node.op->name, "Add") != 0)
    return match_scaled(match, node, &inputs[0], &inputs[1], axis, epsilon);
  for (int side = 0; side < 2; side++)
    for (int f = 0; f < 2; f++) {
      match_start(match);
      inputs[2] = node->inputs[1 - side];
      GraphNode *scaled = match_node(match, node->inputs[side], forms[f]);
      if (scaled && match_scaled(match, scaled, &inputs[0], &inputs[1], axis, epsilon) &&
          match_affine(match, inputs[2], inputs[0], *axis))
        return true;
    }
  return false;
}

static bool recognise(Match *match, GraphNode *node) {
  ValueId inputs[3];
  int axis;
  float epsilon;
  if (!match_all(match, node, inputs, &axis, &epsilon) || !match_owns(match, node) ||
      !match_same_shape(match, inputs[0], node->outputs[0]))
    return false;
  if (inputs[1] == VALUE_NONE)
    inputs[1] = match_ones(match, node, inputs[0], axis);
  if (inputs[1] == VALUE_NONE)
    return false;
  Node *norm = match_replace(match, node, "LayerNormalization", inputs[2] == VALUE_NONE ? 2 : 3, inputs);
  node_set_int(norm, "axis", axis);
  node_set_float(norm, "epsilon", epsilon);
  return true;
}

static ValueId spell(Graph *graph, const Node *node, const char *name, int n_inputs, const ValueId *inputs,
                     const Shape *shapes, const TensorType *types, int opset) {
  int rank = shapes[0].rank, axis = (int)node_int(node, "axis", -1);
  axis = axis < 0 ? axis : axis - rank;
  bool shifted = n_inputs > 2 && inputs[2] != VALUE_NONE;
  ValueId mean = spell_mean(graph, inputs[0], axis, opset);
  ValueId centred = GRAPH_ADD(graph, "Sub", "centred", inputs[0], mean);
  ValueId norm = spell_rsqrt(graph, centred, centred, axis, node_float(node, "epsilon", 1e-5f), opset);
  ValueId y = GRAPH_ADD(graph, "Mul", shifted ? "scaled" : name, norm, inputs[1]);
  return shifted ? GRAPH_ADD(graph, "Add", name, y, inputs[2]) : y;
}

const StructureKind structure_layer_norm = {
    .name = "layer norm", .op = "LayerNormalization", .recognise = recognise, .spell = spell, .opset = 17};
