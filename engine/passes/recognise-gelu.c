/* GELU (Hendrycks and Gimpel 2016, arXiv 1606.08415) as exporters spell it:
 *
 *     y = x (1 + erf(x / sqrt 2)) / 2
 *     y = x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2
 *
 * in any order and grouping of the factors, with the argument as any polynomial that says the same. */
#include "engine/passes/match.h"

#include <math.h>

#define TANH_FACTOR 0.7978845608028654 /* sqrt(2 / pi) */
#define TANH_CUBE   0.044715

/* Files in float16 have these instead, rounded to it: sqrt 2, 1 / sqrt 2, sqrt(2 / pi), 0.044715. */
#define HALF_SQRT2   1.4140625
#define HALF_SQRT1_2 0.70703125
#define HALF_FACTOR  0.7978515625
#define HALF_CUBE    0.044708251953125

static bool is_erf_argument(double factor) {
  return match_near(factor, M_SQRT1_2) || match_near(factor, HALF_SQRT1_2) ||
         match_near(factor, 1 / HALF_SQRT2);
}

static bool is_argument(const double c[POLYNOMIAL], bool tanh) {
  if (c[0] != 0 || c[2] != 0)
    return false;
  if (!tanh)
    return c[3] == 0 && is_erf_argument(c[1]);
  return (match_near(c[1], TANH_FACTOR) && match_near(c[3], TANH_FACTOR * TANH_CUBE)) ||
         (match_near(c[1], HALF_FACTOR) && match_near(c[3], HALF_FACTOR * HALF_CUBE));
}

typedef struct {
  ValueId x;
  bool tanh;
} Found;

static bool fits(Match *match, const Gated *gated, void *data) {
  Found *found = data;
  static const char *const functions[] = {"Erf", "Tanh"};
  GraphNode *sum = match_node(match, gated->gate, "Add");
  float one;
  ValueId other;
  if (!sum || !match_near(gated->factor, 0.5) || !match_with_number(match, sum, &other, &one) || one != 1)
    return false;
  for (int i = 0; i < 2; i++) {
    GraphNode *function = match_node(match, other, functions[i]);
    double c[POLYNOMIAL];
    if (function) {
      *found = (Found){gated->x, i == 1};
      return match_polynomial(match, function->inputs[0], gated->x, c) && is_argument(c, i == 1);
    }
  }
  return false;
}

static bool recognise(Match *match, GraphNode *node) {
  Found found;
  if (!match_gated(match, node, fits, &found))
    return false;
  Node *gelu = match_replace(match, node, "Gelu", 1, &found.x);
  if (found.tanh)
    node_set_text(gelu, "approximate", "tanh");
  return true;
}

static ValueId number(Graph *graph, double x) {
  return graph_fill(graph, "number", &(Shape){0}, (float)x);
}

static ValueId spell(Graph *graph, const Node *node, const char *name, int n_inputs, const ValueId *inputs,
                     const Shape *shapes, const TensorType *types, int opset) {
  ValueId x = inputs[0], function;
  if (g_strcmp0(node_text(node, "approximate", "none"), "tanh") == 0) {
    ValueId square = GRAPH_ADD(graph, "Mul", "square", x, x);
    ValueId cube = GRAPH_ADD(graph, "Mul", "cube", square, x);
    ValueId term = GRAPH_ADD(graph, "Mul", "term", cube, number(graph, TANH_CUBE));
    ValueId sum = GRAPH_ADD(graph, "Add", "sum", x, term);
    function = GRAPH_ADD(graph, "Tanh", "tanh",
                         GRAPH_ADD(graph, "Mul", "argument", sum, number(graph, TANH_FACTOR)));
  } else
    function =
        GRAPH_ADD(graph, "Erf", "erf", GRAPH_ADD(graph, "Mul", "argument", x, number(graph, M_SQRT1_2)));
  ValueId gate = GRAPH_ADD(graph, "Add", "gate", function, number(graph, 1));
  return GRAPH_ADD(graph, "Mul", name, GRAPH_ADD(graph, "Mul", "half", x, number(graph, 0.5)), gate);
}

const StructureKind structure_gelu = {
    .name = "GELU", .op = "Gelu", .recognise = recognise, .spell = spell, .opset = 20};
