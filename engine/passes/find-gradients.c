/* Finds the values that lie on a path from a wanted gradient to the target: only they get one.  Everything
 * that hangs on frozen constants alone is never touched on the way back. */
#include "engine/error.h"
#include "engine/passes/passes.h"

/* Inputs that depend on a wanted gradient, as a set. */
static unsigned depending_inputs(const PlanNode *node, const bool *depends) {
  unsigned set = 0;
  for (int i = 0; i < MIN(node->n_inputs, PLAN_GRADIENT_INPUTS); i++)
    if (node->inputs[i] != VALUE_NONE && depends[node->inputs[i]])
      set |= 1u << i;
  return set;
}

/* A gradient is never left out silently. */
static bool check_inputs(const PlanNode *node, const bool *depends, GError **error) {
  for (int i = PLAN_GRADIENT_INPUTS; i < node->n_inputs; i++)
    if (node->inputs[i] != VALUE_NONE && depends[node->inputs[i]] && node->node.op->backward)
      return input_error(error, "node '%s' (%s) has %d inputs; gradients pass to %d of them at most",
                         node->node.name, node->node.op->name, node->n_inputs, PLAN_GRADIENT_INPUTS);
  return true;
}

bool pass_find_gradients(Plan *plan, GError **error) {
  if (plan->target == VALUE_NONE)
    return true;
  g_autofree bool *depends = g_new0(bool, plan->values->len), *leads = g_new0(bool, plan->values->len);
  for (guint i = 1; i < plan->values->len; i++)
    depends[i] = plan_at(plan, (ValueId)i)->wants_gradient;
  for (guint k = 0; k < plan->nodes->len; k++) {
    PlanNode *node = plan_node(plan, k);
    if (!check_inputs(node, depends, error))
      return false;
    node->wanted = depending_inputs(node, depends) & ~node->node.op->no_gradient;
    for (int i = 0; i < node->n_outputs && node->wanted; i++)
      if (plan_at(plan, node->outputs[i])->tensor.type == TENSOR_FLOAT32)
        depends[node->outputs[i]] = true;
  }
  leads[plan->target] = true;
  for (guint k = plan->nodes->len; k-- > 0;) {
    PlanNode *node = plan_node(plan, k);
    bool leading = false;
    for (int i = 0; i < node->n_outputs; i++)
      leading |= leads[node->outputs[i]] && depends[node->outputs[i]];
    if (!leading || !node->wanted)
      continue;
    if (!node->node.op->backward)
      return input_error(error, "node '%s' (%s): this operator has no gradient; choose a site behind it",
                         node->node.name, node->node.op->name);
    node->backward = true;
    node->keeps = node->node.op->keeps ? node->node.op->keeps(&node->node, node->wanted) : 0;
    for (int i = 0; i < node->n_inputs; i++)
      if (node->wanted >> i & 1)
        leads[node->inputs[i]] = true;
  }
  for (guint i = 1; i < plan->values->len; i++)
    plan_at(plan, (ValueId)i)->has_gradient = depends[i] && leads[i];
  return true;
}
