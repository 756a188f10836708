#include "tests/support/small-transformer.h"

#include "engine/random.h"

float small_draw(uint64_t stream, uint64_t i) {
  return (float)random_normal(&(Random){stream, RANDOM_DRAWING, 0}, i) * 0.5f;
}

Tensor *small_drawn(uint64_t stream, Shape shape) {
  Tensor *tensor = tensor_new(TENSOR_FLOAT32, &shape, NULL);
  for (int64_t i = 0; i < tensor_count(tensor); i++)
    tensor_floats(tensor)[i] = small_draw(stream, (uint64_t)i);
  return tensor;
}

static ValueId weight(Graph *graph, const char *name, uint64_t stream, Shape shape) {
  g_autoptr(Tensor) tensor = small_drawn(stream, shape);
  return graph_constant(graph, name, tensor);
}

static ValueId list(Graph *graph, int n, const int64_t *numbers) {
  g_autoptr(Tensor) tensor = tensor_from_ints(&SHAPE(n), numbers);
  return graph_constant(graph, "list", tensor);
}
#define LIST(graph, ...)                                                                                     \
  list(graph, (int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), (int64_t[]){__VA_ARGS__})

static ValueId turned(Graph *graph, const char *name, ValueId x, int n, const int64_t *perm) {
  ValueId y = GRAPH_ADD(graph, "Transpose", name, x);
  node_set_ints(graph_last(graph), "perm", n, perm);
  return y;
}

/* (batch, tokens, channels) as heads (batch, heads, tokens, width). */
static ValueId heads(Graph *graph, const char *name, ValueId x, Sizes sizes) {
  ValueId shape = sizes == SIZES_FOLLOW ? LIST(graph, 0, -1, SMALL_HEADS, SMALL_WIDTH)
                                        : LIST(graph, -1, SMALL_TOKENS, SMALL_HEADS, SMALL_WIDTH);
  return turned(graph, name, GRAPH_ADD(graph, "Reshape", "split heads", x, shape), 4,
                (int64_t[]){0, 2, 1, 3});
}

/* x (batch, SMALL_TOKENS, SMALL_CHANNELS) + positions -> attention block -> first token's row -> 3 answers.
 */
FrozenModel *small_transformer(Sizes sizes, bool masked) {
  FrozenModel *model = frozen_model_new();
  Graph *g = model->graph;
  ValueId x = graph_input(g, "x", TENSOR_FLOAT32, &SHAPE(-1, SMALL_TOKENS, SMALL_CHANNELS));
  ValueId embedded =
      GRAPH_ADD(g, "MatMul", "embedded", x, weight(g, "e", 1, SHAPE(SMALL_CHANNELS, SMALL_CHANNELS)));
  ValueId h =
      GRAPH_ADD(g, "Add", "positioned", embedded, weight(g, "p", 2, SHAPE(1, SMALL_TOKENS, SMALL_CHANNELS)));
  ValueId parts[3];
  for (int i = 0; i < 3; i++) {
    ValueId w = weight(g, "w", 3 + (uint64_t)i, SHAPE(SMALL_CHANNELS, SMALL_CHANNELS));
    parts[i] = heads(g, i == 1 ? "k" : i == 2 ? "v" : "q", GRAPH_ADD(g, "MatMul", "projected", h, w), sizes);
  }
  ValueId seen = masked ? weight(g, "mask", 9, SHAPE(SMALL_TOKENS, SMALL_TOKENS)) : VALUE_NONE;
  ValueId y =
      graph_add(g, "Attention", "attention", masked ? 4 : 3, (ValueId[]){parts[0], parts[1], parts[2], seen});
  ValueId rows = turned(g, "rows", y, 4, (int64_t[]){0, 2, 1, 3});
  ValueId together = sizes == SIZES_TORN       ? LIST(g, -1, SMALL_CHANNELS, SMALL_TOKENS)
                     : sizes == SIZES_CONSTANT ? LIST(g, -1, SMALL_TOKENS, SMALL_CHANNELS)
                                               : LIST(g, 0, 0, SMALL_CHANNELS);
  ValueId joined = GRAPH_ADD(g, "Reshape", "joined", rows, together);
  if (sizes == SIZES_TORN)
    joined = turned(g, "back", joined, 3, (int64_t[]){0, 2, 1});
  ValueId block = GRAPH_ADD(g, "Add", "block", h, joined);
  ValueId first = GRAPH_ADD(g, "Slice", "class token", block, LIST(g, 0), LIST(g, 1), LIST(g, 1));
  ValueId all = GRAPH_ADD(g, "Slice", "all tokens", block, LIST(g, 0), LIST(g, SMALL_TOKENS), LIST(g, 1));
  ValueId both = GRAPH_ADD(g, "Add", "both", first, all);
  ValueId mean = GRAPH_ADD(g, "ReduceMean", "mean", both);
  node_set_ints(graph_last(g), "axes", 1, (int64_t[]){1});
  node_set_int(graph_last(g), "keepdims", 0);
  graph_set_output(
      g, GRAPH_ADD(g, "MatMul", "answers", mean, weight(g, "o", 7, SHAPE(SMALL_CHANNELS, SMALL_ANSWERS))));
  g_assert_no_error(g->error);
  frozen_model_find_sites(model);
  return model;
}
