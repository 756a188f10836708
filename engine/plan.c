#include "engine/plan.h"

#include "engine/error.h"
#include "engine/passes/passes.h"

static void plan_value_free(void *pointer) {
  PlanValue *value = pointer;
  if (!value)
    return;
  g_free(value->name);
  tensor_unref(value->owned);
  g_free(value);
}

static void plan_node_free(void *pointer) {
  PlanNode *node = pointer;
  if (node->prepared && node->node.op->release)
    node->node.op->release(node->prepared);
  g_free(node->node.name);
  g_ptr_array_unref(node->node.attributes);
  g_free(node->inputs);
  g_free(node->outputs);
  g_free(node);
}

void plan_free(Plan *plan) {
  if (!plan)
    return;
  g_ptr_array_unref(plan->nodes);
  g_ptr_array_unref(plan->values);
  g_array_unref(plan->inputs);
  g_free(plan);
}

void plan_tensors(const Plan *plan, const PlanNode *node, const Tensor **x, Tensor **y) {
  for (int i = 0; i < node->n_inputs; i++)
    x[i] = node->inputs[i] == VALUE_NONE ? NULL : &plan_at(plan, node->inputs[i])->tensor;
  for (int i = 0; i < node->n_outputs; i++)
    y[i] = &plan_at(plan, node->outputs[i])->tensor;
}

ValueId plan_add_value(Plan *plan, const char *name, Tensor *tensor) {
  PlanValue *value = g_new0(PlanValue, 1);
  value->kind = tensor ? VALUE_CONSTANT : VALUE_COMPUTED;
  value->name = g_strdup(name);
  value->producer = -1;
  if (tensor) {
    value->owned = tensor_ref(tensor);
    value->tensor =
        (Tensor){.type = tensor->type, .order = tensor->order, .shape = tensor->shape, .data = tensor->data};
    value->known = true;
  }
  g_ptr_array_add(plan->values, value);
  return (ValueId)plan->values->len - 1;
}

static void add_readings(const PlanNode *node, int *readings, int more) {
  for (int i = 0; i < node->n_inputs; i++)
    readings[node->inputs[i]] += more;
}

int *plan_readings(const Plan *plan) {
  int *readings = g_new0(int, plan->values->len);
  for (guint k = 0; k < plan->nodes->len; k++)
    add_readings(plan_node(plan, k), readings, 1);
  return readings;
}

void plan_remove(PlanNode *node, int *readings) {
  node->removed = true;
  add_readings(node, readings, -1);
}

void plan_drop_removed(Plan *plan) {
  gsize n;
  g_autofree gpointer *nodes = g_ptr_array_steal(plan->nodes, &n);
  for (gsize k = 0; k < n; k++)
    if (((const PlanNode *)nodes[k])->removed)
      plan_node_free(nodes[k]);
    else
      g_ptr_array_add(plan->nodes, nodes[k]);
  for (guint k = 0; k < plan->nodes->len; k++)
    for (int i = 0; i < plan_node(plan, k)->n_outputs; i++)
      plan_at(plan, plan_node(plan, k)->outputs[i])->producer = (int)k;
}

/* Values keep the ids that they have in the graph. */
static void copy_values(Plan *plan, const Graph *graph) {
  g_ptr_array_add(plan->values, NULL);
  for (guint i = 1; i < graph->values->len; i++) {
    const Value *from = g_ptr_array_index(graph->values, i);
    ValueId id = plan_add_value(plan, from->name, from->tensor);
    PlanValue *value = plan_at(plan, id);
    value->kind = from->kind;
    value->known = from->kind == VALUE_CONSTANT;
    value->tensor.type = from->type;
    value->tensor.shape = from->shape;
  }
}

static void copy_nodes(Plan *plan, const Graph *graph) {
  for (guint k = 0; k < graph->nodes->len; k++) {
    const GraphNode *from = g_ptr_array_index(graph->nodes, k);
    PlanNode *node = g_new0(PlanNode, 1);
    node->node = from->node;
    node->node.name = g_strdup(from->node.name);
    g_ptr_array_ref(node->node.attributes);
    node->n_inputs = from->n_inputs;
    node->n_outputs = from->n_outputs;
    node->inputs = g_memdup2(from->inputs, sizeof(ValueId) * (size_t)from->n_inputs);
    node->outputs = g_memdup2(from->outputs, sizeof(ValueId) * (size_t)from->n_outputs);
    g_ptr_array_add(plan->nodes, node);
    for (int i = 0; i < node->n_outputs; i++)
      plan_at(plan, node->outputs[i])->producer = (int)k;
  }
}

static void mark_outputs(Plan *plan, const Graph *graph, const PlanOptions *options) {
  if (options->outputs)
    for (const ValueId *id = options->outputs; *id != VALUE_NONE; id++)
      plan_at(plan, *id)->is_output = true;
  else
    for (guint i = 0; i < graph->outputs->len; i++)
      plan_at(plan, g_array_index(graph->outputs, ValueId, i))->is_output = true;
  plan->target = options->target;
  if (plan->target == VALUE_NONE)
    return;
  plan_at(plan, plan->target)->is_output = true;
  if (options->gradients)
    for (const ValueId *id = options->gradients; *id != VALUE_NONE; id++)
      plan_at(plan, *id)->wants_gradient = plan_at(plan, *id)->is_output = true;
  else
    for (guint i = 1; i < plan->values->len; i++)
      if (plan_at(plan, (ValueId)i)->kind == VALUE_PARAMETER)
        plan_at(plan, (ValueId)i)->wants_gradient = plan_at(plan, (ValueId)i)->is_output = true;
}

bool pass_prepare(Plan *plan, GError **error) {
  for (guint k = 0; k < plan->nodes->len; k++) {
    PlanNode *node = plan_node(plan, k);
    const Tensor *x[OP_MAX_INPUTS];
    Tensor *y[OP_MAX_OUTPUTS];
    plan_tensors(plan, node, x, y);
    /* Parameters have numbers too, but theirs change: only frozen ones may be packed. */
    Tensor unknown[OP_MAX_INPUTS];
    for (int i = 0; i < node->n_inputs; i++)
      if (x[i] && !plan_at(plan, node->inputs[i])->known) {
        unknown[i] = *x[i];
        unknown[i].data = NULL;
        x[i] = &unknown[i];
      }
    if (node->node.op->prepare)
      node->prepared = node->node.op->prepare(&node->node, node->n_inputs, x, y);
  }
  return true;
}

typedef bool (*Pass)(Plan *plan, GError **error);

static const Pass passes[] = {
    pass_prune,          pass_infer_shapes, pass_fold_batch_norm, pass_fuse_activations, pass_fuse_bias,
    pass_find_gradients, pass_order_memory, pass_prepare,         pass_place_buffers,
};

static Plan *plan_copy(const Graph *graph, const PlanOptions *options) {
  Plan *plan = g_new0(Plan, 1);
  plan->values = g_ptr_array_new_with_free_func(plan_value_free);
  plan->nodes = g_ptr_array_new_with_free_func(plan_node_free);
  plan->inputs = g_array_new(FALSE, FALSE, sizeof(ValueId));
  plan->row_major = options->row_major;
  plan->no_fusion = options->no_fusion;
  plan->pool = options->pool;
  plan->failed = -1;
  copy_values(plan, graph);
  copy_nodes(plan, graph);
  mark_outputs(plan, graph, options);
  return plan;
}

static bool run_passes(Plan *plan, const PlanOptions *options, GError **error) {
  for (size_t i = 0; i < G_N_ELEMENTS(passes); i++) {
    if (!passes[i](plan, error))
      return false;
    if (options->shapes_only && passes[i] == pass_infer_shapes)
      break;
  }
  return true;
}

Plan *plan_new(const Graph *graph, const PlanOptions *options, GError **error) {
  if (graph->error) {
    g_propagate_error(error, g_error_copy(graph->error));
    return NULL;
  }
  g_autofree bool *known = g_new0(bool, graph->inputs->len + 1);
  for (;;) { /* at most once for each input */
    g_autoptr(GError) reason = NULL;
    g_autoptr(Plan) plan = plan_copy(graph, options);
    if (plan_bind_inputs(plan, graph, options, known, &reason) && run_passes(plan, options, &reason))
      return g_steal_pointer(&plan);
    if (!plan_know_more(plan, graph, options, known)) {
      g_propagate_error(error, g_steal_pointer(&reason));
      return NULL;
    }
  }
}

const Tensor *plan_value(const Plan *plan, ValueId value) {
  return value > 0 && value < (ValueId)plan->values->len ? &plan_at(plan, value)->tensor : NULL;
}

size_t plan_kept_bytes(const Plan *plan) {
  return plan->kept_bytes;
}

size_t plan_workspace_bytes(const Plan *plan) {
  return plan->block_bytes;
}
