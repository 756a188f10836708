#include "engine/graph.h"

#include "engine/error.h"

#include <string.h>

static void attribute_free(void *pointer) {
  Attribute *attribute = pointer;
  g_free(attribute->name);
  g_free(attribute->text);
  g_free(attribute->ints);
  g_free(attribute->floats);
  tensor_unref(attribute->tensor);
  g_free(attribute);
}

static void value_free(void *pointer) {
  Value *value = pointer;
  if (!value)
    return;
  g_free(value->name);
  tensor_unref(value->tensor);
  g_free(value);
}

static void graph_node_free(void *pointer) {
  GraphNode *node = pointer;
  g_free(node->node.name);
  g_ptr_array_unref(node->node.attributes);
  g_free(node->inputs);
  g_free(node->outputs);
  g_free(node);
}

Graph *graph_new(void) {
  Graph *graph = g_new0(Graph, 1);
  graph->values = g_ptr_array_new_with_free_func(value_free);
  g_ptr_array_add(graph->values, NULL);
  graph->nodes = g_ptr_array_new_with_free_func(graph_node_free);
  graph->inputs = g_array_new(FALSE, FALSE, sizeof(ValueId));
  graph->outputs = g_array_new(FALSE, FALSE, sizeof(ValueId));
  return graph;
}

void graph_free(Graph *graph) {
  if (!graph)
    return;
  g_ptr_array_unref(graph->values);
  g_ptr_array_unref(graph->nodes);
  g_array_unref(graph->inputs);
  g_array_unref(graph->outputs);
  g_clear_error(&graph->error);
  g_free(graph);
}

void graph_fail(Graph *graph, const char *format, ...) {
  if (graph->error)
    return;
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  input_error(&graph->error, "%s", text);
}

static ValueId add_value(Graph *graph, const char *name, ValueKind kind, TensorType type, const Shape *shape,
                         Tensor *tensor) {
  Value *value = g_new0(Value, 1);
  value->name = g_strdup(name ? name : "");
  value->kind = kind;
  value->type = type;
  if (shape)
    value->shape = *shape;
  value->tensor = tensor ? tensor_ref(tensor) : NULL;
  g_ptr_array_add(graph->values, value);
  return (ValueId)graph->values->len - 1;
}

ValueId graph_input(Graph *graph, const char *name, TensorType type, const Shape *shape) {
  ValueId id = add_value(graph, name, VALUE_INPUT, type, shape, NULL);
  g_array_append_val(graph->inputs, id);
  return id;
}

ValueId graph_constant(Graph *graph, const char *name, Tensor *tensor) {
  return add_value(graph, name, VALUE_CONSTANT, tensor->type, &tensor->shape, tensor);
}

ValueId graph_parameter(Graph *graph, const char *name, Tensor *tensor) {
  return add_value(graph, name, VALUE_PARAMETER, tensor->type, &tensor->shape, tensor);
}

ValueId graph_fill(Graph *graph, const char *name, const Shape *shape, float number) {
  g_autoptr(Tensor) tensor = tensor_new(TENSOR_FLOAT32, shape, graph->error ? NULL : &graph->error);
  if (!tensor)
    return VALUE_NONE;
  int64_t n = tensor_count(tensor);
  for (int64_t i = 0; i < n; i++)
    tensor_floats(tensor)[i] = number;
  return graph_constant(graph, name, tensor);
}

void graph_add_many(Graph *graph, const char *op_name, const char *name, int n_inputs, const ValueId *inputs,
                    int n_outputs, const char *const *output_names, ValueId *outputs) {
  memset(outputs, 0, sizeof(ValueId) * (size_t)n_outputs);
  if (graph->error)
    return;
  const Op *op = op_find(op_name);
  if (!op) {
    graph_fail(graph, "operator %s of node '%s' is not supported", op_name, name);
    return;
  }
  if (n_inputs < op->min_inputs || n_inputs > MIN(op->max_inputs, OP_MAX_INPUTS) ||
      n_outputs > OP_MAX_OUTPUTS) {
    graph_fail(graph, "node '%s' (%s) has %d inputs and %d outputs; it takes %d to %d inputs", name, op_name,
               n_inputs, n_outputs, op->min_inputs, MIN(op->max_inputs, OP_MAX_INPUTS));
    return;
  }
  for (int i = 0; i < n_inputs; i++)
    if (inputs[i] < 0 || inputs[i] >= (ValueId)graph->values->len ||
        (inputs[i] == VALUE_NONE && i < op->min_inputs)) {
      graph_fail(graph, "input %d of node '%s' (%s) is missing", i + 1, name, op_name);
      return;
    }
  GraphNode *node = g_new0(GraphNode, 1);
  node->node =
      (Node){.op = op, .name = g_strdup(name), .attributes = g_ptr_array_new_with_free_func(attribute_free)};
  node->n_inputs = n_inputs;
  node->n_outputs = n_outputs;
  node->inputs = g_memdup2(inputs, sizeof(ValueId) * (size_t)n_inputs);
  node->outputs = g_new0(ValueId, n_outputs);
  for (int i = 0; i < n_outputs; i++)
    outputs[i] = node->outputs[i] =
        add_value(graph, output_names[i], VALUE_COMPUTED, TENSOR_FLOAT32, NULL, NULL);
  g_ptr_array_add(graph->nodes, node);
}

ValueId graph_add(Graph *graph, const char *op, const char *name, int n_inputs, const ValueId *inputs) {
  ValueId output;
  graph_add_many(graph, op, name, n_inputs, inputs, 1, &name, &output);
  return output;
}

Node *graph_last(Graph *graph) {
  if (graph->error || graph->nodes->len == 0)
    return NULL;
  return &((GraphNode *)g_ptr_array_index(graph->nodes, graph->nodes->len - 1))->node;
}

/* node NULL: the graph has failed before, there is nothing to write on. */
static Attribute *add_attribute(Node *node, const char *name, AttributeType type) {
  if (!node)
    return NULL;
  Attribute *attribute = g_new0(Attribute, 1);
  attribute->name = g_strdup(name);
  attribute->type = type;
  g_ptr_array_add(node->attributes, attribute);
  return attribute;
}

void node_set_int(Node *node, const char *name, int64_t i) {
  Attribute *attribute = add_attribute(node, name, ATTRIBUTE_INT);
  if (attribute)
    attribute->i = i;
}

void node_set_float(Node *node, const char *name, float f) {
  Attribute *attribute = add_attribute(node, name, ATTRIBUTE_FLOAT);
  if (attribute)
    attribute->f = f;
}

void node_set_text(Node *node, const char *name, const char *text) {
  Attribute *attribute = add_attribute(node, name, ATTRIBUTE_TEXT);
  if (attribute)
    attribute->text = g_strdup(text);
}

void node_set_ints(Node *node, const char *name, int n, const int64_t *ints) {
  Attribute *attribute = add_attribute(node, name, ATTRIBUTE_INTS);
  if (!attribute)
    return;
  attribute->ints = g_memdup2(ints, sizeof(int64_t) * (size_t)n);
  attribute->n_numbers = n;
}

void node_set_floats(Node *node, const char *name, int n, const float *floats) {
  Attribute *attribute = add_attribute(node, name, ATTRIBUTE_FLOATS);
  if (!attribute)
    return;
  attribute->floats = g_memdup2(floats, sizeof(float) * (size_t)n);
  attribute->n_numbers = n;
}

void node_set_tensor(Node *node, const char *name, Tensor *tensor) {
  Attribute *attribute = add_attribute(node, name, ATTRIBUTE_TENSOR);
  if (attribute)
    attribute->tensor = tensor_ref(tensor);
}

const Attribute *node_attribute(const Node *node, const char *name) {
  for (guint i = 0; i < node->attributes->len; i++) {
    const Attribute *attribute = g_ptr_array_index(node->attributes, i);
    if (strcmp(attribute->name, name) == 0)
      return attribute;
  }
  return NULL;
}

int64_t node_int(const Node *node, const char *name, int64_t otherwise) {
  const Attribute *attribute = node_attribute(node, name);
  return attribute && attribute->type == ATTRIBUTE_INT ? attribute->i : otherwise;
}

float node_float(const Node *node, const char *name, float otherwise) {
  const Attribute *attribute = node_attribute(node, name);
  return attribute && attribute->type == ATTRIBUTE_FLOAT ? attribute->f : otherwise;
}

const char *node_text(const Node *node, const char *name, const char *otherwise) {
  const Attribute *attribute = node_attribute(node, name);
  return attribute && attribute->type == ATTRIBUTE_TEXT ? attribute->text : otherwise;
}

const int64_t *node_ints(const Node *node, const char *name, int *n) {
  const Attribute *attribute = node_attribute(node, name);
  bool there = attribute && attribute->type == ATTRIBUTE_INTS;
  *n = there ? attribute->n_numbers : 0;
  return there ? attribute->ints : NULL;
}

void graph_set_output(Graph *graph, ValueId value) {
  if (value != VALUE_NONE)
    g_array_append_val(graph->outputs, value);
}

const Value *graph_value(const Graph *graph, ValueId value) {
  return value > 0 && value < (ValueId)graph->values->len ? g_ptr_array_index(graph->values, value) : NULL;
}

ValueId graph_find(const Graph *graph, const char *name) {
  for (guint i = 1; i < graph->values->len; i++)
    if (strcmp(((Value *)g_ptr_array_index(graph->values, i))->name, name) == 0)
      return (ValueId)i;
  return VALUE_NONE;
}

static void copy_attributes(Node *to, const Node *from) {
  for (guint i = 0; i < from->attributes->len; i++) {
    const Attribute *old = g_ptr_array_index(from->attributes, i);
    Attribute *attribute = add_attribute(to, old->name, old->type);
    attribute->i = old->i;
    attribute->f = old->f;
    attribute->text = g_strdup(old->text);
    attribute->ints = old->ints ? g_memdup2(old->ints, sizeof(int64_t) * (size_t)old->n_numbers) : NULL;
    attribute->floats = old->floats ? g_memdup2(old->floats, sizeof(float) * (size_t)old->n_numbers) : NULL;
    attribute->n_numbers = old->n_numbers;
    attribute->tensor = old->tensor ? tensor_ref(old->tensor) : NULL;
  }
}

GArray *graph_import_leaves(Graph *graph, const Graph *from, const ValueId *inputs) {
  GArray *map = g_array_sized_new(FALSE, TRUE, sizeof(ValueId), from->values->len);
  g_array_set_size(map, from->values->len);
  ValueId *to = (ValueId *)map->data;
  if (from->error && !graph->error)
    graph->error = g_error_copy(from->error);
  for (guint i = 0; i < from->inputs->len; i++)
    to[g_array_index(from->inputs, ValueId, i)] = inputs[i];
  for (guint i = 1; i < from->values->len; i++) {
    const Value *value = g_ptr_array_index(from->values, i);
    if (value->kind == VALUE_CONSTANT || value->kind == VALUE_PARAMETER)
      to[i] = add_value(graph, value->name, value->kind, value->type, &value->shape, value->tensor);
  }
  return map;
}

void graph_add_copy(Graph *graph, const Graph *from, const GraphNode *node, const ValueId *inputs,
                    ValueId *outputs) {
  const char *names[OP_MAX_OUTPUTS];
  for (int i = 0; i < node->n_outputs; i++)
    names[i] = graph_value(from, node->outputs[i])->name;
  graph_add_many(graph, node->node.op->name, node->node.name, node->n_inputs, inputs, node->n_outputs, names,
                 outputs);
  if (graph->error)
    return;
  copy_attributes(graph_last(graph), &node->node);
  graph_last(graph)->activation = node->node.activation;
}
