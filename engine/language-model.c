#include "engine/language-model.h"
#include "engine/error.h"

#include <string.h>

static const Value *input_value(const FrozenModel *model, guint i) {
  return graph_value(model->graph, g_array_index(model->graph->inputs, ValueId, i));
}

bool language_model(const FrozenModel *model) {
  const Graph *graph = model->graph;
  if (graph->inputs->len == 0 || graph->outputs->len == 0)
    return false;
  const Value *ids = input_value(model, 0);
  bool shaped = ids->type == TENSOR_INT64 && ids->shape.rank == 2 && model->output_shape.rank == 3;
  if (model->card.task)
    return shaped && strcmp(model->card.task, "causal-lm") == 0;
  return shaped && graph->inputs->len == 1;
}

/* The inputs that may stand beside the ids, as they are made of ones (batch, tokens), int64. */
static ValueId make_mask(Graph *graph, ValueId ones) {
  return ones;
}

static ValueId make_positions(Graph *graph, ValueId ones) {
  int64_t axis = 1;
  g_autoptr(Tensor) number = tensor_from_ints(&(Shape){0}, &axis);
  ValueId one = graph_constant(graph, "one", number);
  return GRAPH_ADD(graph, "Sub", "positions", GRAPH_ADD(graph, "CumSum", "places from one", ones, one), one);
}

static const struct {
  const char *name;
  ValueId (*make)(Graph *graph, ValueId ones);
} beside[] = {{"attention_mask", make_mask}, {"position_ids", make_positions}};

static int find_beside(const Value *value) {
  for (guint k = 0; k < G_N_ELEMENTS(beside); k++)
    if (value->shape.rank == 2 && strcmp(value->name, beside[k].name) == 0)
      return (int)k;
  return -1;
}

bool language_model_check(const FrozenModel *model, GError **error) {
  if (!language_model(model) || frozen_model_classes(model) < 2)
    return input_error(
        error,
        "%s is no language model: it should map rows of token ids to an answer for each token, "
        "and its card should have the task causal-lm",
        model->name);
  for (guint i = 1; i < model->graph->inputs->len; i++)
    if (find_beside(input_value(model, i)) < 0)
      return input_error(
          error, "%s has an input '%s' beside the ids; only attention_mask and position_ids are known",
          model->name, input_value(model, i)->name);
  return true;
}

static ValueId of_type(Graph *graph, ValueId x, TensorType type) {
  static const int onnx_types[] = {[TENSOR_FLOAT32] = 1, [TENSOR_INT64] = 7, [TENSOR_BOOL] = 9};
  if (type == TENSOR_INT64)
    return x;
  ValueId cast = GRAPH_ADD(graph, "Cast", "cast", x);
  if (cast)
    node_set_int(graph_last(graph), "to", onnx_types[type]);
  return cast;
}

ValueId *language_model_inputs(Graph *graph, const FrozenModel *model, ValueId ids) {
  guint n = model->graph->inputs->len;
  ValueId *inputs = g_new(ValueId, n);
  inputs[0] = ids;
  if (n == 1)
    return inputs;
  int64_t number = 1;
  g_autoptr(Tensor) scalar = tensor_from_ints(&(Shape){0}, &number);
  ValueId zeros = GRAPH_ADD(graph, "Sub", "zeros", ids, ids);
  ValueId ones = GRAPH_ADD(graph, "Add", "ones", zeros, graph_constant(graph, "one", scalar));
  for (guint i = 1; i < n; i++) {
    const Value *value = input_value(model, i);
    inputs[i] = of_type(graph, beside[find_beside(value)].make(graph, ones), value->type);
  }
  return inputs;
}
