#include "data/onnx-internal.h"
#include "data/onnx.h"

#include "onnx.pb-c.h"

#include <string.h>

static void operator_free(void *pointer) {
  OnnxOperator *row = pointer;
  g_free(row->name);
  g_free(row->first_node);
  g_free(row);
}

static void port_free(void *pointer) {
  OnnxPort *port = pointer;
  g_free(port->name);
  g_free(port->type);
  g_strfreev(port->axis_names);
  g_free(port);
}

static OnnxPort *port_new(const Onnx__ValueInfoProto *proto) {
  OnnxPort *port = g_new0(OnnxPort, 1);
  const Onnx__TypeProto *type = proto->type;
  bool is_tensor = type && type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
  const char *element = is_tensor ? onnx_element_name(type->tensor_type->elem_type) : NULL;
  port->name = g_strdup(proto->name ? proto->name : "");
  port->type = g_strdup(element ? element : "?");
  port->has_shape = onnx_type_shape(type, &port->shape);
  port->axis_names = g_new0(char *, port->shape.rank + 1);
  for (int i = 0; i < port->shape.rank; i++) {
    const Onnx__TensorShapeProto__Dimension *dim = type->tensor_type->shape->dim[i];
    bool named = dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
    port->axis_names[i] = named                    ? g_strdup(dim->dim_param)
                          : port->shape.dim[i] < 0 ? g_strdup("?")
                                                   : g_strdup_printf("%" G_GINT64_FORMAT, port->shape.dim[i]);
  }
  return port;
}

static GPtrArray *ports_new(size_t n, Onnx__ValueInfoProto **protos) {
  GPtrArray *ports = g_ptr_array_new_with_free_func(port_free);
  for (size_t i = 0; i < n; i++)
    g_ptr_array_add(ports, port_new(protos[i]));
  return ports;
}

static int compare_operators(gconstpointer a, gconstpointer b) {
  return strcmp((*(OnnxOperator *const *)a)->name, (*(OnnxOperator *const *)b)->name);
}

/* The same operator may be supported in one node and not in another (a graph inside): the row is then
 * unsupported and names the first node that is not. */
static GPtrArray *operators_new(const Onnx__GraphProto *graph) {
  GPtrArray *rows = g_ptr_array_new_with_free_func(operator_free);
  g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
  for (size_t i = 0; i < graph->n_node; i++) {
    const Onnx__NodeProto *node = graph->node[i];
    const char *op = node->op_type ? node->op_type : "?";
    bool own = !node->domain || !*node->domain || strcmp(node->domain, "ai.onnx") == 0;
    g_autofree char *name = own ? g_strdup(op) : g_strdup_printf("%s.%s", node->domain, op);
    bool supported = onnx_node_supported(node, NULL);
    OnnxOperator *row = g_hash_table_lookup(by_name, name);
    if (!row) {
      row = g_new0(OnnxOperator, 1);
      row->name = g_steal_pointer(&name);
      row->supported = true;
      g_ptr_array_add(rows, row);
      g_hash_table_insert(by_name, row->name, row);
    }
    if (row->count++ == 0 || (row->supported && !supported)) {
      g_free(row->first_node);
      row->first_node = g_strdup(onnx_node_name(node));
    }
    row->supported = row->supported && supported;
  }
  g_ptr_array_sort(rows, compare_operators);
  return rows;
}

OnnxSummary *onnx_inspect(const char *path, GError **error) {
  OnnxFile file;
  if (!onnx_file_open_path(&file, path, NULL, error)) {
    onnx_file_close(&file);
    return NULL;
  }
  OnnxSummary *summary = g_new0(OnnxSummary, 1);
  const Onnx__ModelProto *proto = file.proto;
  summary->opset = file.opset;
  summary->operators = operators_new(proto->graph);
  summary->inputs = ports_new(proto->graph->n_input, proto->graph->input);
  summary->outputs = ports_new(proto->graph->n_output, proto->graph->output);
  model_card_init(&summary->card);
  onnx_file_card(&file, &summary->card);
  summary->producer = g_strdup_printf("%s %s", proto->producer_name ? proto->producer_name : "",
                                      proto->producer_version ? proto->producer_version : "");
  g_strstrip(summary->producer);
  onnx_file_close(&file);
  g_autoptr(GError) refusal = NULL;
  summary->model = onnx_load(path, &refusal);
  if (!summary->model)
    summary->refusal = g_strdup(refusal->message);
  return summary;
}

void onnx_summary_free(OnnxSummary *summary) {
  if (!summary)
    return;
  g_ptr_array_unref(summary->operators);
  g_ptr_array_unref(summary->inputs);
  g_ptr_array_unref(summary->outputs);
  model_card_clear(&summary->card);
  frozen_model_free(summary->model);
  g_free(summary->producer);
  g_free(summary->refusal);
  g_free(summary);
}
