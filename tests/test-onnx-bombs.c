/* Small ONNX files that ask for huge results: each is refused by a sentence that names the node, when it is
 * loaded or when it is planned, before memory is taken.  What would only take long is left to the run. */
#include "data/onnx.h"
#include "engine/error.h"
#include "engine/plan.h"
#include "tests/support/hostile.h"
#include "tests/support/tiny-onnx.h"

#include <math.h>
#include <string.h>

/* The lists that the nodes of the table read. */
static const struct {
  const char *name;
  int64_t n, numbers[9];
} lists[] = {
    {"one", 1, {1}},
    {"two", 1, {2}},
    {"three", 1, {3}},
    {"big", 3, {1000000, 1000000, 4}},
    {"wide", 3, {300000, 1000, 4}},
    {"endless", 2, {G_MAXINT64, G_MAXINT64}},
    {"minus", 2, {-5, 4}},
    {"least", 2, {G_MININT64, 4}},
    {"axes9", 9, {1, 1, 1, 1, 1, 1, 1, 1, 1}},
    {"sizes", 4, {1, 1, 1 << 30, 1 << 30}},
    {"pads", 4, {0, 0, 0, 1LL << 40}},
    {"cut", 4, {0, -1000, 0, -1000}},
    {"square", 2, {4000, 4000}},
    {"steep", 2, {30000, 10000}},
    {"picture", 4, {1, 1, 400, 400}},
};

static const struct {
  const char *name;
  int64_t n;
  float numbers[4];
} floats[] = {
    {"scales", 4, {1, 1, 1e5f, 1e5f}},
    {"no_scales", 4, {1, 1, NAN, INFINITY}},
    {"less_scales", 4, {1, 1, -2, 1}},
    {"f_end", 1, {1e30f}},
    {"f_step", 1, {1e-30f}},
    {"f_start", 1, {0}},
    {"values", 2, {0, 1}},
};

/* A picture of 1 x 1 x 2 x 2 and numbers without axes. */
static void add_lists(GByteArray *graph) {
  static const float pixels[4] = {1, 2, 3, 4};
  for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
    wire_part(graph, GRAPH_INITIALISER,
              tiny_tensor(lists[i].name, ONNX_INT64, (int64_t[]){lists[i].n, -1}, lists[i].numbers,
                          sizeof(int64_t) * (size_t)lists[i].n));
  for (guint i = 0; i < G_N_ELEMENTS(floats); i++)
    wire_part(graph, GRAPH_INITIALISER,
              tiny_tensor(floats[i].name, ONNX_FLOAT, (int64_t[]){floats[i].n, -1}, floats[i].numbers,
                          sizeof(float) * (size_t)floats[i].n));
  wire_part(graph, GRAPH_INITIALISER,
            tiny_tensor("pixels", ONNX_FLOAT, (int64_t[]){1, 1, 2, 2, -1}, pixels, sizeof pixels));
  const int64_t numbers[] = {0, 1, G_MAXINT64, 1LL << 40};
  const char *const names[] = {"n0", "n1", "n_most", "n_much"};
  for (int i = 0; i < 4; i++)
    wire_part(graph, GRAPH_INITIALISER,
              tiny_tensor(names[i], ONNX_INT64, (int64_t[]){-1}, &numbers[i], sizeof numbers[i]));
}

typedef struct {
  const char *op, *inputs, *words;
} Row;

static const Row rows[] = {
    {"Expand", "one big", "bomb|Expand"},
    {"Expand", "x big", "bomb|Expand"},
    {"Expand", "x wide", "bomb|300000x1000x4|not to be trusted"},
    {"Expand", "x endless", "bomb|Expand"},
    {"Expand", "x minus", "bomb|Expand"},
    {"Expand", "x axes9", "bomb|Expand"},
    {"Tile", "one n_much", "bomb|Tile"},
    {"Tile", "x endless", "bomb|Tile"},
    {"Tile", "x least", "bomb|Tile"},
    {"Tile", "x steep", "bomb|Tile"},
    {"ConstantOfShape", "big", "bomb|ConstantOfShape"},
    {"ConstantOfShape", "wide", "bomb|ConstantOfShape"},
    {"ConstantOfShape", "endless", "bomb|ConstantOfShape"},
    {"ConstantOfShape", "minus", "bomb|ConstantOfShape"},
    {"ConstantOfShape", "least", "bomb|ConstantOfShape"},
    {"ConstantOfShape", "axes9", "bomb|ConstantOfShape"},
    {"Resize", "pixels - scales", "bomb|Resize"},
    {"Resize", "pixels - no_scales", "bomb|Resize"},
    {"Resize", "pixels - less_scales", "bomb|Resize"},
    {"Resize", "pixels - - sizes", "bomb|Resize"},
    {"Range", "n0 n_most n1", "bomb|Range"},
    {"Range", "n0 n_much n1", "bomb|Range"},
    {"Range", "n0 n_much n0", "bomb|Range"},
    {"Range", "f_start f_end f_step", "bomb|Range"},
    {"Pad", "x pads", "bomb|Pad"},
    {"Pad", "x cut", "bomb|Pad"},
    {"OneHot", "one n_much values", "bomb|OneHot"},
    {"OneHot", "one n_most values", "bomb|OneHot"},
    {"Reshape", "x endless", "bomb|Reshape"},
    {"Reshape", "x minus", "bomb|Reshape"},
    {"EyeLike", "endless", "bomb|EyeLike"},
};

/* Loads and plans; NULL and an error when either refuses. */
static Plan *plan_file(GByteArray *part, GError **error) {
  g_autoptr(GByteArray) file = part;
  g_autoptr(FrozenModel) model = onnx_load_bytes(file->data, file->len, "tiny.onnx", error);
  return model ? plan_new(model->graph, &(PlanOptions){.batch = 1}, error) : NULL;
}

static GByteArray *graph_with(const Row *row) {
  GByteArray *graph = tiny_graph();
  add_lists(graph);
  wire_part(graph, GRAPH_NODE, tiny_node(row->op, "bomb", row->inputs, "out"));
  wire_part(graph, GRAPH_OUTPUT, tiny_port("out", ONNX_FLOAT, (int64_t[]){0, 4, -1}));
  return graph;
}

static void test_row(gconstpointer data) {
  g_autoptr(GError) error = NULL;
  Effort effort = effort_start();
  g_autoptr(Plan) plan = plan_file(tiny_model(graph_with(data)), &error);
  g_assert_null(plan);
  assert_sentence(error, ((const Row *)data)->words);
  effort_check(&effort);
}

/* x with itself, again and again. */
static void test_doubling(void) {
  GByteArray *graph = tiny_graph();
  for (int i = 0; i < 60; i++) {
    g_autofree char *from = i ? g_strdup_printf("d%d d%d", i - 1, i - 1) : g_strdup("x x"),
                    *to = g_strdup_printf("d%d", i);
    GByteArray *node = tiny_node("Concat", to, from, to);
    tiny_node_int(node, "axis", 0);
    wire_part(graph, GRAPH_NODE, node);
  }
  wire_part(graph, GRAPH_OUTPUT, tiny_port("d59", ONNX_FLOAT, (int64_t[]){0, 4, -1}));
  g_autoptr(GError) error = NULL;
  Effort effort = effort_start();
  g_assert_null(plan_file(tiny_model(graph), &error));
  assert_sentence(error, "Concat|too large");
  effort_check(&effort);
}

/* Frozen numbers that would take long to compute are left to the run, which can be stopped. */
static void test_slow(void) {
  GByteArray *graph = tiny_graph();
  add_lists(graph);
  wire_part(graph, GRAPH_NODE, tiny_node("ConstantOfShape", "fill", "square", "m"));
  for (int i = 0; i < 20; i++) {
    g_autofree char *from = i ? g_strdup_printf("m%d m", i - 1) : g_strdup("m m"),
                    *to = g_strdup_printf("m%d", i);
    wire_part(graph, GRAPH_NODE, tiny_node("MatMul", to, from, to));
  }
  wire_part(graph, GRAPH_NODE, tiny_node("ConstantOfShape", "paint", "picture", "p"));
  GByteArray *pool = tiny_node("AveragePool", "pool", "p", "q");
  tiny_node_ints(pool, "kernel_shape", (int64_t[]){399, 399, G_MININT64});
  tiny_node_ints(pool, "pads", (int64_t[]){398, 398, 398, 398, G_MININT64});
  wire_part(graph, GRAPH_NODE, pool);
  wire_part(graph, GRAPH_OUTPUT, tiny_port("m19", ONNX_FLOAT, (int64_t[]){0, 4, -1}));
  wire_part(graph, GRAPH_OUTPUT, tiny_port("q", ONNX_FLOAT, (int64_t[]){0, 4, -1}));
  g_autoptr(GError) error = NULL;
  Effort effort = effort_start();
  g_autoptr(Plan) plan = plan_file(tiny_model(graph), &error);
  g_assert_no_error(error);
  effort_check(&effort);
}

/* Many nodes: what is done for each must not grow with their number. */
static void test_chain(void) {
  GByteArray *graph = tiny_graph();
  for (int i = 0; i < 20000; i++) {
    g_autofree char *from = i ? g_strdup_printf("r%d", i - 1) : g_strdup("y"),
                    *to = g_strdup_printf("r%d", i);
    wire_part(graph, GRAPH_NODE, tiny_node("Relu", to, from, to));
  }
  wire_part(graph, GRAPH_OUTPUT, tiny_port("r19999", ONNX_FLOAT, (int64_t[]){0, 3, -1}));
  g_autoptr(GByteArray) file = tiny_model(graph);
  g_autoptr(GError) error = NULL;
  Effort effort = effort_start();
  g_autoptr(FrozenModel) model = onnx_load_bytes(file->data, file->len, "tiny.onnx", &error);
  g_assert_no_error(error);
  effort_check(&effort);
}

/* An input that nobody can feed. */
static void test_input(void) {
  GByteArray *graph = tiny_graph();
  wire_part(graph, GRAPH_INPUT, tiny_port("huge", ONNX_FLOAT, (int64_t[]){1LL << 40, 1LL << 40, -1}));
  wire_part(graph, GRAPH_NODE, tiny_node("Relu", "bomb", "huge", "out"));
  wire_part(graph, GRAPH_OUTPUT, tiny_port("out", ONNX_FLOAT, (int64_t[]){0, 4, -1}));
  g_autoptr(GError) error = NULL;
  Effort effort = effort_start();
  g_assert_null(plan_file(tiny_model(graph), &error));
  assert_sentence(error, "huge");
  effort_check(&effort);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *path = g_strdup_printf("/onnx-bombs/%s/%u", rows[i].op, i);
    g_test_add_data_func(path, &rows[i], test_row);
  }
  g_test_add_func("/onnx-bombs/doubling", test_doubling);
  g_test_add_func("/onnx-bombs/slow", test_slow);
  g_test_add_func("/onnx-bombs/chain", test_chain);
  g_test_add_func("/onnx-bombs/input", test_input);
  return g_test_run();
}
