/* ONNX files that lie, break off or want too much: each is refused by one sentence, quickly and in little
 * memory. */
#include "data/onnx.h"
#include "engine/error.h"
#include "engine/plan.h"
#include "engine/random.h"
#include "tests/support/hostile.h"
#include "tests/support/tiny-onnx.h"

#include <glib.h>
#include <string.h>
#include <sys/resource.h>

#define TRIALS          2000 /* flipped files of each kind */
#define WORKSPACE_BYTES ((size_t)4 << 20)

static GByteArray *with_node(const char *op, const char *name, const char *inputs, const char *outputs) {
  GByteArray *graph = tiny_graph();
  wire_part(graph, GRAPH_NODE, tiny_node(op, name, inputs, outputs));
  return tiny_model(graph);
}

static GByteArray *with_tensor(int type, const int64_t *dims, const void *raw, size_t size) {
  GByteArray *graph = tiny_graph();
  wire_part(graph, GRAPH_INITIALISER, tiny_tensor("t", type, dims, raw, size));
  return tiny_model(graph);
}

static void test_nodes(void) {
  assert_refused(with_node("Frobnicate", "mine", "y", "z"), "tiny.onnx|Frobnicate|mine|16");
  assert_refused(with_node("Frobnicate", "", "y", "z"), "Frobnicate|'z'");
  assert_refused(with_node("Relu", "second", "nothing", "z"), "second|'nothing'|nothing computes");
  assert_refused(with_node("Relu", "second", "y", "h"), "two tensors|'h'");
  assert_refused(with_node("Relu", "second", "y", "x"), "two tensors|'x'");
  assert_refused(with_node("Relu", "self", "z", "z"), "self|'z'|cycle");
  assert_refused(with_node("Relu", "none", "y", ""), "none|0 outputs");
  assert_refused(with_node("Relu", "many", "y y y", "z"), "many|3 inputs");
  assert_refused(with_node("Relu", "missing", "-", "z"), "missing");

  GByteArray *graph = tiny_graph(); /* a ring of two */
  wire_part(graph, GRAPH_NODE, tiny_node("Add", "ring1", "y q", "p"));
  wire_part(graph, GRAPH_NODE, tiny_node("Add", "ring2", "y p", "q"));
  assert_refused(tiny_model(graph), "ring1|'q'|cycle");

  GByteArray *foreign = tiny_node("Relu", "theirs", "y", "z");
  wire_text(foreign, 7, "com.example");
  graph = tiny_graph();
  wire_part(graph, GRAPH_NODE, foreign);
  assert_refused(tiny_model(graph), "com.example.Relu|theirs");

  GByteArray *branch = tiny_node("If", "choice", "y", "z"), *attribute = g_byte_array_new();
  wire_text(attribute, 1, "then_branch");
  wire_part(attribute, 6, tiny_graph());
  wire_int(attribute, 20, 5);
  wire_part(branch, 5, attribute);
  graph = tiny_graph();
  wire_part(graph, GRAPH_NODE, branch);
  assert_refused(tiny_model(graph), "If|choice|graph inside");

  GByteArray *inputs = g_byte_array_new();
  for (int i = 0; i < 100; i++)
    wire_text(inputs, 1, "y");
  wire_text(inputs, 2, "z");
  wire_text(inputs, 3, "wide");
  wire_text(inputs, 4, "Relu");
  graph = tiny_graph();
  wire_part(graph, GRAPH_NODE, inputs);
  assert_refused(tiny_model(graph), "wide|100 inputs");
}

static void test_ports(void) {
  GByteArray *graph = tiny_graph();
  wire_part(graph, GRAPH_OUTPUT, tiny_port("gone", ONNX_FLOAT, (int64_t[]){1, -1}));
  assert_refused(tiny_model(graph), "output 'gone'");
  graph = tiny_graph();
  wire_part(graph, GRAPH_INPUT, tiny_port("x", ONNX_FLOAT, (int64_t[]){1, -1}));
  assert_refused(tiny_model(graph), "two inputs|'x'");
  graph = tiny_graph();
  wire_part(graph, GRAPH_INPUT, tiny_port("words", ONNX_STRING, (int64_t[]){1, -1}));
  assert_refused(tiny_model(graph), "input 'words'");
  graph = g_byte_array_new();
  wire_part(graph, GRAPH_INPUT, tiny_port("x", ONNX_FLOAT, (int64_t[]){1, -1}));
  assert_refused(tiny_model(graph), "no outputs");
}

static void test_tensors(void) {
  float numbers[6] = {0};
  assert_refused(with_tensor(ONNX_FLOAT, (int64_t[]){2, 3, -1}, numbers, 20), "'t'|2x3|6 numbers|5");
  assert_refused(with_tensor(ONNX_FLOAT, (int64_t[]){2, 3, -1}, numbers, 23), "'t'|2x3");
  assert_refused(with_tensor(ONNX_FLOAT, (int64_t[]){2, 3, -1}, NULL, 0), "'t'|has 0");
  assert_refused(with_tensor(ONNX_INT64, (int64_t[]){3, -1}, numbers, 20), "'t'");
  assert_refused(with_tensor(ONNX_FLOAT, (int64_t[]){2, -5, -1}, numbers, 24), "'t'|negative");
  assert_refused(with_tensor(ONNX_FLOAT, (int64_t[]){G_MAXINT64, G_MAXINT64, -1}, numbers, 24), "'t'|absurd");
  assert_refused(with_tensor(ONNX_FLOAT, (int64_t[]){1LL << 40, -1}, numbers, 24), "'t'|1099511627776");
  assert_refused(with_tensor(ONNX_FLOAT, (int64_t[]){1, 1, 1, 1, 1, 1, 1, 1, 1, -1}, numbers, 4),
                 "'t'|9 axes");
  assert_refused(with_tensor(ONNX_STRING, (int64_t[]){1, -1}, numbers, 4), "'t'|string");
  assert_refused(with_tensor(99, (int64_t[]){1, -1}, numbers, 4), "'t'");
  assert_refused(with_tensor(-1, (int64_t[]){1, -1}, numbers, 4), "'t'");
  GByteArray *graph = tiny_graph(), *tensor = tiny_tensor("far", ONNX_FLOAT, (int64_t[]){1, -1}, NULL, 0);
  wire_int(tensor, 14, 1);
  wire_part(graph, GRAPH_INITIALISER, tensor);
  assert_refused(tiny_model(graph), "'far'|another file");
}

static void test_model(void) {
  GByteArray *empty = g_byte_array_new();
  assert_refused(empty, "no graph");
  GByteArray *text = g_byte_array_new();
  g_byte_array_append(text, (const guint8 *)"version https://example.org\nsize 12\n", 36);
  assert_refused(text, "no ONNX file");
  GByteArray *old = g_byte_array_new();
  wire_part(old, 7, tiny_graph());
  assert_refused(old, "operator set 0");
  GByteArray *twice = tiny_model(tiny_graph());
  wire_part(twice, 7, tiny_graph());
  assert_refused(twice, "twice");
}

/* A graph in an attribute of a node in a graph in ... */
static GByteArray *nested(int levels, bool with_node_inside) {
  GByteArray *graph = g_byte_array_new();
  if (with_node_inside)
    wire_part(graph, GRAPH_NODE, g_byte_array_new());
  for (int i = 0; i < levels; i++) {
    GByteArray *attribute = g_byte_array_new(), *node = g_byte_array_new(), *outer = g_byte_array_new();
    wire_part(attribute, 6, graph);
    wire_part(node, 5, attribute);
    wire_part(outer, 1, node);
    graph = outer;
  }
  return tiny_model(graph);
}

static void test_nesting(void) {
  assert_refused(nested(10, false), "graph inside"); /* 32 deep: still unpacked */
  assert_refused(nested(10, true), "deeper than 32");
  assert_refused(nested(3000, true), "deeper than 32");
}

/* A graph of `count` copies of the bytes. */
static GByteArray *swollen(int count, const char *bytes, guint size) {
  GByteArray *graph = g_byte_array_sized_new((guint)count * size + 16);
  for (int i = 0; i < count; i++)
    g_byte_array_append(graph, (const guint8 *)bytes, size);
  return tiny_model(graph);
}

static void test_swollen(void) {
  assert_refused(swollen(5000000, "\x08\x00", 2), "4 million fields"); /* unknown numbers */
  assert_refused(swollen(5000000, "\x0a\x00", 2), "4 million fields"); /* empty nodes */
  assert_refused(swollen(3000000, "\x0a\x00", 2), "memory");
  assert_refused(swollen(1000000, "\x2a\x02\x4a\x00", 4), "memory"); /* initialisers with empty raw_data */
  assert_refused(swollen(3, "\x0a\xff\xff\xff\xff\x0f", 6), "past the end");
  assert_refused(swollen(3, "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11), "past the end");
  assert_refused(swollen(3, "\x0b\x00", 2), "unknown form"); /* a group */
  GByteArray *packed = g_byte_array_new(),
             *tensor = tiny_tensor("ones", ONNX_INT64, (int64_t[]){20000000, -1}, NULL, 0);
  for (int i = 0; i < 20000000; i++)
    g_byte_array_append(packed, (const guint8 *)"\1", 1);
  wire_part(tensor, 7, packed);
  GByteArray *graph = tiny_graph();
  wire_part(graph, GRAPH_INITIALISER, tensor);
  assert_refused(tiny_model(graph), "memory"); /* 8 bytes for each byte of the file */
}

/* All prefixes; the bytes are copied so that the sanitizer sees where they end. */
static void test_truncated(void) {
  g_autoptr(GByteArray) file = tiny_model(tiny_graph());
  for (guint n = 0; n < file->len; n++) {
    g_autofree guint8 *copy = g_memdup2(file->data, n ? n : 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(FrozenModel) model = onnx_load_bytes(copy, n, "tiny.onnx", &error);
    g_assert_null(model);
    g_assert_error(error, HOARFROST_ERROR, HOARFROST_ERROR_INPUT);
  }
}

/* Loads, plans and runs what can be, forward and back to the input. */
static bool survives(const guint8 *bytes, size_t size) {
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = onnx_load_bytes(bytes, size, "tiny.onnx", &error);
  g_assert_true((model == NULL) == (error != NULL));
  if (!model || model->graph->inputs->len == 0)
    return false;
  g_autofree char *digest = frozen_model_digest(model);
  for (guint i = 0; i < model->graph->inputs->len; i++) {
    Shape shape = graph_value(model->graph, g_array_index(model->graph->inputs, ValueId, i))->shape;
    for (int d = 0; d < shape.rank; d++)
      if (shape.dim[d] > 100) /* a flipped size: somebody would have to feed it */
        return true;
  }
  ValueId x = g_array_index(model->graph->inputs, ValueId, 0),
          y = g_array_index(model->graph->outputs, ValueId, 0);
  PlanOptions options = {.batch = 2, .target = y, .gradients = (ValueId[]){x, VALUE_NONE}};
  g_autoptr(Plan) plan = plan_new(model->graph, &options, &error);
  if (plan && plan_workspace_bytes(plan) > WORKSPACE_BYTES)
    return true; /* a flipped padding: it would run, and for long */
  g_autoptr(Workspace) workspace = plan ? workspace_new(plan, &error) : NULL;
  g_assert_true((workspace == NULL) == (error != NULL));
  if (workspace) {
    workspace_forward(workspace, NULL);
    workspace_backward(workspace, NULL);
  }
  return workspace != NULL;
}

static void flip(GByteArray *file, uint32_t trials, int *alive) {
  for (uint32_t trial = 0; trial < trials; trial++) {
    Random random = {9, RANDOM_DRAWING, trial};
    g_autofree guint8 *copy = g_memdup2(file->data, file->len);
    int flips = 1 + (int)random_below(&random, 0, 4);
    for (int i = 0; i < flips; i++)
      copy[random_below(&random, (uint64_t)(2 * i + 1), file->len)] ^=
          (guint8)(1u << random_below(&random, (uint64_t)(2 * i + 2), 8));
    *alive += survives(copy, file->len);
  }
  g_test_message("%d of %u flipped files could be run", *alive, trials);
  g_byte_array_unref(file);
}

/* Flips in weights do no harm, so that some of the files reach the engine. */
static void test_flipped(void) {
  int alive = 0;
  flip(tiny_model(tiny_graph()), TRIALS, &alive);
  g_assert_cmpint(alive, >, TRIALS / 40);
  g_assert_cmpint(alive, <, TRIALS * 39 / 40);
  alive = 0;
  flip(tiny_model(tiny_picture_graph()), TRIALS, &alive);
  g_assert_cmpint(alive, >, TRIALS / 40);
  g_assert_cmpint(alive, <, TRIALS * 39 / 40);
}

/* Last: all of the above together stayed small. */
static void test_memory(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  g_test_message("peak %ld MiB", usage.ru_maxrss / 1024);
  g_assert_cmpint(usage.ru_maxrss, <, 2L << 20); /* KiB */
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/onnx-refused/nodes", test_nodes);
  g_test_add_func("/onnx-refused/ports", test_ports);
  g_test_add_func("/onnx-refused/tensors", test_tensors);
  g_test_add_func("/onnx-refused/model", test_model);
  g_test_add_func("/onnx-refused/nesting", test_nesting);
  g_test_add_func("/onnx-refused/swollen", test_swollen);
  g_test_add_func("/onnx-refused/truncated", test_truncated);
  g_test_add_func("/onnx-refused/flipped", test_flipped);
  g_test_add_func("/onnx-refused/memory", test_memory);
  return g_test_run();
}
