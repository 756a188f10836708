/* The inputs of a plan: their shapes, and those whose numbers must be known before shapes can be. */
#include "engine/error.h"
#include "engine/passes/passes.h"

bool plan_bind_inputs(Plan *plan, const Graph *graph, const PlanOptions *options, const bool *known,
                      GError **error) {
  for (guint i = 0; i < graph->inputs->len; i++) {
    ValueId id = g_array_index(graph->inputs, ValueId, i);
    PlanValue *value = plan_at(plan, id);
    Shape wanted = value->tensor.shape;
    if (options->input_shapes)
      value->tensor.shape = options->input_shapes[i];
    const Shape *given = &value->tensor.shape;
    bool fits = wanted.rank == given->rank;
    for (int d = 0; d < given->rank; d++) {
      if (given->dim[d] == -1)
        value->tensor.shape.dim[d] = options->batch;
      fits = fits && (wanted.dim[d] == -1 || wanted.dim[d] == given->dim[d]);
    }
    if (!fits || shape_count(given) < 0) {
      g_autofree char *has = shape_text(given), *wants = shape_text(&wanted);
      return input_error(error, "input '%s' has shape %s; the model takes %s", value->name, has, wants);
    }
    if (!known[i]) {
      g_array_append_val(plan->inputs, id);
      continue;
    }
    value->owned = tensor_ref(options->input_tensors[i]);
    value->tensor.data = value->owned->data;
    value->known = true;
  }
  return true;
}

/* Marks what leads to the inputs from `first` on of the node that failed. */
static void mark_ancestors(const Plan *plan, int first, bool *reached) {
  const PlanNode *failed = plan_node(plan, (guint)plan->failed);
  for (int i = first; i < failed->n_inputs; i++)
    reached[failed->inputs[i]] = true;
  for (int k = plan->failed - 1; k >= 0; k--) {
    const PlanNode *node = plan_node(plan, (guint)k);
    bool leads = false;
    for (int i = 0; i < node->n_outputs; i++)
      leads |= node->outputs[i] != VALUE_NONE && reached[node->outputs[i]];
    for (int i = 0; leads && i < node->n_inputs; i++)
      reached[node->inputs[i]] = true;
  }
}

static bool is_wanted(const PlanOptions *options, ValueId id) {
  for (const ValueId *one = options->gradients; one && *one != VALUE_NONE; one++)
    if (*one == id)
      return true;
  return false;
}

bool plan_know_more(const Plan *plan, const Graph *graph, const PlanOptions *options, bool *known) {
  if (!options->input_tensors || plan->failed < 0)
    return false;
  bool more = false;
  /* What the first input holds is mostly the data, and the sizes stand behind it. */
  for (int first = 1; first >= 0 && !more; first--) {
    g_autofree bool *reached = g_new0(bool, plan->values->len);
    mark_ancestors(plan, first, reached);
    for (guint i = 0; i < graph->inputs->len; i++) {
      ValueId id = g_array_index(graph->inputs, ValueId, i);
      const Tensor *tensor = options->input_tensors[i];
      const Tensor *planned = &plan_at(plan, id)->tensor;
      if (known[i] || !reached[id] || !tensor || is_wanted(options, id) || tensor->type != planned->type ||
          !shape_equal(&tensor->shape, &planned->shape))
        continue;
      known[i] = more = true;
    }
  }
  return more;
}
