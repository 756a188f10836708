/* Drops nodes whose results nobody reads. */
#include "engine/passes/passes.h"

bool pass_prune(Plan *plan, GError **error) {
  g_autofree bool *read = g_new0(bool, plan->values->len);
  for (guint i = 1; i < plan->values->len; i++)
    read[i] = plan_at(plan, (ValueId)i)->is_output;
  for (guint k = plan->nodes->len; k-- > 0;) {
    PlanNode *node = plan_node(plan, k);
    node->removed = true;
    for (int i = 0; i < node->n_outputs; i++)
      if (read[node->outputs[i]])
        node->removed = false;
    for (int i = 0; i < node->n_inputs && !node->removed; i++)
      read[node->inputs[i]] = true;
  }
  plan_drop_removed(plan);
  return true;
}
