/* Moves a Relu or a Clip with known bounds into the op in front of it, when nobody else reads what lies
 * between: the op applies it while the numbers are still in the cache, and keeps one bit an element for the
 * way back. */
#include "engine/passes/passes.h"

#include <math.h>
#include <string.h>

static bool known_number(const Plan *plan, const PlanNode *node, int input, const char *attribute,
                         float otherwise, float *number) {
  *number = node_float(&node->node, attribute, otherwise);
  if (input >= node->n_inputs || node->inputs[input] == VALUE_NONE)
    return true;
  const PlanValue *value = plan_at(plan, node->inputs[input]);
  if (!value->known || value->tensor.type != TENSOR_FLOAT32 || tensor_count(&value->tensor) != 1)
    return false;
  *number = *tensor_floats(&value->tensor);
  return true;
}

static bool activation_of(const Plan *plan, const PlanNode *node, Activation *activation) {
  if (strcmp(node->node.op->name, "Relu") == 0) {
    *activation = (Activation){ACTIVATION_RELU, 0, INFINITY};
    return true;
  }
  if (strcmp(node->node.op->name, "Clip") != 0)
    return false;
  activation->kind = ACTIVATION_CLIP;
  return known_number(plan, node, 1, "min", -INFINITY, &activation->low) &&
         known_number(plan, node, 2, "max", INFINITY, &activation->high);
}

bool pass_fuse_activations(Plan *plan, GError **error) {
  if (plan->no_fusion)
    return true;
  g_autofree int *readings = plan_readings(plan);
  for (guint k = 0; k < plan->nodes->len; k++) {
    PlanNode *node = plan_node(plan, k);
    Activation activation;
    if (!activation_of(plan, node, &activation))
      continue;
    PlanValue *between = plan_at(plan, node->inputs[0]);
    if (between->producer < 0 || between->is_output || readings[node->inputs[0]] != 1)
      continue;
    PlanNode *before = plan_node(plan, (guint)between->producer);
    if (!before->node.op->fuses_activation || before->node.activation.kind != ACTIVATION_NONE ||
        between->tensor.type != TENSOR_FLOAT32)
      continue;
    before->node.activation = activation;
    before->outputs[0] = node->outputs[0];
    plan_at(plan, node->outputs[0])->producer = between->producer;
    plan_remove(node, readings);
  }
  plan_drop_removed(plan);
  return true;
}
