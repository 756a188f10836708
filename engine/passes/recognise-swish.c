/* SiLU (Hendrycks and Gimpel 2016, arXiv 1606.08415), also with a number inside: y = x sigmoid(alpha x). */
#include "engine/passes/match.h"

typedef struct {
  ValueId x;
  double alpha;
} Found;

static bool fits(Match *match, const Gated *gated, void *data) {
  Found *found = data;
  double c[POLYNOMIAL];
  GraphNode *sigmoid = match_node(match, gated->gate, "Sigmoid");
  if (!sigmoid || gated->factor != 1 || !match_polynomial(match, sigmoid->inputs[0], gated->x, c))
    return false;
  *found = (Found){gated->x, c[1]};
  return c[0] == 0 && c[2] == 0 && c[3] == 0;
}

static bool recognise(Match *match, GraphNode *node) {
  Found found;
  if (!match_gated(match, node, fits, &found))
    return false;
  node_set_float(match_replace(match, node, "Swish", 1, &found.x), "alpha", (float)found.alpha);
  return true;
}

static ValueId spell(Graph *graph, const Node *node, const char *name, int n_inputs, const ValueId *inputs,
                     const Shape *shapes, const TensorType *types, int opset) {
  ValueId alpha = graph_fill(graph, "alpha", &(Shape){0}, node_float(node, "alpha", 1));
  ValueId z = GRAPH_ADD(graph, "Mul", "argument", inputs[0], alpha);
  return GRAPH_ADD(graph, "Mul", name, inputs[0], GRAPH_ADD(graph, "Sigmoid", "gate", z));
}

const StructureKind structure_swish = {
    .name = "SiLU", .op = "Swish", .recognise = recognise, .spell = spell, .opset = 24};
