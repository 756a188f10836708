/* Folds a BatchNormalization into the convolution in front of it:
 *
 *     scale (W x + b - mean) / sqrt(variance + epsilon) + shift  =  W' x + b'
 *
 * with g = scale / sqrt(variance + epsilon), W' = g W (an output channel each), b' = g (b - mean) + shift. */
#include "engine/passes/passes.h"

#include <math.h>
#include <string.h>

static PlanNode *convolution_before(Plan *plan, const int *readings, const PlanNode *norm) {
  PlanValue *input = plan_at(plan, norm->inputs[0]);
  if (input->producer < 0 || input->is_output || readings[norm->inputs[0]] != 1)
    return NULL;
  PlanNode *node = plan_node(plan, (guint)input->producer);
  bool ours = !node->removed && strcmp(node->node.op->name, "Conv") == 0 &&
              plan_at(plan, node->inputs[1])->known &&
              (node->n_inputs < 3 || node->inputs[2] == VALUE_NONE || plan_at(plan, node->inputs[2])->known);
  return ours ? node : NULL;
}

static bool fold(Plan *plan, int *readings, PlanNode *node, PlanNode *norm, GError **error) {
  const float *numbers[5] = {0};
  for (int i = 1; i < 5; i++) {
    if (!plan_at(plan, norm->inputs[i])->known)
      return true;
    numbers[i] = tensor_floats(&plan_at(plan, norm->inputs[i])->tensor);
  }
  const Tensor *weights = &plan_at(plan, node->inputs[1])->tensor;
  const float *bias =
      node->n_inputs > 2 && node->inputs[2] ? tensor_floats(&plan_at(plan, node->inputs[2])->tensor) : NULL;
  int64_t channels = weights->shape.dim[0], row = channels ? tensor_count(weights) / channels : 0;
  float epsilon = node_float(&norm->node, "epsilon", 1e-5f);
  g_autoptr(Tensor) folded = tensor_new(TENSOR_FLOAT32, &weights->shape, error);
  g_autoptr(Tensor) shift = folded ? tensor_new(TENSOR_FLOAT32, &SHAPE(channels), error) : NULL;
  if (!shift)
    return false;
  for (int64_t c = 0; c < channels; c++) {
    double gain = numbers[1][c] / sqrt((double)numbers[4][c] + epsilon);
    for (int64_t i = 0; i < row; i++)
      tensor_floats(folded)[c * row + i] = (float)(gain * tensor_floats(weights)[c * row + i]);
    tensor_floats(shift)[c] = (float)(gain * ((bias ? bias[c] : 0.0) - numbers[3][c]) + numbers[2][c]);
  }
  ValueId inputs[3] = {node->inputs[0], plan_add_value(plan, "", folded), plan_add_value(plan, "", shift)};
  g_free(node->inputs);
  node->inputs = g_memdup2(inputs, sizeof inputs);
  node->n_inputs = 3;
  node->outputs[0] = norm->outputs[0];
  plan_at(plan, norm->outputs[0])->producer = plan_at(plan, norm->inputs[0])->producer;
  plan_remove(norm, readings);
  return true;
}

bool pass_fold_batch_norm(Plan *plan, GError **error) {
  if (plan->no_fusion)
    return true;
  g_autofree int *readings = plan_readings(plan);
  for (guint k = 0; k < plan->nodes->len; k++) {
    PlanNode *norm = plan_node(plan, k);
    if (strcmp(norm->node.op->name, "BatchNormalization") != 0 || norm->n_inputs < 5)
      continue;
    PlanNode *node = convolution_before(plan, readings, norm);
    if (node && !fold(plan, readings, node, norm, error))
      return false;
  }
  plan_drop_removed(plan);
  return true;
}
