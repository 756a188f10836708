/* The ONNX reader on small files made by hand: what is read, and what is refused with which sentence. */
#include "data/onnx.h"
#include "engine/plan.h"
#include "tests/support/tiny-onnx.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

static FrozenModel *load(GByteArray *part, GError **error) {
  FrozenModel *model = onnx_load_bytes(part->data, part->len, "tiny.onnx", error);
  g_byte_array_unref(part);
  return model;
}

static const Value *value_called(const FrozenModel *model, const char *name) {
  return graph_value(model->graph, graph_find(model->graph, name));
}

static void test_valid(void) {
  g_autoptr(GError) error = NULL;
  GByteArray *file = tiny_model(tiny_graph());
  tiny_metadata(file, "title", "Tiny");
  tiny_metadata(file, "classes", "[\"a\", \"b\", \"c\"]");
  g_autoptr(FrozenModel) model = load(file, &error);
  g_assert_no_error(error);
  g_assert_cmpint(model->opset, ==, 16);
  g_assert_cmpint(frozen_model_parameters(model), ==, 15);
  g_assert_cmpint(frozen_model_classes(model), ==, 3);
  g_assert_cmpstr(frozen_model_class_name(model, 2), ==, "c");
  g_assert_cmpstr(frozen_model_class_name(model, 3), ==, "3");
  g_assert_cmpuint(model->graph->nodes->len, ==, 2); /* the Constant node is a value */
  const Value *w = value_called(model, "w"), *b = value_called(model, "b"), *x = value_called(model, "x");
  g_assert_cmpint(w->kind, ==, VALUE_CONSTANT);
  g_assert_cmpfloat(tensor_floats(w->tensor)[11], ==, 0.25f);
  g_assert_cmpint(b->kind, ==, VALUE_CONSTANT);
  g_assert_cmpfloat(tensor_floats(b->tensor)[2], ==, -1);
  g_assert_cmpint(x->kind, ==, VALUE_INPUT);
  g_assert_true(shape_equal(&x->shape, &SHAPE(-1, 4)));
  g_assert_cmpint(frozen_model_site(model, "input")->value, ==, graph_find(model->graph, "x"));
  const Site *hidden = frozen_model_site(model, "h");
  g_assert_cmpint(hidden->location, ==, LOCATION_HIDDEN);
  g_assert_true(shape_equal(&hidden->shape, &SHAPE(-1, 3)));
  g_assert_null(frozen_model_site(model, "y")); /* the answers are no site */
}

/* The first output for one input, float32.  (transfer full) */
static Tensor *run(const FrozenModel *model, const Tensor *x) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan = plan_new(model->graph, &(PlanOptions){.batch = x->shape.dim[0]}, &error);
  g_assert_no_error(error);
  g_autoptr(Workspace) workspace = workspace_new(plan, &error);
  g_assert_no_error(error);
  memcpy(workspace_input(workspace, g_array_index(model->graph->inputs, ValueId, 0))->data, x->data,
         tensor_bytes(x));
  g_assert_true(workspace_forward(workspace, NULL));
  const Tensor *y = workspace_output(workspace, g_array_index(model->graph->outputs, ValueId, 0));
  return tensor_from_floats(&y->shape, tensor_floats(y));
}

/* y = max(w x + b, 0), computed. */
static void test_runs(void) {
  g_autoptr(FrozenModel) model = load(tiny_model(tiny_graph()), NULL);
  g_autoptr(Tensor) x = tensor_from_floats(&SHAPE(2, 4), (float[]){1, 0, 1, 0, 0, -1, 0, -4});
  g_autoptr(Tensor) y = run(model, x);
  const float expected[] = {4, 0, 0, 0, 19, 0};
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat(tensor_floats(y)[i], ==, expected[i]);
}

/* Operator set 9 has bounds, axes and paddings as attributes. */
static void test_old_operators(void) {
  GByteArray *graph = g_byte_array_new();
  GByteArray *clip = tiny_node("Clip", "clip", "x", "c"),
             *unsqueeze = tiny_node("Unsqueeze", "wider", "c", "u");
  GByteArray *squeeze = tiny_node("Squeeze", "narrower", "u", "s"), *pad = tiny_node("Pad", "pad", "s", "p");
  GByteArray *slice = tiny_node("Slice", "slice", "p", "y");
  tiny_node_float(clip, "min", -0.5f);
  tiny_node_float(clip, "max", 0.5f);
  tiny_node_ints(unsqueeze, "axes", (int64_t[]){1, G_MININT64});
  tiny_node_ints(squeeze, "axes", (int64_t[]){1, G_MININT64});
  tiny_node_ints(pad, "pads", (int64_t[]){0, 1, 0, 2, G_MININT64});
  tiny_node_float(pad, "value", 7);
  tiny_node_ints(slice, "starts", (int64_t[]){0, G_MININT64});
  tiny_node_ints(slice, "ends", (int64_t[]){4, G_MININT64});
  tiny_node_ints(slice, "axes", (int64_t[]){1, G_MININT64});
  GByteArray *nodes[] = {clip, unsqueeze, squeeze, pad, slice};
  for (guint i = 0; i < G_N_ELEMENTS(nodes); i++)
    wire_part(graph, GRAPH_NODE, nodes[i]);
  wire_part(graph, GRAPH_INPUT, tiny_port("x", ONNX_FLOAT, (int64_t[]){0, 2, -1}));
  wire_part(graph, GRAPH_OUTPUT, tiny_port("y", ONNX_FLOAT, (int64_t[]){0, 4, -1}));
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = load(tiny_model_of(graph, 9), &error);
  g_assert_no_error(error);
  g_autoptr(Tensor) x = tensor_from_floats(&SHAPE(1, 2), (float[]){-3, 0.25f});
  g_autoptr(Tensor) y = run(model, x);
  const float expected[] = {7, -0.5f, 0.25f, 7};
  g_assert_true(shape_equal(&y->shape, &SHAPE(1, 4)));
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat(tensor_floats(y)[i], ==, expected[i]);
  g_assert_null(load(tiny_model_of(tiny_graph(), 23), &error));
  g_assert_nonnull(strstr(error->message, "operator set 23"));
}

static void test_digest(void) {
  g_autoptr(FrozenModel) one = load(tiny_model(tiny_graph()), NULL),
                         again = load(tiny_model(tiny_graph()), NULL);
  g_autofree char *first = frozen_model_digest(one), *second = frozen_model_digest(again);
  g_assert_cmpstr(first, ==, second);
  g_assert_cmpuint(strlen(first), ==, 64);
  tensor_floats(value_called(again, "w")->tensor)[5] += 1e-6f;
  g_autofree char *third = frozen_model_digest(again);
  g_assert_cmpstr(first, !=, third);
}

/* A graph without nodes whose output is the initialiser t. */
static GByteArray *tensor_model(GByteArray *tensor) {
  GByteArray *graph = g_byte_array_new();
  wire_part(graph, GRAPH_INITIALISER, tensor);
  wire_part(graph, GRAPH_OUTPUT, tiny_port("t", ONNX_FLOAT, (int64_t[]){2, -1}));
  return tiny_model(graph);
}

/* All element types hold 1 and 2 (bool: true and true), as raw_data and in the typed field. */
static void test_element_types(void) {
  const struct {
    int type;
    const char *raw;
    size_t size;
    unsigned field;
    TensorType expected;
  } rows[] = {
      {ONNX_FLOAT, "\0\0\x80\x3f\0\0\0\x40", 4, 4, TENSOR_FLOAT32},
      {ONNX_DOUBLE, "\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\x40", 8, 10, TENSOR_FLOAT32},
      {ONNX_FLOAT16, "\x00\x3c\x00\x40", 2, 5, TENSOR_FLOAT32},
      {ONNX_BFLOAT16, "\x80\x3f\x00\x40", 2, 5, TENSOR_FLOAT32},
      {ONNX_INT8, "\1\2", 1, 5, TENSOR_INT64},
      {ONNX_UINT8, "\1\2", 1, 5, TENSOR_INT64},
      {ONNX_INT16, "\1\0\2\0", 2, 5, TENSOR_INT64},
      {ONNX_UINT16, "\1\0\2\0", 2, 5, TENSOR_INT64},
      {ONNX_INT32, "\1\0\0\0\2\0\0\0", 4, 5, TENSOR_INT64},
      {ONNX_INT64, "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0", 8, 7, TENSOR_INT64},
      {ONNX_UINT32, "\1\0\0\0\2\0\0\0", 4, 11, TENSOR_INT64},
      {ONNX_UINT64, "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0", 8, 11, TENSOR_INT64},
      {ONNX_BOOL, "\1\2", 1, 5, TENSOR_BOOL},
  };
  for (guint r = 0; r < G_N_ELEMENTS(rows); r++)
    for (int typed = 0; typed < 2; typed++) {
      GByteArray *tensor =
          tiny_tensor("t", rows[r].type, (int64_t[]){2, -1}, typed ? NULL : rows[r].raw, 2 * rows[r].size);
      if (typed) { /* packed: fixed size for floats, else a number of 7-bit groups */
        GByteArray *packed = g_byte_array_new();
        for (size_t i = 0; i < 2; i++) {
          uint64_t number = 0;
          memcpy(&number, rows[r].raw + i * rows[r].size, rows[r].size);
          if (rows[r].field == 4 || rows[r].field == 10)
            g_byte_array_append(packed, (const guint8 *)&number, (guint)rows[r].size);
          else
            wire_varint(packed, number);
        }
        wire_part(tensor, rows[r].field, packed);
      }
      g_autoptr(GError) error = NULL;
      g_autoptr(FrozenModel) model = load(tensor_model(tensor), &error);
      g_assert_no_error(error);
      const Tensor *t = value_called(model, "t")->tensor;
      g_assert_cmpint(t->type, ==, rows[r].expected);
      for (int i = 0; i < 2; i++)
        if (t->type == TENSOR_FLOAT32)
          g_assert_cmpfloat(tensor_floats(t)[i], ==, (float)(i + 1));
        else if (t->type == TENSOR_INT64)
          g_assert_cmpint(tensor_ints(t)[i], ==, i + 1);
        else
          g_assert_cmpint(((uint8_t *)t->data)[i], ==, 1);
    }
}

/* An input that has an initialiser is a constant; a text that is not UTF-8 is shown by its bytes. */
static void test_corners(void) {
  GByteArray *graph = tiny_graph();
  wire_part(graph, GRAPH_INPUT, tiny_port("w", ONNX_FLOAT, (int64_t[]){3, 4, -1}));
  GByteArray *file = tiny_model(graph);
  tiny_metadata(file, "title", "caf\xe9");
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = load(file, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(model->graph->inputs->len, ==, 1);
  g_assert_cmpstr(model->card.title, ==, "caf\\xe9");
}

static void test_card(void) {
  GByteArray *file = tiny_model(tiny_graph());
  const char *const entries[][2] = {
      {"title", "Tiny"},          {"task", "image-classification"},
      {"mean", "[0.5, 1, 0.25]"}, {"std", "[1, 0, 1]"},
      {"classes", "[\"a\", 1]"},  {"input_range", "0..255"},
      {"channel_order", "GBR"},   {"custom", "let be"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++)
    tiny_metadata(file, entries[i][0], entries[i][1]);
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = load(file, &error);
  g_assert_no_error(error);
  const ModelCard *card = &model->card;
  g_assert_cmpstr(card->title, ==, "Tiny");
  g_assert_cmpint(card->n_channels, ==, 3);
  g_assert_cmpfloat(card->mean[2], ==, 0.25f);
  g_assert_cmpfloat(card->std[1], ==, 1); /* zero is refused: the default stays */
  g_assert_true(card->range_255);
  g_assert_false(card->bgr);
  g_assert_cmpint(card->n_classes, ==, 0);
  g_assert_cmpuint(card->warnings->len, ==, 3); /* std, classes, channel_order */
  g_assert_nonnull(strstr(g_ptr_array_index(card->warnings, 0), "std"));
}

static void test_card_malformed(void) {
  g_autofree char *deep = g_strnfill(1 << 20, '[');
  const char *const values[] = {"", "[", "[]", "{}", "[[\"a\"]]", "[\"a\"", "\"a\"", "[\"\\", "[null]", deep};
  for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
    GByteArray *file = tiny_model(tiny_graph());
    tiny_metadata(file, "classes", values[i]);
    tiny_metadata(file, "mean", values[i]);
    g_autoptr(FrozenModel) model = load(file, NULL);
    g_assert_cmpuint(model->card.warnings->len, ==, 2);
    g_assert_cmpint(model->card.n_classes + model->card.n_channels, ==, 0);
  }
}

/* Names for other classes than the network has are not used. */
static void test_card_of_another_model(void) {
  GByteArray *file = tiny_model(tiny_graph());
  tiny_metadata(file, "classes", "[\"a\", \"b\"]");
  g_autoptr(FrozenModel) model = load(file, NULL);
  g_assert_cmpint(frozen_model_classes(model), ==, 3);
  g_assert_cmpint(model->card.n_classes, ==, 0);
  g_assert_cmpuint(model->card.warnings->len, ==, 1);
}

static void test_inspect(void) {
  GByteArray *graph = tiny_graph();
  wire_part(graph, GRAPH_NODE, tiny_node("Frobnicate", "mine", "y", "z"));
  wire_part(graph, GRAPH_NODE, tiny_node("Relu", "last", "z", "u"));
  g_autoptr(GByteArray) file = tiny_model(graph);
  g_autofree char *path = g_build_filename(g_get_tmp_dir(), "hoarfrost-test-inspect.onnx", NULL);
  g_assert_true(g_file_set_contents(path, (const char *)file->data, file->len, NULL));
  g_autoptr(GError) error = NULL;
  g_autoptr(OnnxSummary) summary = onnx_inspect(path, &error);
  g_assert_no_error(error);
  g_assert_null(summary->model);
  g_assert_nonnull(strstr(summary->refusal, "Frobnicate"));
  g_assert_cmpuint(summary->operators->len, ==, 4);
  const OnnxOperator *relu = g_ptr_array_index(summary->operators, 3),
                     *own = g_ptr_array_index(summary->operators, 1);
  g_assert_cmpstr(relu->name, ==, "Relu");
  g_assert_cmpint(relu->count, ==, 2);
  g_assert_cmpstr(relu->first_node, ==, "act");
  g_assert_cmpstr(own->name, ==, "Frobnicate");
  g_assert_false(own->supported);
  const OnnxPort *input = g_ptr_array_index(summary->inputs, 0);
  g_assert_cmpstr(input->name, ==, "x");
  g_assert_cmpstr(input->type, ==, "float32");
  g_assert_cmpstr(input->axis_names[0], ==, "batch");
  g_assert_cmpstr(input->axis_names[1], ==, "4");
  g_assert_cmpstr(summary->producer, ==, "hand");
  g_remove(path);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/onnx/valid", test_valid);
  g_test_add_func("/onnx/runs", test_runs);
  g_test_add_func("/onnx/old-operators", test_old_operators);
  g_test_add_func("/onnx/digest", test_digest);
  g_test_add_func("/onnx/element-types", test_element_types);
  g_test_add_func("/onnx/corners", test_corners);
  g_test_add_func("/onnx/card", test_card);
  g_test_add_func("/onnx/card/malformed", test_card_malformed);
  g_test_add_func("/onnx/card/of-another-model", test_card_of_another_model);
  g_test_add_func("/onnx/inspect", test_inspect);
  return g_test_run();
}
