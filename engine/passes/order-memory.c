/* Decides which values lie in memory channels-last, and puts a Relayout where an edge of such a region is
 * crossed.
 *
 * An op that prefers channels-last gets it; one that follows takes it when what it reads already lies so; the
 * others, the leaves and everything that is read from outside stay row-major.  Shapes are ONNX's throughout.
 */
#include "engine/passes/passes.h"

static bool has_channels_last(const Shape *shape) {
  return shape->rank >= 3 && shape->rank <= 5;
}

static bool in_layout(const PlanNode *node, int input) {
  return node->inputs[input] != VALUE_NONE && (input >= 32 || node->node.op->layout_inputs >> input & 1);
}

/* Whether the node is to work channels-last.  All inputs of its layout must have the output's rank, or be one
 * number. */
static bool takes_channels_last(const Plan *plan, const PlanNode *node) {
  const Op *op = node->node.op;
  if (op->layout == LAYOUT_ROW_MAJOR)
    return false;
  const PlanValue *first = plan_at(plan, node->inputs[0]);
  if (op->layout == LAYOUT_PREFERS)
    return has_channels_last(&first->tensor.shape);
  bool any = false;
  int rank = first->tensor.shape.rank;
  for (int i = 0; i < node->n_inputs; i++) {
    if (!in_layout(node, i))
      continue;
    const PlanValue *value = plan_at(plan, node->inputs[i]);
    if (tensor_count(&value->tensor) == 1)
      continue;
    if (!has_channels_last(&value->tensor.shape) || value->tensor.shape.rank != rank)
      return false;
    any |= value->tensor.order == ORDER_CHANNELS_LAST;
  }
  return any;
}

typedef struct {
  Plan *plan;
  GPtrArray *nodes;        /* the new list */
  GHashTable *other_order; /* value -> the same numbers in the other order */
} Ordering;

static ValueId add_twin(Ordering *self, ValueId id, TensorOrder order, bool has_gradient) {
  PlanValue *value = plan_at(self->plan, id);
  ValueId twin = plan_add_value(self->plan, value->name, NULL);
  PlanValue *result = plan_at(self->plan, twin);
  result->tensor = (Tensor){.type = value->tensor.type, .shape = value->tensor.shape, .order = order};
  result->has_gradient = has_gradient;
  return twin;
}

static void add_relayout(Ordering *self, ValueId from, ValueId to, bool backward) {
  PlanNode *node = g_new0(PlanNode, 1);
  node->node = (Node){.op = op_find("Relayout"),
                      .name = g_strdup(plan_at(self->plan, to)->name),
                      .attributes = g_ptr_array_new()};
  node->n_inputs = node->n_outputs = 1;
  node->inputs = g_memdup2(&from, sizeof from);
  node->outputs = g_memdup2(&to, sizeof to);
  node->backward = backward;
  node->wanted = backward ? 1 : 0;
  g_ptr_array_add(self->nodes, node);
}

/* A frozen value's numbers in the other order, made now. */
static void relayout_known(Plan *plan, ValueId from, ValueId to) {
  PlanValue *result = plan_at(plan, to);
  result->owned = tensor_new(result->tensor.type, &result->tensor.shape, NULL);
  if (!result->owned)
    g_error("out of memory");
  result->tensor.data = result->owned->data;
  result->known = true;
  const Tensor *x = &plan_at(plan, from)->tensor;
  Tensor *y = &result->tensor;
  Node node = {.op = op_find("Relayout")};
  node.op->forward(&(OpCall){.node = &node, .n_inputs = 1, .n_outputs = 1, .x = &x, .y = &y});
}

/* The value in the wanted order, by way of a Relayout where needed. */
static ValueId in_order(Ordering *self, ValueId id, TensorOrder order) {
  PlanValue *value = plan_at(self->plan, id);
  if (value->tensor.order == order || !has_channels_last(&value->tensor.shape) ||
      tensor_count(&value->tensor) == 1)
    return id;
  ValueId there = GPOINTER_TO_INT(g_hash_table_lookup(self->other_order, GINT_TO_POINTER(id)));
  if (there)
    return there;
  ValueId twin = add_twin(self, id, order, value->has_gradient);
  if (value->known)
    relayout_known(self->plan, id, twin);
  else
    add_relayout(self, id, twin, value->has_gradient);
  g_hash_table_insert(self->other_order, GINT_TO_POINTER(id), GINT_TO_POINTER(twin));
  return twin;
}

/* The node's output lies channels-last.  What is read from outside keeps its id in row-major order, as a
 * copy; readers inside go on with the original unless the gradient of the copy itself is asked for. */
static void order_output(Ordering *self, PlanNode *node, int k) {
  ValueId id = node->outputs[k];
  PlanValue *value = plan_at(self->plan, id);
  if (!has_channels_last(&value->tensor.shape))
    return;
  if (!value->is_output) {
    value->tensor.order = ORDER_CHANNELS_LAST;
    return;
  }
  ValueId inner =
      add_twin(self, id, ORDER_CHANNELS_LAST, node->backward && value->tensor.type == TENSOR_FLOAT32);
  node->outputs[k] = inner;
  add_relayout(self, inner, id, node->backward && value->has_gradient);
  if (!value->wants_gradient && id != self->plan->target)
    g_hash_table_insert(self->other_order, GINT_TO_POINTER(id), GINT_TO_POINTER(inner));
}

bool pass_order_memory(Plan *plan, GError **error) {
  if (plan->row_major)
    return true;
  Ordering self = {plan, g_ptr_array_new(), g_hash_table_new(NULL, NULL)};
  for (guint k = 0; k < plan->nodes->len; k++) {
    PlanNode *node = plan_node(plan, k);
    bool last = takes_channels_last(plan, node);
    for (int i = 0; i < node->n_inputs; i++)
      if (node->inputs[i] != VALUE_NONE)
        node->inputs[i] = in_order(&self, node->inputs[i],
                                   last && in_layout(node, i) ? ORDER_CHANNELS_LAST : ORDER_ROW_MAJOR);
    g_ptr_array_add(self.nodes, node);
    for (int i = 0; i < node->n_outputs && last; i++)
      order_output(&self, node, i);
  }
  g_hash_table_unref(self.other_order);
  while (plan->nodes->len)
    g_ptr_array_steal_index(plan->nodes, plan->nodes->len - 1);
  g_ptr_array_extend_and_steal(plan->nodes, self.nodes);
  return true;
}
