/* Types and shapes of all values from those of the leaves; and what is known before the run is computed once,
 * here.
 *
 * Folding comes with inference, node by node, because shape arithmetic (Shape, Gather, Concat, Reshape) needs
 * the numbers of the nodes before it. */
#include "engine/error.h"
#include "engine/passes/passes.h"

/* Folded numbers of one plan; more is a bomb (Expand, Tile, ConstantOfShape of a hostile file). */
#define FOLDED_LIMIT ((size_t)256 << 20)
#define TENSOR_LIMIT ((int64_t)1 << 33) /* elements of one computed value */

static bool foldable(const Plan *plan, const PlanNode *node) {
  if (!node->node.op->forward)
    return false;
  for (int i = 0; i < node->n_inputs; i++)
    if (node->inputs[i] != VALUE_NONE && !plan_at(plan, node->inputs[i])->known && !node->node.op->shape_only)
      return false;
  return true;
}

static bool fold(Plan *plan, PlanNode *node, size_t *folded, GError **error) {
  const Tensor *x[OP_MAX_INPUTS];
  Tensor *y[OP_MAX_OUTPUTS];
  plan_tensors(plan, node, x, y);
  for (int i = 0; i < node->n_outputs; i++) {
    *folded += tensor_bytes(y[i]);
    if (*folded > FOLDED_LIMIT)
      return true; /* computed in each run instead */
  }
  for (int i = 0; i < node->n_outputs; i++) {
    PlanValue *value = plan_at(plan, node->outputs[i]);
    value->owned = tensor_new(y[i]->type, &y[i]->shape, error);
    if (!value->owned)
      return false;
    value->tensor.data = value->owned->data;
    value->known = true;
  }
  const Op *op = node->node.op;
  void *prepared = op->prepare ? op->prepare(&node->node, node->n_inputs, x, y) : NULL;
  OpCall call = {.node = &node->node,
                 .prepared = prepared,
                 .n_inputs = node->n_inputs,
                 .n_outputs = node->n_outputs,
                 .x = x,
                 .y = y};
  call.scratch_bytes = op->scratch ? op->scratch(&call) : 0;
  call.scratch = g_malloc(call.scratch_bytes);
  op->forward(&call);
  g_free(call.scratch);
  if (prepared && op->release)
    op->release(prepared);
  node->removed = true;
  return true;
}

bool pass_infer_shapes(Plan *plan, GError **error) {
  size_t folded = 0;
  for (guint k = 0; k < plan->nodes->len; k++) {
    PlanNode *node = plan_node(plan, k);
    const Tensor *x[OP_MAX_INPUTS];
    Tensor *y[OP_MAX_OUTPUTS];
    plan_tensors(plan, node, x, y);
    g_autoptr(GError) reason = NULL;
    if (!node->node.op->infer(&node->node, node->n_inputs, x, node->n_outputs, y, &reason)) {
      plan->failed = (int)k;
      return input_error(error, "node '%s' (%s): %s", node->node.name, node->node.op->name, reason->message);
    }
    for (int i = 0; i < node->n_outputs; i++) {
      int64_t count = shape_count(&y[i]->shape);
      if (count < 0 || count > TENSOR_LIMIT) {
        g_autofree char *text = shape_text(&y[i]->shape);
        return input_error(
            error, "node '%s' (%s): its output of shape %s is too large; use a smaller input or batch",
            node->node.name, node->node.op->name, text);
      }
    }
    if (foldable(plan, node) && !fold(plan, node, &folded, error))
      return false;
  }
  plan_drop_removed(plan);
  return true;
}
