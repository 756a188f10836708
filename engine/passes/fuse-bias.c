/* Moves the Add of a frozen number for each column into the MatMul with a frozen matrix in front of it, when
 * nobody else reads the product: the sums start from the bias, and one walk over them is saved. */
#include "engine/ops/ops.h"
#include "engine/passes/passes.h"

#include <string.h>

/* The product at one side of the Add; NULL: there is none that may change. */
static PlanNode *product_at(const Plan *plan, const int *readings, const PlanNode *add, int side) {
  const PlanValue *value = plan_at(plan, add->inputs[side]);
  if (value->producer < 0 || value->is_output)
    return NULL;
  PlanNode *node = plan_node(plan, (guint)value->producer);
  const Tensor *x = &plan_at(plan, node->inputs[0])->tensor;
  if (node->removed || node->node.op != &op_matmul || x->shape.rank < 2 ||
      value->tensor.type != TENSOR_FLOAT32)
    return NULL;
  const PlanValue *matrix = plan_at(plan, node->inputs[1]);
  bool alone = matrix->known && matrix->tensor.shape.rank == 2 && readings[add->inputs[side]] == 1;
  return alone ? node : NULL;
}

/* A frozen row that is as wide as the product. */
static bool is_bias(const PlanValue *value, const Shape *product) {
  const Shape *shape = &value->tensor.shape;
  int64_t columns = product->dim[product->rank - 1];
  return value->known && value->tensor.type == TENSOR_FLOAT32 && shape->rank >= 1 &&
         shape->rank <= product->rank && shape->dim[shape->rank - 1] == columns &&
         shape_count(shape) == columns;
}

bool pass_fuse_bias(Plan *plan, GError **error) {
  g_autofree int *readings = plan_readings(plan);
  for (guint k = 0; k < plan->nodes->len && !plan->no_fusion; k++) {
    PlanNode *add = plan_node(plan, k);
    for (int side = 0; side < 2 && add->node.op == &op_add && !add->removed; side++) {
      PlanNode *product = product_at(plan, readings, add, side);
      ValueId bias = add->inputs[1 - side];
      if (!product || !is_bias(plan_at(plan, bias), &plan_at(plan, add->inputs[side])->tensor.shape))
        continue;
      product->inputs = g_renew(ValueId, product->inputs, 3);
      product->inputs[2] = bias;
      product->n_inputs = 3;
      readings[bias]++;
      product->node.op = &op_linear;
      plan_at(plan, add->outputs[0])->producer = plan_at(plan, add->inputs[side])->producer;
      product->outputs[0] = add->outputs[0];
      plan_remove(add, readings);
    }
  }
  plan_drop_removed(plan);
  return true;
}
