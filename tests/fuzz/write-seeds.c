/* Writes the fuzzer's seeds into a folder: the graphs of tests/support/tiny-onnx.h, and a file with one node
 * for each kind of operator, from the cases that the tests of the operators loop over.
 *
 *     write-seeds tests/fuzz/corpus */
#include "data/onnx-write.h"
#include "data/onnx.h"
#include "engine/graph.h"
#include "tests/support/op-cases.h"
#include "tests/support/tiny-onnx.h"

#include <stdio.h>
#include <string.h>

#define EACH 2 /* cases of an operator */

static void write_file(const char *folder, const char *name, const void *bytes, size_t size) {
  g_autofree char *path = g_strdup_printf("%s/seed-%s", folder, name);
  g_autoptr(GError) error = NULL;
  if (!g_file_set_contents(path, bytes, (gssize)size, &error))
    g_error("%s", error->message);
}

/* A graph with the node alone; what is known before the run is a constant.  (transfer full) */
static Graph *graph_of(const OpHarness *h) {
  Graph *graph = graph_new();
  ValueId inputs[OP_MAX_INPUTS], outputs[OP_MAX_OUTPUTS];
  const char *names[OP_MAX_OUTPUTS];
  for (int k = 0; k < h->n_inputs; k++)
    inputs[k] = !h->x[k]            ? VALUE_NONE
                : h->known >> k & 1 ? graph_constant(graph, "c", h->x[k])
                                    : graph_input(graph, "x", h->x[k]->type, &h->x[k]->shape);
  for (int k = 0; k < h->n_outputs; k++)
    names[k] = "y";
  graph_add_many(graph, h->c.op, "n", h->n_inputs, inputs, h->n_outputs, names, outputs);
  g_assert_no_error(graph->error);
  Node *node = graph_last(graph);
  for (guint i = 0; i < h->node->attributes->len; i++) {
    const Attribute *one = g_ptr_array_index(h->node->attributes, i);
    if (one->type == ATTRIBUTE_INT)
      node_set_int(node, one->name, one->i);
    else if (one->type == ATTRIBUTE_FLOAT)
      node_set_float(node, one->name, one->f);
    else if (one->type == ATTRIBUTE_TEXT)
      node_set_text(node, one->name, one->text);
    else if (one->type == ATTRIBUTE_INTS)
      node_set_ints(node, one->name, one->n_numbers, one->ints);
  }
  for (int k = 0; k < h->n_outputs; k++)
    graph_set_output(graph, outputs[k]);
  return graph;
}

static void write_row(const char *folder, const OpRow *row, int number) {
  OpCase c = {.op = row->op,
              .inputs = row->inputs,
              .attributes = row->attributes,
              .n_outputs = row->n_outputs,
              .fill = op_rule(row->op)->fill};
  g_autoptr(OpHarness) harness = op_harness_new(&c, NULL);
  g_autoptr(Graph) graph = harness ? graph_of(harness) : NULL;
  g_autoptr(GBytes) bytes =
      graph ? onnx_to_bytes(graph, &(OnnxWriteOptions){.opset = 17, .name = "g"}, NULL) : NULL;
  g_autofree char *name = g_strdup_printf("%s-%d", row->op, number);
  if (bytes)
    write_file(folder, name, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void write_tiny(const char *folder, const char *name, GByteArray *part, int opset) {
  g_autoptr(GByteArray) file = tiny_model_of(part, opset);
  write_file(folder, name, file->data, file->len);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: write-seeds FOLDER\n");
    return 2;
  }
  g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
  for (const OpRow *row = op_rows(); row->op; row++) {
    int number = GPOINTER_TO_INT(g_hash_table_lookup(counts, row->op));
    g_hash_table_insert(counts, (char *)row->op, GINT_TO_POINTER(number + 1));
    if (number < EACH)
      write_row(argv[1], row, number);
  }
  write_tiny(argv[1], "layer-16", tiny_graph(), 16);
  write_tiny(argv[1], "layer-6", tiny_graph(), 6);
  write_tiny(argv[1], "picture-16", tiny_picture_graph(), 16);
  return 0;
}
