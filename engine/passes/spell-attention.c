/* Attention in operators of ONNX, for files: the way back from recognise-attention.c. */
#include "engine/passes/match.h"

#include <math.h>

static ValueId numbers(Graph *graph, const char *name, int n, const int64_t *ints) {
  g_autoptr(Tensor) tensor = tensor_from_ints(&SHAPE(n), ints);
  return graph_constant(graph, name, tensor);
}

/* Repeats each head: (batch, kv_heads, tokens, d) to (batch, heads, tokens, d). */
static ValueId repeat_heads(Graph *graph, const char *name, ValueId x, const Shape *shape, int64_t heads) {
  const int64_t times[] = {1, 1, heads / shape->dim[1], 1, 1}, merged[] = {0, heads, -1, shape->dim[3]};
  ValueId more = GRAPH_ADD(graph, "Unsqueeze", name, x, numbers(graph, "axis", 1, (const int64_t[]){2}));
  ValueId repeated = GRAPH_ADD(graph, "Expand", name, more, numbers(graph, "times", 5, times));
  return GRAPH_ADD(graph, "Reshape", name, repeated, numbers(graph, "merged", 4, merged));
}

static ValueId swap_last(Graph *graph, ValueId x, int rank) {
  int64_t perm[TENSOR_MAX_RANK];
  for (int i = 0; i < rank; i++)
    perm[i] = i < rank - 2 ? i : 2 * rank - 3 - i;
  ValueId y = GRAPH_ADD(graph, "Transpose", "swapped", x);
  node_set_ints(graph_last(graph), "perm", rank, perm);
  return y;
}

/* The tokens of q or k, as one number in an axis. */
static ValueId tokens_of(Graph *graph, ValueId x, int rank) {
  ValueId sizes = GRAPH_ADD(graph, "Shape", "sizes", x);
  ValueId axis = numbers(graph, "axis", 1, (const int64_t[]){rank - 2});
  ValueId size = GRAPH_ADD(graph, "Gather", "size", sizes, axis);
  node_set_int(graph_last(graph), "axis", 0);
  return size;
}

/* -infinity at keys j > i + keys - tokens.  Read from q and k: the scores have one reader only. */
static ValueId add_causal(Graph *graph, ValueId scores, ValueId q, ValueId k, int rank) {
  ValueId tokens = tokens_of(graph, q, rank), keys = tokens_of(graph, k, rank);
  ValueId above = GRAPH_ADD(graph, "Sub", "above", keys, tokens);
  ValueId one = numbers(graph, "one", 1, (const int64_t[]){1});
  ValueId next = GRAPH_ADD(graph, "Add", "next", above, one);
  ValueId diagonal = GRAPH_ADD(graph, "Squeeze", "diagonal", next);
  ValueId last = GRAPH_ADD(graph, "Concat", "last", tokens, keys);
  node_set_int(graph_last(graph), "axis", 0);
  g_autoptr(Tensor) far = tensor_from_floats(&SHAPE(1), (const float[]){-INFINITY});
  ValueId full = GRAPH_ADD(graph, "ConstantOfShape", "full", last);
  if (graph_last(graph))
    node_set_tensor(graph_last(graph), "value", far);
  ValueId mask = GRAPH_ADD(graph, "Trilu", "causal", full, diagonal);
  node_set_int(graph_last(graph), "upper", 1);
  return GRAPH_ADD(graph, "Add", "masked", scores, mask);
}

static ValueId add_mask(Graph *graph, const Node *node, ValueId scores, ValueId mask, bool look) {
  if (!look)
    return GRAPH_ADD(graph, "Add", "masked", scores, mask);
  ValueId fill = graph_fill(graph, "fill", &(Shape){0}, node_float(node, "fill", -INFINITY));
  return GRAPH_ADD(graph, "Where", "masked", mask, scores, fill);
}

ValueId spell_attention(Graph *graph, const Node *node, const char *name, int n_inputs, const ValueId *inputs,
                        const Shape *shapes, const TensorType *types, int opset) {
  const Shape *q = &shapes[0], *k = &shapes[1], *v = &shapes[2];
  int rank = q->rank;
  ValueId keys = inputs[1], values = inputs[2];
  if (rank == 4 && (q->dim[1] < 1 || k->dim[1] < 1)) {
    graph_fail(graph, "node '%s' (Attention) has heads of no fixed number and cannot be written", node->name);
    return VALUE_NONE;
  }
  if (rank == 4 && q->dim[1] != k->dim[1]) {
    keys = repeat_heads(graph, "keys", keys, k, q->dim[1]);
    values = repeat_heads(graph, "values", values, v, q->dim[1]);
  }
  double otherwise = q->dim[rank - 1] > 0 ? 1 / sqrt((double)q->dim[rank - 1]) : 1;
  ValueId scale = graph_fill(graph, "scale", &(Shape){0}, node_float(node, "scale", (float)otherwise));
  ValueId product = GRAPH_ADD(graph, "MatMul", "scores", inputs[0], swap_last(graph, keys, rank));
  ValueId scores = GRAPH_ADD(graph, "Mul", "scaled", product, scale);
  for (int i = 3; i < n_inputs; i++)
    if (inputs[i] != VALUE_NONE)
      scores = add_mask(graph, node, scores, inputs[i], types[i] == TENSOR_BOOL);
  if (node_int(node, "causal", 0))
    scores = add_causal(graph, scores, inputs[0], keys, rank);
  ValueId probabilities = GRAPH_ADD(graph, "Softmax", "probabilities", scores);
  node_set_int(graph_last(graph), "axis", -1);
  return GRAPH_ADD(graph, "MatMul", name, probabilities, values);
}
