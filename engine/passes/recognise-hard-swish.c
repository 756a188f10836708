/* HardSwish (Howard et al. 2019, arXiv 1905.02244) as exporters spell it:
 *
 *     y = x HardSigmoid(x),  alpha = 1/6, beta = 1/2        y = x Clip(x + 3, 0, 6) / 6 */
#include "engine/passes/match.h"

static bool has_bound(Match *match, const GraphNode *clip, int input, const char *attribute, float bound) {
  if (input < clip->n_inputs && clip->inputs[input] != VALUE_NONE)
    return match_is(match, clip->inputs[input], bound);
  return match_near(node_float(&clip->node, attribute, -1), bound);
}

/* The gate is a clipped line of x: Clip(c0 + c1 x, 0, top), which is top HardSwish / x. */
static bool fits(Match *match, const Gated *gated, void *data) {
  double c[POLYNOMIAL];
  *(ValueId *)data = gated->x;
  GraphNode *gate = match_node(match, gated->gate, "HardSigmoid");
  if (gate)
    return match_same(match, gate->inputs[0], gated->x) && match_near(gated->factor, 1) &&
           match_near(node_float(&gate->node, "alpha", 0.2f), 1.0 / 6) &&
           node_float(&gate->node, "beta", 0.5f) == 0.5f;
  gate = match_node(match, gated->gate, "Clip");
  if (!gate || !(gated->factor > 0) || !match_polynomial(match, gate->inputs[0], gated->x, c))
    return false;
  double top = 1 / gated->factor;
  return has_bound(match, gate, 1, "min", 0) && has_bound(match, gate, 2, "max", (float)top) &&
         match_near(c[0], top / 2) && match_near(c[1], top / 6) && c[2] == 0 && c[3] == 0;
}

static bool recognise(Match *match, GraphNode *node) {
  ValueId x;
  return op_find("HardSwish") && match_gated(match, node, fits, &x) &&
         match_replace(match, node, "HardSwish", 1, &x) != NULL;
}

static ValueId spell(Graph *graph, const Node *node, const char *name, int n_inputs, const ValueId *inputs,
                     const Shape *shapes, const TensorType *types, int opset) {
  ValueId low = graph_fill(graph, "low", &(Shape){0}, 0), high = graph_fill(graph, "high", &(Shape){0}, 6);
  ValueId three = graph_fill(graph, "three", &(Shape){0}, 3);
  ValueId sum = GRAPH_ADD(graph, "Add", "sum", inputs[0], three);
  ValueId gate = GRAPH_ADD(graph, "Clip", "gate", sum, low, high);
  return GRAPH_ADD(graph, "Div", name, GRAPH_ADD(graph, "Mul", "product", inputs[0], gate), high);
}

const StructureKind structure_hard_swish = {
    .name = "HardSwish", .op = "HardSwish", .recognise = recognise, .spell = spell, .opset = 14};
