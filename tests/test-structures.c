/* Structures: tiny graphs in each spelling are recognised and give the same numbers and gradients as before,
 * near misses are left alone, and what is written to a file is spelled out again. */
#include "data/onnx-write.h"
#include "data/onnx.h"
#include "engine/graph-shapes.h"
#include "engine/plan.h"
#include "engine/random.h"
#include "tests/support/graph-of-lines.h"

#include <math.h>
#include <string.h>

#define TOLERANCE 1e-6 /* relative L2 of answers; gradients have ten times as much */

typedef struct {
  const char *name, *graph;
  const char *finds;      /* the op; NULL: nothing */
  const char *attributes; /* of the op: "causal=1"; NULL: any */
} Case;

#include "tests/support/structure-cases.inc"

typedef struct {
  Tensor *y;
  GPtrArray *gradients;
} Result;

static void result_clear(Result *result) {
  tensor_unref(result->y);
  g_ptr_array_unref(result->gradients);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Result, result_clear)

static void fill(Tensor *tensor, uint64_t seed) {
  Random random = {seed, RANDOM_PATTERN, 0};
  for (int64_t i = 0; i < tensor_count(tensor); i++)
    tensor_floats(tensor)[i] = (float)random_normal(&random, (uint64_t)i);
}

static Tensor *copy(const Tensor *tensor) {
  return tensor_from_floats(&tensor->shape, tensor_floats(tensor));
}

/* The first output, and from a random seed the gradients to all inputs. */
static Result run_graph(const Graph *graph, int64_t batch) {
  g_autofree ValueId *wanted = g_new0(ValueId, graph->inputs->len + 1);
  for (guint i = 0; i < graph->inputs->len; i++)
    wanted[i] = g_array_index(graph->inputs, ValueId, i);
  ValueId output = g_array_index(graph->outputs, ValueId, 0);
  PlanOptions options = {.batch = batch, .target = output, .gradients = wanted};
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan = plan_new(graph, &options, &error);
  g_assert_no_error(error);
  g_autoptr(Workspace) workspace = workspace_new(plan, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < graph->inputs->len; i++)
    fill(workspace_input(workspace, wanted[i]), 5 + i);
  g_assert_true(workspace_forward(workspace, NULL));
  Result result = {copy(workspace_output(workspace, output)),
                   g_ptr_array_new_with_free_func((GDestroyNotify)tensor_unref)};
  fill(workspace_seed(workspace), 77);
  g_assert_true(workspace_backward(workspace, NULL));
  for (guint i = 0; i < graph->inputs->len; i++)
    g_ptr_array_add(result.gradients, copy(workspace_gradient(workspace, wanted[i])));
  return result;
}

static void assert_near(const Tensor *a, const Tensor *b, double tolerance, const char *what) {
  double difference = 0, size = 0;
  g_assert_true(shape_equal(&a->shape, &b->shape));
  for (int64_t i = 0; i < tensor_count(a); i++) {
    double p = tensor_floats(a)[i], q = tensor_floats(b)[i];
    difference += (p - q) * (p - q);
    size += q * q;
  }
  if (!(difference <= tolerance * tolerance * size))
    g_error("%s differs by %g", what, sqrt(difference / size));
}

static void assert_same(const Graph *a, const Graph *b) {
  for (int64_t batch = 2; batch <= 5; batch += 3) {
    g_auto(Result) p = run_graph(a, batch), q = run_graph(b, batch);
    assert_near(p.y, q.y, TOLERANCE, "the answer");
    for (guint i = 0; i < p.gradients->len; i++)
      assert_near(p.gradients->pdata[i], q.gradients->pdata[i], 10 * TOLERANCE, "a gradient");
  }
}

static const GraphNode *node_of(const Graph *graph, const char *op) {
  for (guint k = 0; k < graph->nodes->len; k++) {
    const GraphNode *node = g_ptr_array_index(graph->nodes, k);
    if (strcmp(node->node.op->name, op) == 0)
      return node;
  }
  return NULL;
}

static void check_counts(const Case *c, const int counts[STRUCTURES]) {
  for (int i = 0; i < STRUCTURES; i++) {
    int expected = c->finds && strcmp(structure_table[i]->op, c->finds) == 0;
    if (counts[i] != expected)
      g_error("%s: %d of %s", c->name, counts[i], structure_table[i]->name);
  }
}

static void test_spellings(void) {
  for (const Case *c = cases; c->name; c++) {
    int counts[STRUCTURES];
    g_test_message("%s", c->name);
    g_autoptr(Graph) plain = graph_of_lines(c->graph), graph = graph_of_lines(c->graph);
    guint before = graph->nodes->len;
    graph_recognise(graph, counts);
    g_assert_no_error(graph->error);
    check_counts(c, counts);
    if (!c->finds) {
      g_assert_cmpint(graph->nodes->len, ==, before);
      continue;
    }
    const GraphNode *node = node_of(graph, c->finds);
    g_assert_nonnull(node);
    if (c->attributes && !tiny_has_attributes(&node->node, c->attributes))
      g_error("%s: the attributes are not %s", c->name, c->attributes);
    if (strcmp(c->finds, "Attention") != 0) /* which may bring reshapes for its heads */
      g_assert_cmpint(graph->nodes->len, <, before);
    g_assert_null(node_of(graph, "Softmax"));
    assert_same(graph, plain);
  }
}

/* Written for the oldest operator set that is written, read again, recognised again. */
static void test_written(void) {
  for (const Case *c = cases; c->name; c++) {
    int counts[STRUCTURES];
    if (!c->finds)
      continue;
    g_test_message("%s", c->name);
    g_autoptr(Graph) graph = graph_of_lines(c->graph);
    graph_recognise(graph, counts);
    g_autoptr(GError) error = NULL;
    OnnxWriteOptions options = {.opset = 13};
    g_autoptr(GBytes) bytes = onnx_to_bytes(graph, &options, &error);
    g_assert_no_error(error);
    for (int i = 0; i < STRUCTURES; i++) /* names of operators stand in the file as they are */
      g_assert_null(memmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), structure_table[i]->op,
                           strlen(structure_table[i]->op) + 1));
    g_autoptr(FrozenModel) model =
        onnx_load_bytes(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), c->name, &error);
    g_assert_no_error(error);
    check_counts(c, model->structures);
    assert_same(model->graph, graph);
  }
}

/* Files in float16 have the constants of GELU rounded. */
static void test_rounded(void) {
  static const char *const graphs[] = {
      "x : ?x7\nu = Div x #1.4140625\ne = Erf u\na = Add e #1.0\nm = Mul x a\ny = Mul m #0.5",
      "x : ?x7\nu = Mul x #0.70703125\ne = Erf u\na = Add e #1.0\nm = Mul x a\ny = Mul m #0.5",
      "x : ?x7\nc = Pow x #3.0\nd = Mul c #0.044708251953125\ns = Add x d\nu = Mul s #0.7978515625\n"
      "t = Tanh u\na = Add t #1.0\nh = Mul x #0.5\ny = Mul h a"};
  for (guint i = 0; i < G_N_ELEMENTS(graphs); i++) {
    int counts[STRUCTURES];
    g_autoptr(Graph) graph = graph_of_lines(graphs[i]);
    graph_recognise(graph, counts);
    check_counts(&(Case){graphs[i], graphs[i], "Gelu", NULL}, counts);
  }
}

typedef struct {
  const char *name;
  bool shared;
  int counts[STRUCTURES]; /* in the order of structure_table */
} ModelCase;

static const ModelCase models[] = {
    {"gpt2", false, {3, 7, 0, 3, 0, 0}},        {"bert", false, {3, 7, 0, 3, 0, 0}},
    {"characters", false, {2, 0, 5, 0, 2, 0}},  {"vit-tiny-imagenet", true, {12, 25, 0, 12, 0, 0}},
    {"stories260k", true, {5, 0, 11, 0, 5, 0}},
};

/* Grouped queries are taken before they are repeated, and triangles become `causal`. */
static void check_stories(const FrozenModel *model) {
  for (guint k = 0; k < model->graph->nodes->len; k++) {
    const GraphNode *node = g_ptr_array_index(model->graph->nodes, k);
    if (strcmp(node->node.op->name, "Attention") != 0)
      continue;
    g_assert_cmpint(node_int(&node->node, "causal", 0), ==, 1);
    g_assert_cmpint(node->n_inputs, ==, 3);
    TensorType types[2];
    Shape shapes[2];
    g_assert_true(graph_infer_shapes(model->graph, 2, node->inputs, types, shapes, NULL));
    g_assert_cmpint(shapes[0].dim[1], ==, 8);
    g_assert_cmpint(shapes[1].dim[1], ==, 4);
  }
}

static void test_model(gconstpointer data) {
  const ModelCase *c = data;
  const char *shared = g_getenv("HOARFROST_SHARED");
  g_autofree char *folder = !c->shared ? g_strdup(SOURCE_ROOT "/tests/references")
                            : shared   ? g_build_filename(shared, "models", NULL)
                                       : g_strdup(SOURCE_ROOT "/../shared/models");
  g_autofree char *path = g_strdup_printf("%s/%s.onnx", folder, c->name);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_autofree char *reason = g_strdup_printf("%s is absent", path);
    g_test_skip(reason);
    return;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = onnx_load(path, &error);
  g_assert_no_error(error);
  for (int i = 0; i < STRUCTURES; i++)
    g_assert_cmpint(model->structures[i], ==, c->counts[i]);
  if (strcmp(c->name, "stories260k") == 0)
    check_stories(model);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/structures/spellings", test_spellings);
  g_test_add_func("/structures/written", test_written);
  g_test_add_func("/structures/rounded", test_rounded);
  for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
    g_autofree char *name = g_strconcat("/structures/models/", models[i].name, NULL);
    g_test_add_data_func(name, &models[i], test_model);
  }
  return g_test_run();
}
