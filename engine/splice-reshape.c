/* Reshape behind a splice: a wanted shape whose numbers are those of f's own tokens. */
#include "engine/splice-internal.h"

static ValueId elements_from(Graph *graph, ValueId list, int from, int to) {
  return GRAPH_ADD(graph, "Slice", "sizes", list, list_constant(graph, 1, (int64_t[]){from}),
                   list_constant(graph, 1, (int64_t[]){to}));
}

ValueId list_constant(Graph *graph, int n, const int64_t *numbers) {
  g_autoptr(Tensor) tensor = tensor_from_ints(&SHAPE(n), numbers);
  return graph_constant(graph, "numbers", tensor);
}

ValueId list_element(Graph *graph, ValueId list, int i) {
  return elements_from(graph, list, i, i + 1);
}

ValueId list_replace(Graph *graph, ValueId list, int n, const ValueId *elements) {
  ValueId parts[TENSOR_MAX_RANK];
  for (int i = 0; i < n; i++)
    parts[i] = elements[i] ? elements[i] : list_element(graph, list, i);
  ValueId replaced = graph_add(graph, "Concat", "sizes with tokens", n, parts);
  if (replaced)
    node_set_int(graph_last(graph), "axis", 0);
  return replaced;
}

/* The product of the sizes of the data's axes in the set. */
static ValueId product_of_axes(Graph *graph, ValueId data, unsigned axes) {
  ValueId shape = GRAPH_ADD(graph, "Shape", "shape", data), product = VALUE_NONE;
  for (int k = 0; k < TENSOR_MAX_RANK; k++)
    if (axes & 1u << k) {
      ValueId size = list_element(graph, shape, k);
      product = product ? GRAPH_ADD(graph, "Mul", "size", product, size) : size;
    }
  return product;
}

/* A table of f's own, for f's own tokens, whose sizes are computed from the longer signal (a bias of relative
 * positions): it keeps its shape here, and is made longer where it meets the signal. */
static bool keep_sizes(Replay *replay, const GraphNode *node, ValueId *inputs) {
  const Tensor *old = probe_value(replay->before, node->inputs[1]), *now = tensor_after(replay, inputs[1]);
  if (replay->signal[node->inputs[0]] || !old->data || !now->data || !shape_equal(&old->shape, &now->shape))
    return true;
  ValueId elements[TENSOR_MAX_RANK] = {VALUE_NONE};
  int n = (int)tensor_count(old), changed = 0;
  for (int i = 0; i < n && i < TENSOR_MAX_RANK; i++)
    if (tensor_ints(old)[i] != tensor_ints(now)[i]) {
      elements[i] = list_constant(replay->graph, 1, tensor_ints(old) + i);
      changed++;
    }
  if (changed)
    inputs[1] = list_replace(replay->graph, inputs[1], n, elements);
  return true;
}

bool repair_reshape(Replay *replay, const GraphNode *node, ValueId *inputs) {
  if (!inputs_grow(replay, node))
    return keep_sizes(replay, node, inputs);
  const Shape *from = shape_before(replay, node->inputs[0]), *to = shape_before(replay, node->outputs[0]);
  const Tensor *wanted = tensor_after(replay, inputs[1]);
  Growths growths;
  unsigned factors[TENSOR_MAX_RANK];
  if (!reshape_growths(from, &replay->growths[node->inputs[0]], to, &growths, factors))
    return splice_refuse(replay, node, "its sizes do not say which axis holds the tokens");
  if (!wanted->data || tensor_count(wanted) != to->rank)
    return splice_refuse(replay, node, "its wanted shape is not known before the run");
  ValueId elements[TENSOR_MAX_RANK] = {VALUE_NONE};
  bool any = false, zero_copies = node_int(&node->node, "allowzero", 0) == 0;
  for (int o = 0; o < to->rank; o++) {
    Growth growth = growths.axis[o];
    int64_t says = tensor_ints(wanted)[o], size = to->dim[o] + growth.count * growth.times;
    if (says == -1 || says == size || (says == 0 && zero_copies))
      continue;
    if (says != to->dim[o])
      return splice_refuse(replay, node, "its wanted shape is of other sizes");
    if (factors[o])
      elements[o] = product_of_axes(replay->graph, inputs[0], factors[o]);
    else if (growth.times == 1)
      elements[o] = GRAPH_ADD(replay->graph, "Add", "size", list_element(replay->graph, inputs[1], o),
                              list_constant(replay->graph, 1, &growth.count));
    else
      return splice_refuse(replay, node, "its tokens are merged with another axis");
    any = true;
  }
  if (any)
    inputs[1] = list_replace(replay->graph, inputs[1], to->rank, elements);
  return true;
}
