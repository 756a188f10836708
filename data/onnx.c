#include "data/onnx.h"

#include "data/onnx-internal.h"
#include "data/onnx-upgrade.h"
#include "engine/error.h"

#include "onnx.pb-c.h"

#include <string.h>

/* A graph under construction. */
typedef struct {
  OnnxFile *file;
  Onnx__GraphProto *proto;
  Graph *graph;
  GHashTable *values; /* name (borrowed from the message) -> ValueId */
  GHashTable *later;  /* names that the nodes compute */
  GArray *ranks;      /* OnnxRank by ValueId; filled for old operator sets */
  GArray *elements;   /* int by ValueId: element types of the file */
  GError **error;
} Builder;

static bool add_name(Builder *builder, const char *name, ValueId value) {
  if (g_hash_table_insert(builder->values, (char *)name, GINT_TO_POINTER(value)))
    return true;
  return input_error(builder->error, "%s: two tensors are called '%s'; export the model again",
                     builder->file->where, name);
}

static ValueId find_name(const Builder *builder, const char *name) {
  return GPOINTER_TO_INT(g_hash_table_lookup(builder->values, name));
}

/* Before anything is built: one sentence for the first operator that cannot be run. */
static bool check_operators(Builder *builder) {
  for (size_t i = 0; i < builder->proto->n_node; i++) {
    const Onnx__NodeProto *node = builder->proto->node[i];
    const char *reason;
    if (!onnx_node_supported(node, &reason)) {
      bool foreign = node->domain && *node->domain;
      return input_error(
          builder->error,
          "%s: operator %s%s%s of node '%s' (operator set %d) %s; `hoarfrost inspect` lists all operators",
          builder->file->where, foreign ? node->domain : "", foreign ? "." : "",
          node->op_type ? node->op_type : "without a name", onnx_node_name(node), builder->file->opset,
          reason);
    }
    for (size_t k = 0; k < node->n_output; k++)
      g_hash_table_add(builder->later, node->output[k]);
  }
  return true;
}

static bool check_opset(Builder *builder) {
  const OnnxFile *file = builder->file;
  return (file->opset >= ONNX_MIN_OPSET && file->opset <= ONNX_MAX_OPSET) ||
         input_error(builder->error, "%s is written for operator set %d; export it for one from %d to %d",
                     file->where, file->opset, ONNX_MIN_OPSET, ONNX_MAX_OPSET);
}

static Tensor *initialiser_tensor(Builder *builder, Onnx__TensorProto *proto, const char *name) {
  OnnxFile *file = builder->file;
  if (proto->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL)
    return onnx_external_tensor(file->external, proto, name, file->where, builder->error);
  return onnx_tensor(proto, name, file->where, builder->error);
}

static bool add_initialisers(Builder *builder) {
  const Onnx__GraphProto *proto = builder->proto;
  if (proto->n_sparse_initializer > 0)
    return input_error(builder->error, "%s: sparse tensors are not supported; export the weights dense",
                       builder->file->where);
  for (size_t i = 0; i < proto->n_initializer; i++) {
    const char *name = proto->initializer[i]->name ? proto->initializer[i]->name : "";
    g_autoptr(Tensor) tensor = initialiser_tensor(builder, proto->initializer[i], name);
    ValueId value = tensor ? graph_constant(builder->graph, name, tensor) : VALUE_NONE;
    if (!tensor || !add_name(builder, name, value))
      return false;
    onnx_note_element(builder->elements, value, proto->initializer[i]->data_type);
  }
  return true;
}

/* Inputs that have an initialiser are constants. */
static bool add_inputs(Builder *builder) {
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (size_t i = 0; i < builder->proto->n_input; i++) {
    const Onnx__ValueInfoProto *input = builder->proto->input[i];
    char *name = input->name ? input->name : "";
    Shape shape;
    TensorType type;
    if (!g_hash_table_add(seen, name))
      return input_error(builder->error, "%s: two inputs are called '%s'; export the model again",
                         builder->file->where, name);
    if (find_name(builder, name))
      continue;
    if (!onnx_type_shape(input->type, &shape) ||
        !onnx_tensor_type(input->type->tensor_type->elem_type, &type))
      return input_error(
          builder->error,
          "%s: input '%s' is no tensor of numbers with a shape of at most %d axes; export the model again",
          builder->file->where, name, TENSOR_MAX_RANK);
    ValueId value = graph_input(builder->graph, name, type, &shape);
    if (!add_name(builder, name, value))
      return false;
    onnx_note_element(builder->elements, value, input->type->tensor_type->elem_type);
  }
  return true;
}

static bool find_node_inputs(Builder *builder, const Onnx__NodeProto *node, ValueId *inputs) {
  const char *where = builder->file->where, *name = onnx_node_name(node);
  if (node->n_input > OP_MAX_INPUTS || node->n_output > OP_MAX_OUTPUTS || node->n_output == 0)
    return input_error(
        builder->error,
        "%s: node '%s' (%s) has %zu inputs and %zu outputs; at most %d and 1 to %d are supported", where,
        name, node->op_type, node->n_input, node->n_output, OP_MAX_INPUTS, OP_MAX_OUTPUTS);
  for (size_t i = 0; i < node->n_input; i++) {
    const char *input = node->input[i];
    inputs[i] = *input ? find_name(builder, input) : VALUE_NONE;
    if (*input && !inputs[i] && g_hash_table_contains(builder->later, input))
      return input_error(
          builder->error,
          "%s: node '%s' (%s) reads '%s' before it is computed; the nodes form a cycle or are out of order",
          where, name, node->op_type, input);
    if (*input && !inputs[i])
      return input_error(builder->error,
                         "%s: node '%s' (%s) reads '%s', which nothing computes; export the model again",
                         where, name, node->op_type, input);
  }
  return true;
}

static bool add_constant_node(Builder *builder, Onnx__NodeProto *node) {
  g_autoptr(Tensor) tensor = onnx_node_constant(node, builder->file->where, builder->error);
  if (!tensor || node->n_output != 1)
    return tensor &&
           input_error(builder->error, "%s: Constant node '%s' has %zu outputs; export the model again",
                       builder->file->where, onnx_node_name(node), node->n_output);
  ValueId value = graph_constant(builder->graph, node->output[0], tensor);
  if (node->attribute[0]->t)
    onnx_note_element(builder->elements, value, node->attribute[0]->t->data_type);
  return add_name(builder, node->output[0], value);
}

/* The node in its newest form; what old forms add stands in front of it, or behind it to give back a shape.
 */
static bool add_upgraded(Builder *builder, OnnxNode *node, Onnx__NodeProto *proto, ValueId *outputs) {
  Graph *graph = builder->graph;
  onnx_node_upgrade(proto, node->opset, graph, node->inputs, &node->n_inputs);
  if (!onnx_upgrade_inputs(node, builder->error))
    return false;
  const char *names[OP_MAX_OUTPUTS], *name = onnx_node_name(proto);
  for (size_t i = 0; i < proto->n_output; i++)
    names[i] = proto->output[i];
  if (node->shape)
    names[0] = name;
  graph_add_many(graph, node->op, name, node->n_inputs, node->inputs, (int)proto->n_output, names, outputs);
  if (graph->error)
    return input_error(builder->error, "%s: %s", builder->file->where, graph->error->message);
  if (!onnx_node_attributes(proto, node->opset, graph_last(graph), builder->file->where, builder->error) ||
      !onnx_upgrade_attributes(node, graph_last(graph), builder->error))
    return false;
  onnx_note_elements(node, graph_last(graph), (int)proto->n_output, outputs);
  if (node->opset < 13)
    onnx_note_ranks(node, (int)proto->n_output, outputs);
  if (node->shape)
    outputs[0] = GRAPH_ADD(graph, "Reshape", proto->output[0], outputs[0], node->shape);
  return true;
}

static bool add_node(Builder *builder, Onnx__NodeProto *proto) {
  if (strcmp(proto->op_type, "Constant") == 0)
    return add_constant_node(builder, proto);
  OnnxNode node = {.proto = proto,
                   .where = builder->file->where,
                   .opset = builder->file->opset,
                   .graph = builder->graph,
                   .ranks = builder->ranks,
                   .elements = builder->elements,
                   .op = onnx_operator_today(proto->op_type),
                   .n_inputs = (int)proto->n_input};
  ValueId outputs[OP_MAX_OUTPUTS];
  if (!find_node_inputs(builder, proto, node.inputs) || !add_upgraded(builder, &node, proto, outputs))
    return false;
  for (size_t i = 0; i < proto->n_output; i++)
    if (*proto->output[i] && !add_name(builder, proto->output[i], outputs[i]))
      return false;
  return true;
}

static bool add_outputs(Builder *builder, FrozenModel *model) {
  const Onnx__GraphProto *proto = builder->proto;
  if (proto->n_output == 0)
    return input_error(builder->error, "%s: the graph has no outputs; export the model again",
                       builder->file->where);
  for (size_t i = 0; i < proto->n_output; i++) {
    const char *name = proto->output[i]->name ? proto->output[i]->name : "";
    ValueId value = find_name(builder, name);
    if (!value)
      return input_error(builder->error, "%s: output '%s' is computed by nothing; export the model again",
                         builder->file->where, name);
    graph_set_output(builder->graph, value);
  }
  onnx_type_shape(proto->output[0]->type, &model->output_shape);
  return true;
}

bool onnx_file_build(OnnxFile *file, FrozenModel *model, GError **error) {
  Builder builder = {.file = file,
                     .proto = file->proto->graph,
                     .graph = model->graph,
                     .values = g_hash_table_new(g_str_hash, g_str_equal),
                     .later = g_hash_table_new(g_str_hash, g_str_equal),
                     .ranks = g_array_new(FALSE, FALSE, sizeof(OnnxRank)),
                     .elements = g_array_new(FALSE, FALSE, sizeof(int)),
                     .error = error};
  model->opset = file->opset;
  bool built = check_operators(&builder) && check_opset(&builder) && add_initialisers(&builder) &&
               add_inputs(&builder);
  for (size_t i = 0; built && i < builder.proto->n_node; i++)
    built = add_node(&builder, builder.proto->node[i]);
  built = built && add_outputs(&builder, model);
  g_hash_table_unref(builder.values);
  g_hash_table_unref(builder.later);
  g_array_unref(builder.ranks);
  g_array_unref(builder.elements);
  return built;
}

/* Names for other classes than the network has would mislead. */
static void check_classes(FrozenModel *model) {
  int named = model->card.n_classes, classes = frozen_model_classes(model);
  if (named == 0 || named == classes)
    return;
  g_clear_pointer(&model->card.classes, g_strfreev);
  model->card.n_classes = 0;
  g_ptr_array_add(
      model->card.warnings,
      classes == 1
          ? g_strdup_printf(
                "The model card's classes are left out: it names %d, and the network answers with "
                "one number a row.",
                named)
          : g_strdup_printf("The model card's classes are left out: it names %d, and the network has %d.",
                            named, classes));
}

/* A picture's size that the graph leaves open; where the two contradict each other the graph is right. */
static bool fix_input_size(FrozenModel *model) {
  const int *size = model->card.input_size;
  if (size[0] == 0 || model->graph->inputs->len == 0)
    return false;
  Value *input = g_ptr_array_index(model->graph->values, g_array_index(model->graph->inputs, ValueId, 0));
  bool fits = input->shape.rank == 4 && input->type == TENSOR_FLOAT32, fixed = false;
  for (int i = 0; fits && i < 3; i++)
    fits = input->shape.dim[i + 1] < 0 || input->shape.dim[i + 1] == size[i];
  for (int i = 0; fits && i < 3; i++) {
    fixed = fixed || input->shape.dim[i + 1] < 0;
    input->shape.dim[i + 1] = size[i];
  }
  if (!fits)
    g_ptr_array_add(model->card.warnings,
                    g_strdup("The model card's input_size is left out: the graph takes another input."));
  return fixed;
}

/* Some structures show only when all sizes are known. */
static void recognise(FrozenModel *model) {
  int found[STRUCTURES];
  graph_recognise(model->graph, found);
  for (int i = 0; i < STRUCTURES; i++)
    model->structures[i] += found[i];
}

void onnx_take_card(FrozenModel *model) {
  if (fix_input_size(model))
    recognise(model);
  g_ptr_array_set_size(model->sites, 0);
  frozen_model_find_sites(model);
  check_classes(model);
}

/* The opened file as a model; closes the file. */
static FrozenModel *load_and_close(OnnxFile *file, bool opened, const char *sha256, GError **error) {
  g_autoptr(FrozenModel) model = frozen_model_new();
  if (opened)
    onnx_file_card(file, &model->card);
  bool built = opened && onnx_file_build(file, model, error);
  if (built && sha256)
    model->sha256 = onnx_external_digest(file->external, sha256);
  onnx_file_close(file);
  if (!built)
    return NULL;
  fix_input_size(model);
  recognise(model);
  onnx_take_card(model);
  return g_steal_pointer(&model);
}

FrozenModel *onnx_load(const char *path, GError **error) {
  OnnxFile file;
  g_autofree char *sha256 = NULL;
  bool opened = onnx_file_open_path(&file, path, &sha256, error);
  FrozenModel *model = load_and_close(&file, opened, sha256, error);
  if (model) {
    model->name = g_strdup(path);
    model->path = g_strdup(path);
  }
  return model;
}

FrozenModel *onnx_load_bytes(const void *bytes, size_t size, const char *where, GError **error) {
  OnnxFile file;
  bool opened = onnx_file_open(&file, bytes, size, where, error);
  return load_and_close(&file, opened, NULL, error);
}
