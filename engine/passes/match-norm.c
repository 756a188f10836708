/* What norms have in common: means over the last axes, 1 / sqrt(mean + epsilon), scales and shifts. */
#include "engine/passes/match.h"

#include <string.h>

#define MOST_ONES 65536 /* of a scale that is not there */

/* Axes of an attribute or of a frozen input; false: all or unknown. */
static bool mean_axes(Match *match, const GraphNode *node, const int64_t **axes, int *n) {
  if (node->n_inputs < 2) {
    *axes = node_ints(&node->node, "axes", n);
    return *n > 0;
  }
  const Value *value = graph_value(match->graph, node->inputs[1]);
  if (!value || value->kind != VALUE_CONSTANT || value->type != TENSOR_INT64 || value->shape.rank > 1)
    return false;
  *axes = tensor_ints(value->tensor);
  int64_t count = tensor_count(value->tensor);
  *n = (int)MIN(count, TENSOR_MAX_RANK + 1);
  return *n > 0;
}

int match_mean_axis(Match *match, const GraphNode *node, int rank) {
  const int64_t *axes;
  int n, first = 0;
  unsigned set = 0;
  if (node_int(&node->node, "keepdims", 1) == 0 || !mean_axes(match, node, &axes, &n) || n > rank)
    return 0;
  for (int i = 0; i < n; i++) {
    int64_t axis = axes[i] < 0 ? axes[i] : axes[i] - rank;
    if (axis < -rank || axis >= 0)
      return 0;
    set |= 1u << -axis;
    first = MIN(first, (int)axis);
  }
  return n == -first && set == (2u << n) - 2 ? first : 0;
}

/* mean + epsilon under a root, which may be spelled as a power. */
static bool match_root(Match *match, ValueId value, bool inverse, ValueId *mean, float *epsilon) {
  GraphNode *root = inverse ? NULL : match_node(match, value, "Sqrt");
  if (!root && (root = match_node(match, value, "Pow")) != NULL &&
      !match_is(match, root->inputs[1], inverse ? -0.5f : 0.5f))
    return false;
  GraphNode *sum = root ? match_node(match, root->inputs[0], "Add") : NULL;
  return sum && match_with_number(match, sum, mean, epsilon) && *epsilon >= 0;
}

static bool match_inverse(Match *match, ValueId value, ValueId *mean, float *epsilon) {
  GraphNode *node = match_node(match, value, "Reciprocal");
  if (node)
    return match_root(match, node->inputs[0], false, mean, epsilon);
  node = match_node(match, value, "Div");
  if (node)
    return match_is(match, node->inputs[0], 1) && match_root(match, node->inputs[1], false, mean, epsilon);
  return match_root(match, value, true, mean, epsilon);
}

bool match_rsqrt_factor(Match *match, const GraphNode *node, ValueId *other, ValueId *mean, float *epsilon) {
  if (strcmp(node->node.op->name, "Div") == 0) {
    *other = node->inputs[0];
    return match_root(match, node->inputs[1], false, mean, epsilon);
  }
  int start = match->n_nodes;
  for (int side = 0; side < 2 && strcmp(node->node.op->name, "Mul") == 0; side++) {
    match->n_nodes = start;
    *other = node->inputs[1 - side];
    if (match_inverse(match, node->inputs[side], mean, epsilon))
      return true;
  }
  return false;
}

bool match_affine(const Match *match, ValueId numbers, ValueId x, int axis) {
  for (int i = 0; i < match->n_trials; i++) {
    const Trial *a = match_trial(match, numbers, i), *b = match_trial(match, x, i);
    if (!a || !b || a->type != TENSOR_FLOAT32 || a->shape.rank > b->shape.rank || a->shape.rank < -axis)
      return false;
    for (int k = 1; k <= a->shape.rank; k++)
      if (a->shape.dim[a->shape.rank - k] != (k <= -axis ? b->shape.dim[b->shape.rank - k] : 1))
        return false;
  }
  return true;
}

ValueId match_ones(Match *match, const GraphNode *root, ValueId x, int axis) {
  const Shape *a = &match_trial(match, x, 0)->shape;
  Shape ones = {.rank = -axis};
  for (int i = 0; i < ones.rank; i++) {
    ones.dim[i] = a->dim[a->rank + axis + i];
    for (int t = 1; t < match->n_trials; t++)
      if (match_trial(match, x, t)->shape.dim[a->rank + axis + i] != ones.dim[i])
        return VALUE_NONE;
  }
  g_autofree char *name = g_strdup_printf("%s/ones", root->node.name);
  return shape_count(&ones) > 0 && shape_count(&ones) <= MOST_ONES ? graph_fill(match->graph, name, &ones, 1)
                                                                   : VALUE_NONE;
}

/* The axes from `axis` on: an attribute before operator set 18, an input from then on. */
ValueId spell_mean(Graph *graph, ValueId x, int axis, int opset) {
  int64_t axes[TENSOR_MAX_RANK];
  int n = -axis;
  for (int i = 0; i < n; i++)
    axes[i] = axis + i;
  if (opset >= 18) {
    g_autoptr(Tensor) tensor = tensor_from_ints(&SHAPE(n), axes);
    return GRAPH_ADD(graph, "ReduceMean", "mean", x, graph_constant(graph, "axes", tensor));
  }
  ValueId mean = GRAPH_ADD(graph, "ReduceMean", "mean", x);
  node_set_ints(graph_last(graph), "axes", n, axes);
  return mean;
}

ValueId spell_rsqrt(Graph *graph, ValueId x, ValueId squared, int axis, float epsilon, int opset) {
  ValueId square = GRAPH_ADD(graph, "Mul", "square", squared, squared);
  ValueId mean = spell_mean(graph, square, axis, opset);
  ValueId sum = GRAPH_ADD(graph, "Add", "sum", mean, graph_fill(graph, "epsilon", &(Shape){0}, epsilon));
  return GRAPH_ADD(graph, "Div", "normal", x, GRAPH_ADD(graph, "Sqrt", "root", sum));
}
