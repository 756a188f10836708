/* Nodes that put tokens in, write over them and take them out, for builders of splices (splice.h).  The batch
 * and the number of tokens are read from the signal, so that a graph holds for any. */
#include "engine/splice.h"

static ValueId ints(Graph *graph, int n, const int64_t *numbers) {
  g_autoptr(Tensor) tensor = tensor_from_ints(&SHAPE(n), numbers);
  return graph_constant(graph, "numbers", tensor);
}

#define INTS(graph, ...)                                                                                     \
  ints(graph, (int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), (int64_t[]){__VA_ARGS__})

/* Elements from..to-1 along the axis; to = G_MAXINT64: all that are left. */
static ValueId cut(Graph *graph, const char *name, ValueId x, int axis, int64_t from, int64_t to) {
  return GRAPH_ADD(graph, "Slice", name, x, INTS(graph, from), INTS(graph, to), INTS(graph, axis));
}

static ValueId join(Graph *graph, const char *name, int axis, int n, const ValueId *parts) {
  if (n == 1)
    return parts[0];
  ValueId joined = graph_add(graph, "Concat", name, n, parts);
  if (joined)
    node_set_int(graph_last(graph), "axis", axis);
  return joined;
}

/* The table for every sample of the batch of x: (batch, ...). */
static ValueId repeat(Graph *graph, ValueId x, ValueId table) {
  ValueId batch = cut(graph, "batch", GRAPH_ADD(graph, "Shape", "shape", x), 0, 0, 1);
  ValueId own = GRAPH_ADD(graph, "Shape", "table's shape", table);
  ValueId wanted = join(graph, "shape for each sample", 0, 2, (ValueId[]){batch, own});
  return GRAPH_ADD(graph, "Expand", "tokens for each sample", table, wanted);
}

ValueId tokens_insert(Graph *graph, ValueId x, int axis, int64_t position, ValueId table) {
  ValueId parts[3];
  int n = 0;
  if (position > 0)
    parts[n++] = cut(graph, "tokens in front", x, axis, 0, position);
  parts[n++] = repeat(graph, x, table);
  parts[n++] = position > 0 ? cut(graph, "tokens behind", x, axis, position, G_MAXINT64) : x;
  return join(graph, "tokens put in", axis, n, parts);
}

ValueId tokens_overwrite(Graph *graph, ValueId x, int axis, int64_t position, int64_t count, ValueId table) {
  ValueId parts[3];
  int n = 0;
  if (position > 0)
    parts[n++] = cut(graph, "tokens in front", x, axis, 0, position);
  parts[n++] = repeat(graph, x, table);
  parts[n++] = cut(graph, "tokens behind", x, axis, position + count, G_MAXINT64);
  return join(graph, "tokens written over", axis, n, parts);
}

ValueId tokens_drop(Graph *graph, ValueId x, int axis, int64_t position, int64_t count) {
  ValueId behind = cut(graph, "tokens behind", x, axis, position + count, G_MAXINT64);
  if (position == 0)
    return behind;
  ValueId parts[] = {cut(graph, "tokens in front", x, axis, 0, position), behind};
  return join(graph, "tokens left", axis, 2, parts);
}

ValueId tokens_dummy(Graph *graph, ValueId ids, int64_t count, int64_t id) {
  g_autoptr(Tensor) one = tensor_from_ints(&SHAPE(1, 1), &id);
  ValueId batch = cut(graph, "batch", GRAPH_ADD(graph, "Shape", "shape", ids), 0, 0, 1);
  ValueId wanted = join(graph, "shape of dummies", 0, 2, (ValueId[]){batch, INTS(graph, count)});
  ValueId dummies = GRAPH_ADD(graph, "Expand", "dummy tokens", graph_constant(graph, "dummy", one), wanted);
  return join(graph, "ids behind dummies", 1, 2, (ValueId[]){dummies, ids});
}
