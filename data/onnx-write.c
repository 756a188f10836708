#include "data/onnx-write.h"

#include "data/file.h"
#include "data/onnx-internal.h"
#include "engine/error.h"
#include "engine/graph-shapes.h"
#include "engine/structures.h"

#include "onnx.pb-c.h"

#include <string.h>

#define IR_VERSION 8                    /* of ONNX 1.12 */
#define SIZE_LIMIT ((size_t)G_MAXINT32) /* protobuf's */

/* A file under construction.  Messages live in `blocks`; numbers and most texts are borrowed from the graph.
 */
typedef struct {
  const Graph *graph;
  GPtrArray *blocks;
  bool *needed;      /* values that lead to an output */
  char **names;      /* of the needed values, each once in the file */
  GHashTable *taken; /* names; the value counts how often one was wanted */
  GError **error;
} Writer;

static void mark_needed(Writer *writer) {
  const Graph *graph = writer->graph;
  for (guint i = 0; i < graph->outputs->len; i++)
    writer->needed[g_array_index(graph->outputs, ValueId, i)] = true;
  for (guint k = graph->nodes->len; k-- > 0;) {
    const GraphNode *node = g_ptr_array_index(graph->nodes, k);
    bool needed = false;
    for (int i = 0; i < node->n_outputs; i++)
      needed |= writer->needed[node->outputs[i]];
    for (int i = 0; needed && i < node->n_inputs; i++)
      writer->needed[node->inputs[i]] = true;
  }
  writer->needed[VALUE_NONE] = false;
}

static bool node_is_needed(const Writer *writer, const GraphNode *node) {
  for (int i = 0; i < node->n_outputs; i++)
    if (writer->needed[node->outputs[i]])
      return true;
  return false;
}

static void name_value(Writer *writer, ValueId id) {
  if (writer->names[id] || !writer->needed[id])
    return;
  const char *wanted = graph_value(writer->graph, id)->name;
  char *name = g_strdup(*wanted ? wanted : "value");
  const char *base = *wanted ? wanted : "value";
  guint count = GPOINTER_TO_UINT(g_hash_table_lookup(writer->taken, base));
  while (g_hash_table_contains(writer->taken, name)) {
    g_free(name);
    name = g_strdup_printf("%s_%u", base, ++count);
  }
  if (count)
    g_hash_table_insert(writer->taken, g_strdup(base), GUINT_TO_POINTER(count));
  g_hash_table_insert(writer->taken, g_strdup(name), GUINT_TO_POINTER(1));
  writer->names[id] = name;
  g_ptr_array_add(writer->blocks, name);
}

/* The names of inputs and outputs come first: they stay as they are. */
static void name_values(Writer *writer) {
  const GArray *ports[] = {writer->graph->inputs, writer->graph->outputs};
  for (int p = 0; p < 2; p++)
    for (guint i = 0; i < ports[p]->len; i++)
      name_value(writer, g_array_index(ports[p], ValueId, i));
  for (guint i = 1; i < writer->graph->values->len; i++)
    name_value(writer, (ValueId)i);
}

static char **value_names(Writer *writer, int n, const ValueId *values) {
  char **names = onnx_block(writer->blocks, sizeof(char *) * (size_t)n);
  for (int i = 0; i < n; i++)
    names[i] = writer->names[values[i]] ? writer->names[values[i]] : (char *)"";
  return names;
}

static Onnx__NodeProto *node_message(Writer *writer, const GraphNode *node) {
  Onnx__NodeProto *message = ONNX_MESSAGE(writer->blocks, Onnx__NodeProto, ONNX__NODE_PROTO__INIT);
  message->op_type = (char *)node->node.op->name;
  message->name = node->node.name;
  message->n_input = (size_t)node->n_inputs;
  message->input = value_names(writer, node->n_inputs, node->inputs);
  message->n_output = (size_t)node->n_outputs;
  message->output = value_names(writer, node->n_outputs, node->outputs);
  message->n_attribute = node->node.attributes->len;
  message->attribute = onnx_block(writer->blocks, sizeof(void *) * message->n_attribute);
  for (guint i = 0; i < node->node.attributes->len; i++)
    message->attribute[i] =
        onnx_message_attribute(writer->blocks, g_ptr_array_index(node->node.attributes, i));
  return message;
}

static bool add_nodes(Writer *writer, Onnx__GraphProto *message) {
  const GPtrArray *nodes = writer->graph->nodes;
  message->node = onnx_block(writer->blocks, sizeof(void *) * nodes->len);
  for (guint k = 0; k < nodes->len; k++) {
    const GraphNode *node = g_ptr_array_index(nodes, k);
    if (!node_is_needed(writer, node))
      continue;
    if (!onnx_has_operator(node->node.op->name))
      return input_error(writer->error, "node '%s' (%s) cannot be written: ONNX has no such operator",
                         node->node.name, node->node.op->name);
    message->node[message->n_node++] = node_message(writer, node);
  }
  return true;
}

static void add_leaves(Writer *writer, Onnx__GraphProto *message) {
  const GPtrArray *values = writer->graph->values;
  message->initializer = onnx_block(writer->blocks, sizeof(void *) * values->len);
  message->input = onnx_block(writer->blocks, sizeof(void *) * values->len);
  for (guint i = 1; i < values->len; i++) {
    const Value *value = g_ptr_array_index(values, i);
    if (writer->needed[i] && value->tensor)
      message->initializer[message->n_initializer++] =
          onnx_message_tensor(writer->blocks, value->tensor, writer->names[i]);
  }
  for (guint i = 0; i < writer->graph->inputs->len; i++) {
    ValueId id = g_array_index(writer->graph->inputs, ValueId, i);
    const Value *value = graph_value(writer->graph, id);
    if (writer->needed[id])
      message->input[message->n_input++] =
          onnx_message_port(writer->blocks, writer->names[id], value->type, &value->shape);
  }
}

static bool add_outputs(Writer *writer, Onnx__GraphProto *message) {
  const GArray *outputs = writer->graph->outputs;
  g_autofree TensorType *types = g_new0(TensorType, outputs->len + 1);
  g_autofree Shape *shapes = g_new0(Shape, outputs->len + 1);
  if (!graph_infer_shapes(writer->graph, (int)outputs->len, (const ValueId *)outputs->data, types, shapes,
                          writer->error))
    return false;
  message->output = onnx_block(writer->blocks, sizeof(void *) * outputs->len);
  for (guint i = 0; i < outputs->len; i++)
    message->output[message->n_output++] = onnx_message_port(
        writer->blocks, writer->names[g_array_index(outputs, ValueId, i)], types[i], &shapes[i]);
  return true;
}

static void add_metadata(Writer *writer, Onnx__ModelProto *message, const OnnxEntry *metadata) {
  size_t n = 0;
  while (metadata && metadata[n].key)
    n++;
  message->metadata_props = onnx_block(writer->blocks, sizeof(void *) * n);
  message->n_metadata_props = n;
  for (size_t i = 0; i < n; i++) {
    Onnx__StringStringEntryProto *entry =
        ONNX_MESSAGE(writer->blocks, Onnx__StringStringEntryProto, ONNX__STRING_STRING_ENTRY_PROTO__INIT);
    entry->key = (char *)metadata[i].key;
    entry->value = (char *)metadata[i].value;
    message->metadata_props[i] = entry;
  }
}

static GBytes *pack(Writer *writer, const OnnxWriteOptions *options) {
  Onnx__OperatorSetIdProto opset = ONNX__OPERATOR_SET_ID_PROTO__INIT, *opsets = &opset;
  Onnx__GraphProto graph = ONNX__GRAPH_PROTO__INIT;
  Onnx__ModelProto model = ONNX__MODEL_PROTO__INIT;
  opset.domain = (char *)"";
  opset.has_version = model.has_ir_version = true;
  opset.version = options->opset;
  model.ir_version = IR_VERSION;
  model.producer_name = (char *)"hoarfrost";
  model.n_opset_import = 1;
  model.opset_import = &opsets;
  model.graph = &graph;
  graph.name = (char *)(options->name ? options->name : "graph");
  mark_needed(writer);
  name_values(writer);
  if (!add_nodes(writer, &graph) || !add_outputs(writer, &graph))
    return NULL;
  add_leaves(writer, &graph);
  add_metadata(writer, &model, options->metadata);
  size_t size = onnx__model_proto__get_packed_size(&model);
  if (size > SIZE_LIMIT) {
    input_error(writer->error, "the model takes %zu bytes; one ONNX file holds at most 2 GiB", size);
    return NULL;
  }
  uint8_t *bytes = g_malloc(size);
  onnx__model_proto__pack(&model, bytes);
  return g_bytes_new_take(bytes, size);
}

GBytes *onnx_to_bytes(const Graph *whole, const OnnxWriteOptions *options, GError **error) {
  g_autoptr(Graph) graph = graph_spell_out(whole, options->opset);
  if (graph->error) {
    g_propagate_error(error, g_error_copy(graph->error));
    return NULL;
  }
  Writer writer = {.graph = graph,
                   .blocks = g_ptr_array_new_with_free_func(g_free),
                   .needed = g_new0(bool, graph->values->len),
                   .names = g_new0(char *, graph->values->len),
                   .taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                   .error = error};
  GBytes *bytes = pack(&writer, options);
  g_ptr_array_unref(writer.blocks);
  g_hash_table_unref(writer.taken);
  g_free(writer.needed);
  g_free(writer.names);
  return bytes;
}

bool onnx_write(const char *path, const Graph *graph, const OnnxWriteOptions *options, GError **error) {
  g_autoptr(GBytes) bytes = onnx_to_bytes(graph, options, error);
  return bytes && file_replace(path, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error);
}
