/* Graphs written as ONNX files and read again. */
#include "data/models.h"
#include "data/onnx-write.h"
#include "data/onnx.h"
#include "engine/plan.h"
#include "engine/splice.h"
#include "tests/support/tiny-onnx.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

static FrozenModel *round_trip(const Graph *graph, const OnnxEntry *metadata) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes =
      onnx_to_bytes(graph, &(OnnxWriteOptions){.opset = 16, .metadata = metadata}, &error);
  g_assert_no_error(error);
  FrozenModel *model =
      onnx_load_bytes(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), "written.onnx", &error);
  g_assert_no_error(error);
  return model;
}

/* The first output for an input that is filled with a fixed sequence.  (transfer full) */
static Tensor *answers(const Graph *graph, int64_t batch) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan = plan_new(graph, &(PlanOptions){.batch = batch}, &error);
  g_assert_no_error(error);
  g_autoptr(Workspace) workspace = workspace_new(plan, &error);
  Tensor *x = workspace_input(workspace, g_array_index(graph->inputs, ValueId, 0));
  for (int64_t i = 0; i < tensor_count(x); i++)
    tensor_floats(x)[i] = (float)(i * 37 % 101) / 50 - 1;
  g_assert_true(workspace_forward(workspace, NULL));
  const Tensor *y = workspace_output(workspace, g_array_index(graph->outputs, ValueId, 0));
  return tensor_from_floats(&y->shape, tensor_floats(y));
}

static void assert_same_answers(const Graph *a, const Graph *b) {
  g_autoptr(Tensor) first = answers(a, 3), second = answers(b, 3);
  g_assert_true(shape_equal(&first->shape, &second->shape));
  g_assert_cmpmem(first->data, tensor_bytes(first), second->data, tensor_bytes(second));
}

static void test_objects_letters(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = model_load("objects-letters", &error);
  g_assert_no_error(error);
  g_autoptr(FrozenModel) back = round_trip(model->graph, NULL);
  g_autofree char *digest = frozen_model_digest(model), *again = frozen_model_digest(back);
  g_assert_cmpstr(digest, ==, again); /* names, shapes and numbers of all weights */
  g_assert_cmpuint(back->sites->len, ==, model->sites->len);
  for (guint i = 0; i < model->sites->len; i++) {
    const Site *site = g_ptr_array_index(model->sites, i), *other = g_ptr_array_index(back->sites, i);
    g_assert_cmpstr(site->name, ==, other->name);
    g_assert_cmpstr(site->alias, ==, other->alias);
    g_assert_true(shape_equal(&site->shape, &other->shape));
  }
  assert_same_answers(model->graph, back->graph);
}

/* A picture in a frame of parameters, f twice, a matrix on its answers: names that clash, a node that leads
 * nowhere. */
static void test_composed(void) {
  g_autoptr(FrozenModel) model = model_load("objects-letters", NULL);
  g_autoptr(Graph) graph = graph_new();
  ValueId picture = graph_input(graph, "picture", TENSOR_FLOAT32, &SHAPE(-1, 3, 32, 32));
  graph_input(graph, "labels", TENSOR_INT64, &SHAPE(-1));
  g_autoptr(Tensor) pads = tensor_from_ints(&SHAPE(8), (int64_t[]){0, 0, 16, 16, 0, 0, 16, 16});
  g_autoptr(Tensor) border = tensor_new(TENSOR_FLOAT32, &SHAPE(3, 64, 64), NULL);
  g_autoptr(Tensor) omega = tensor_new(TENSOR_FLOAT32, &SHAPE(36, 10), NULL);
  for (int i = 0; i < 3 * 64 * 64; i++)
    tensor_floats(border)[i] = (float)(i % 7) / 7;
  for (int i = 0; i < 360; i++)
    tensor_floats(omega)[i] = (float)(i % 11) / 11;
  ValueId placed = GRAPH_ADD(graph, "Pad", "same", picture, graph_constant(graph, "same", pads));
  ValueId pattern = GRAPH_ADD(graph, "Sigmoid", "same", graph_parameter(graph, "", border));
  ValueId prompted = GRAPH_ADD(graph, "Add", "", placed, pattern);
  GRAPH_ADD(graph, "Relu", "nowhere", prompted);
  ValueId z[2];
  for (int i = 0; i < 2; i++) {
    g_autoptr(GArray) map = splice_import(graph, model, &prompted, NULL, 0);
    z[i] = g_array_index(map, ValueId, g_array_index(model->graph->outputs, ValueId, 0));
  }
  ValueId both = GRAPH_ADD(graph, "Add", "z", z[0], z[1]);
  graph_set_output(graph, GRAPH_ADD(graph, "MatMul", "y", both, graph_constant(graph, "omega", omega)));
  g_autoptr(FrozenModel) back =
      round_trip(graph, (OnnxEntry[]){{"title", "Composed"}, {"classes", "[\"a\"]"}, {NULL, NULL}});
  g_assert_cmpstr(back->card.title, ==, "Composed");
  g_assert_cmpuint(back->card.warnings->len, ==, 1); /* one class for ten answers */
  g_assert_cmpuint(back->graph->inputs->len, ==, 1);
  g_assert_cmpint(graph_find(back->graph, "nowhere"), ==, VALUE_NONE);
  g_assert_true(shape_equal(&graph_value(back->graph, graph_find(back->graph, "picture"))->shape,
                            &SHAPE(-1, 3, 32, 32)));
  g_assert_true(shape_equal(&back->output_shape, &SHAPE(-1, 10)));
  g_assert_cmpint(graph_find(back->graph, "y"), ==, g_array_index(back->graph->outputs, ValueId, 0));
  assert_same_answers(graph, back->graph);
}

/* Casts name the engine's types; an operator of the engine's own is refused by name. */
static void test_types(void) {
  g_autoptr(Graph) graph = graph_new();
  ValueId x = graph_input(graph, "x", TENSOR_FLOAT32, &SHAPE(-1, 4));
  ValueId whole = GRAPH_ADD(graph, "Cast", "whole", x);
  node_set_int(graph_last(graph), "to", ONNX_INT32);
  ValueId back = GRAPH_ADD(graph, "Cast", "back", whole);
  node_set_int(graph_last(graph), "to", ONNX_DOUBLE);
  graph_set_output(graph, back);
  g_autoptr(FrozenModel) model = round_trip(graph, NULL);
  const GraphNode *first = g_ptr_array_index(model->graph->nodes, 0),
                  *second = g_ptr_array_index(model->graph->nodes, 1);
  g_assert_cmpint(node_int(&first->node, "to", 0), ==, ONNX_INT64);
  g_assert_cmpint(node_int(&second->node, "to", 0), ==, ONNX_FLOAT);
  assert_same_answers(graph, model->graph);

  g_autoptr(GError) error = NULL;
  ValueId labels = graph_input(graph, "labels", TENSOR_INT64, &SHAPE(-1));
  graph_set_output(graph, GRAPH_ADD(graph, "CrossEntropy", "loss", back, labels));
  g_assert_null(onnx_to_bytes(graph, &(OnnxWriteOptions){.opset = 16}, &error));
  g_assert_nonnull(strstr(error->message, "CrossEntropy"));
}

static void test_file(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = model_load("objects-letters", NULL);
  g_autofree char *folder = g_dir_make_tmp("onnx-XXXXXX", NULL),
                  *path = g_build_filename(folder, "a.onnx", NULL);
  g_assert_true(onnx_write(path, model->graph, &(OnnxWriteOptions){.opset = 16}, &error));
  g_autoptr(FrozenModel) back = model_load(path, &error);
  g_assert_no_error(error);
  g_assert_cmpint(frozen_model_parameters(back), ==, frozen_model_parameters(model));
  g_assert_cmpint(g_unlink(path), ==, 0);
  g_assert_cmpint(g_rmdir(folder), ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/onnx-write/objects-letters", test_objects_letters);
  g_test_add_func("/onnx-write/composed", test_composed);
  g_test_add_func("/onnx-write/types", test_types);
  g_test_add_func("/onnx-write/file", test_file);
  return g_test_run();
}
