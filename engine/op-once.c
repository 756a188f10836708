#include "engine/op-once.h"

void op_forward_once(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                     Tensor *const *y) {
  const Op *op = node->op;
  void *prepared = op->prepare ? op->prepare(node, n_inputs, x, y) : NULL;
  OpCall call = {
      .node = node, .prepared = prepared, .n_inputs = n_inputs, .n_outputs = n_outputs, .x = x, .y = y};
  call.scratch_bytes = op->scratch ? op->scratch(&call) : 0;
  call.scratch = g_malloc(call.scratch_bytes);
  op->forward(&call);
  g_free(call.scratch);
  if (prepared && op->release)
    op->release(prepared);
}
