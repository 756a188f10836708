/* What is known before the run: the shape arithmetic of exported graphs is folded, bombs are refused at once,
 * and ops of indices give the numbers that ONNX says. */
#include "engine/error.h"
#include "engine/plan.h"
#include "tests/support/op-harness.h"

#include <string.h>

static ValueId ints(Graph *graph, const char *text) {
  int64_t numbers[16] = {0}, n = 0;
  for (const char *p = text; *p; p += *p == ' ')
    numbers[n++] = g_ascii_strtoll(p, (char **)&p, 10);
  g_autoptr(Tensor) tensor = tensor_from_ints(&SHAPE(n), numbers);
  return graph_constant(graph, "ints", tensor);
}

static ValueId one_int(Graph *graph, int64_t number) {
  g_autoptr(Tensor) tensor = tensor_from_ints(&SHAPE(), &number);
  return graph_constant(graph, "int", tensor);
}

static ValueId with_int(Graph *graph, ValueId value, const char *name, int64_t number) {
  node_set_int(graph_last(graph), name, number);
  return value;
}

/* The graph with this output, planned for batch 2. */
static Plan *plan_of(Graph *graph, ValueId output, GError **error) {
  ValueId outputs[] = {output, VALUE_NONE};
  PlanOptions options = {.batch = 2, .outputs = outputs, .shapes_only = true};
  return plan_new(graph, &options, error);
}

static void assert_folds(Graph *graph, ValueId output, const char *expected) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan = plan_of(graph, output, &error);
  g_assert_no_error(error);
  const Tensor *value = plan_value(plan, output);
  g_assert_nonnull(value->data);
  g_autoptr(GString) text = g_string_new(NULL);
  for (int64_t i = 0; i < tensor_count(value); i++)
    g_string_append_printf(text, "%s%" G_GINT64_FORMAT, i ? " " : "",
                           value->type == TENSOR_INT64  ? tensor_ints(value)[i]
                           : value->type == TENSOR_BOOL ? ((uint8_t *)value->data)[i]
                                                        : (int64_t)tensor_floats(value)[i]);
  g_assert_cmpstr(text->str, ==, expected);
}

static ValueId sizes_of_input(Graph *graph) {
  ValueId x = graph_input(graph, "x", TENSOR_FLOAT32, &SHAPE(-1, 3, 8, 6));
  return GRAPH_ADD(graph, "Shape", "shape", x);
}

/* view(x.shape[0], -1) and interpolate(x, (h // 2 * 3, w)), as PyTorch exports them. */
static void test_sizes(void) {
  g_autoptr(Graph) graph = graph_new();
  ValueId shape = sizes_of_input(graph);
  ValueId batch = with_int(graph, GRAPH_ADD(graph, "Gather", "n", shape, one_int(graph, 0)), "axis", 0);
  ValueId height = GRAPH_ADD(graph, "Gather", "h", shape, one_int(graph, -2));
  ValueId part = GRAPH_ADD(graph, "Div", "d", height, one_int(graph, 3));
  part = GRAPH_ADD(graph, "Mul", "m", part, one_int(graph, 5));
  part = GRAPH_ADD(graph, "Sub", "s", part, one_int(graph, 1));
  part = GRAPH_ADD(graph, "Add", "a", part, batch);
  ValueId list[] = {GRAPH_ADD(graph, "Unsqueeze", "u", batch, ints(graph, "0")), ints(graph, "-1"),
                    GRAPH_ADD(graph, "Unsqueeze", "v", part, ints(graph, "0"))};
  ValueId joined = with_int(graph, graph_add(graph, "Concat", "c", 3, list), "axis", 0);
  assert_folds(graph, joined, "2 -1 11");
  ValueId tail = GRAPH_ADD(graph, "Slice", "t", shape, ints(graph, "-1"), ints(graph, "-9"), ints(graph, "0"),
                           ints(graph, "-1"));
  assert_folds(graph, tail, "6 8 3 2");
  assert_folds(graph, GRAPH_ADD(graph, "Transpose", "tt", tail), "6 8 3 2");
  assert_folds(graph, with_int(graph, GRAPH_ADD(graph, "Cast", "f", tail), "to", 1), "6 8 3 2");
  ValueId halves[2];
  graph_add_many(graph, "Split", "split", 1, &shape, 2, (const char *const[]){"l", "r"}, halves);
  assert_folds(graph, halves[1], "8 6");
}

/* The grids and masks that decoders make from a size. */
static void test_grids(void) {
  g_autoptr(Graph) graph = graph_new();
  ValueId shape = sizes_of_input(graph);
  ValueId n = GRAPH_ADD(graph, "Gather", "n", shape, one_int(graph, 1));
  ValueId range = GRAPH_ADD(graph, "Range", "range", one_int(graph, 0), n, one_int(graph, 1));
  assert_folds(graph, range, "0 1 2");
  ValueId row = GRAPH_ADD(graph, "Unsqueeze", "row", range, ints(graph, "0"));
  assert_folds(graph, GRAPH_ADD(graph, "Expand", "e", row, ints(graph, "2 1")), "0 1 2 0 1 2");
  assert_folds(graph, GRAPH_ADD(graph, "Tile", "tile", row, ints(graph, "1 2")), "0 1 2 0 1 2");
  assert_folds(graph, GRAPH_ADD(graph, "Reshape", "r", row, ints(graph, "-1")), "0 1 2");
  assert_folds(graph, GRAPH_ADD(graph, "Size", "size", row), "3");
  ValueId square = GRAPH_ADD(graph, "Expand", "sq", row, ints(graph, "3 3"));
  assert_folds(graph, GRAPH_ADD(graph, "Trilu", "tri", square), "0 1 2 0 1 2 0 0 2");
  assert_folds(graph, GRAPH_ADD(graph, "NonZero", "nz", range), "1 2");
  g_autoptr(Tensor) one = tensor_from_ints(&SHAPE(1), &(int64_t){1});
  ValueId ones = GRAPH_ADD(graph, "ConstantOfShape", "ones", ints(graph, "2"));
  node_set_tensor(graph_last(graph), "value", one);
  assert_folds(graph, ones, "1 1");
  assert_folds(graph, GRAPH_ADD(graph, "ScatterND", "snd", range, ints(graph, "0"), one_int(graph, 7)),
               "7 1 2");
}

static ValueId bomb_expand(Graph *graph) {
  return GRAPH_ADD(graph, "Expand", "bomb", ints(graph, "1"), ints(graph, "100000000"));
}

static ValueId bomb_tile(Graph *graph) {
  return GRAPH_ADD(graph, "Tile", "bomb", ints(graph, "1 2 3"), ints(graph, "50000000"));
}

static ValueId bomb_fill(Graph *graph) {
  return GRAPH_ADD(graph, "ConstantOfShape", "bomb", ints(graph, "20000 20000"));
}

static ValueId bomb_range(Graph *graph) {
  return GRAPH_ADD(graph, "Range", "bomb", one_int(graph, 0), one_int(graph, 2000000000), one_int(graph, 1));
}

static ValueId bomb_pad(Graph *graph) {
  return GRAPH_ADD(graph, "Pad", "bomb", ints(graph, "1"), ints(graph, "1000000000 0"));
}

static ValueId bomb_eye(Graph *graph) {
  ValueId x = graph_input(graph, "x", TENSOR_FLOAT32, &SHAPE(30000, 30000));
  return GRAPH_ADD(graph, "EyeLike", "bomb", x);
}

static ValueId bomb_one_hot(Graph *graph) {
  return GRAPH_ADD(graph, "OneHot", "bomb", ints(graph, "1"), one_int(graph, 900000000), ints(graph, "0 1"));
}

/* Each step is small against what it comes from. */
static ValueId bomb_steps(Graph *graph) {
  ValueId value = ints(graph, "1 2 3 4 5 6 7 8");
  for (int i = 0; i < 13; i++)
    value = GRAPH_ADD(graph, "Tile", "bomb", value, ints(graph, "8"));
  return value;
}

/* All refused before much memory is touched. */
static void test_bombs(void) {
  static ValueId (*const bombs[])(Graph * graph) = {bomb_expand, bomb_tile, bomb_fill,    bomb_range,
                                                    bomb_pad,    bomb_eye,  bomb_one_hot, bomb_steps};
  for (size_t i = 0; i < G_N_ELEMENTS(bombs); i++) {
    g_autoptr(Graph) graph = graph_new();
    ValueId output = bombs[i](graph);
    g_autoptr(GError) error = NULL;
    g_autoptr(Plan) plan = plan_of(graph, output, &error);
    g_assert_null(plan);
    g_assert_nonnull(strstr(error->message, "'bomb'"));
    g_test_message("%s", error->message);
  }
}

/* What is computed at the run only: its memory is refused before it is had. */
static void test_runs_too_large(void) {
  enum { COPIES = 1000 };
  g_autoptr(Graph) graph = graph_new();
  ValueId x = graph_input(graph, "x", TENSOR_FLOAT32, &SHAPE(1)), outputs[COPIES + 1] = {VALUE_NONE};
  for (int i = 0; i < COPIES; i++)
    outputs[i] = GRAPH_ADD(graph, "Expand", "copy", x, ints(graph, "2000000000"));
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan = plan_new(graph, &(PlanOptions){.batch = 1, .outputs = outputs}, &error);
  g_assert_null(plan);
  g_assert_error(error, HOARFROST_ERROR, HOARFROST_ERROR_INPUT);
}

/* Many large constants do not keep later shape arithmetic from being folded, and are no bombs. */
static void test_large_constants(void) {
  g_autoptr(Graph) graph = graph_new();
  g_autoptr(Tensor) weights = tensor_new(TENSOR_FLOAT32, &SHAPE(4096, 4096), NULL);
  ValueId w = graph_constant(graph, "w", weights), list[6];
  for (int i = 0; i < 6; i++)
    list[i] = with_int(graph, GRAPH_ADD(graph, "Cast", "cast", w), "to", 1);
  ValueId joined = with_int(graph, graph_add(graph, "Concat", "concat", 6, list), "axis", 0);
  ValueId shape = GRAPH_ADD(graph, "Shape", "shape", joined);
  assert_folds(graph, GRAPH_ADD(graph, "Mul", "twice", shape, ints(graph, "2")), "49152 8192");
}

/* Values of an op whose inputs are known at the run only, or before. */
static void test_numbers(void) {
  static const struct {
    const char *op, *inputs, *attributes, *expected;
    int output;
  } rows[] = {
      {"GatherElements", "[2x2:1,2,3,4] {2x2:0,0,1,0}", "axis=1", "1 1 4 3"},
      {"GatherND", "[2x2:0,1,2,3] {2x1:1,0}", "batch_dims=1", "1 2"},
      {"GatherND", "[2x2:0,1,2,3] {1x2:5,0}", "", "0"},
      {"Scatter", "[1,2,3] {1,-1} [8,9]", "", "1 8 9"},
      {"ScatterElements", "[1,2,3] {1,1} [8,9]", "reduction=add", "1 19 3"},
      {"ScatterElements", "[1,2,3] {1,1} [8,9]", "reduction=mul", "1 144 3"},
      {"ScatterElements", "[1,2,3] {1,0} [-8,9]", "reduction=min", "1 -8 3"},
      {"ScatterND", "[1,2,3] {2x1:1,7} [8,9]", "reduction=max", "1 8 3"},
      {"Split", "[1,2,3,4,5]", "num_outputs=3", "5", 2},
      {"Tile", "[2x1:1,2] [1,3]", "", "1 1 1 2 2 2"},
      {"Trilu", "[2x3:1,2,3,4,5,6] =1", "", "0 2 3 0 0 6"},
      {"Trilu", "[2x3:1,2,3,4,5,6] =-1", "upper=0", "0 0 0 4 0 0"},
      {"EyeLike", "[2x3:0,0,0,0,0,0]", "k=1", "0 1 0 0 0 1"},
      {"OneHot", "{1,-1,5} =3 [0,9]", "", "0 9 0 0 0 9 0 0 0"},
      {"Compress", "[2x2:1,2,3,4] ?[0,1]", "axis=1", "2 4"},
      {"NonZero", "?[2x2:0,1,1,0]", "", "0 1 1 0"},
      {"Range", "=10 =3 =-3", "", "10 7 4"},
      {"ReverseSequence", "[3x2:1,2,3,4,5,6] {3,2}", "", "5 4 3 2 1 6"},
      {"Pad", "[1,2,3] [2,1]", "mode=wrap", "2 3 1 2 3 1"},
      {"Pad", "[1,2,3] [-1,1]", "mode=edge", "2 3 3"},
      {"DepthToSpace", "[1x4x1x2:1,2,3,4,5,6,7,8]", "blocksize=2", "1 3 2 4 5 7 6 8"},
      {"Unique", "[3,1,3,2]", "", "1 2 3", 0},
      {"Unique", "[3,1,3,2]", "", "1 3 0", 1},
      {"Unique", "[3,1,3,2]", "", "2 0 2 1", 2},
      {"Unique", "[3,1,3,2]", "sorted=0", "2 1 1", 3},
      {"Unique", "[3x2:5,1,4,4,5,1]", "axis=0", "4 4 5 1", 0},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    int outputs = strcmp(rows[i].op, "Unique") == 0 ? 4 : rows[i].output + 1;
    OpCase c = {rows[i].op, rows[i].inputs, rows[i].attributes, .n_outputs = outputs};
    g_autoptr(GError) error = NULL;
    g_autoptr(OpHarness) h = op_harness_new(&c, &error);
    g_assert_no_error(error);
    op_harness_forward(h, false);
    const Tensor *y = h->y[rows[i].output];
    g_autoptr(GString) text = g_string_new(NULL);
    g_assert_cmpint(y->type, ==, TENSOR_INT64);
    for (int64_t k = 0; k < tensor_count(y); k++)
      g_string_append_printf(text, "%s%" G_GINT64_FORMAT, k ? " " : "", tensor_ints(y)[k]);
    if (strcmp(text->str, rows[i].expected) != 0)
      g_error("%s of %s, %s: %s, not %s", rows[i].op, rows[i].inputs, rows[i].attributes, text->str,
              rows[i].expected);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/shapes/sizes", test_sizes);
  g_test_add_func("/shapes/grids", test_grids);
  g_test_add_func("/shapes/bombs", test_bombs);
  g_test_add_func("/shapes/runs-too-large", test_runs_too_large);
  g_test_add_func("/shapes/large-constants", test_large_constants);
  g_test_add_func("/shapes/numbers", test_numbers);
  return g_test_run();
}
