#include "engine/probe.h"

#include "engine/error.h"
#include "engine/op-once.h"

#define SMALL_RESULT ((size_t)64 << 10) /* bytes of one node's results that are computed */

struct _Probe {
  const Graph *graph;
  int64_t batch;
  GArray *tensors; /* Tensor, index = ValueId */
  GPtrArray *owned;
  guint n_nodes;
};

/* One size an axis, so that equal sizes are no accident. */
static Shape example(const Shape *shape, int64_t batch) {
  static const int64_t sizes[TENSOR_MAX_RANK] = {2, 11, 67, 71, 73, 79, 83, 89};
  Shape all = *shape;
  for (int i = 0; i < all.rank; i++)
    if (all.dim[i] < 0)
      all.dim[i] = i == 0 ? batch : sizes[i];
  return all;
}

static void take_leaves(Probe *probe, const Shape *input_shapes) {
  for (guint i = probe->tensors->len; i < probe->graph->values->len; i++) {
    const Value *value = graph_value(probe->graph, (ValueId)i);
    Tensor tensor = {0};
    if (value) {
      tensor.type = value->type;
      tensor.shape = example(&value->shape, probe->batch);
      tensor.data = value->kind == VALUE_CONSTANT ? value->tensor->data : NULL;
    }
    g_array_append_val(probe->tensors, tensor);
  }
  for (guint i = 0; input_shapes && i < probe->graph->inputs->len; i++)
    g_array_index(probe->tensors, Tensor, g_array_index(probe->graph->inputs, ValueId, i)).shape =
        input_shapes[i];
}

Probe *probe_new(const Graph *graph, int64_t batch, const Shape *input_shapes) {
  Probe *probe = g_new0(Probe, 1);
  probe->graph = graph;
  probe->batch = batch;
  probe->tensors = g_array_new(FALSE, TRUE, sizeof(Tensor));
  probe->owned = g_ptr_array_new_with_free_func((GDestroyNotify)tensor_unref);
  take_leaves(probe, input_shapes);
  return probe;
}

void probe_free(Probe *probe) {
  if (!probe)
    return;
  g_array_unref(probe->tensors);
  g_ptr_array_unref(probe->owned);
  g_free(probe);
}

const Tensor *probe_value(const Probe *probe, ValueId value) {
  return &g_array_index(probe->tensors, Tensor, value);
}

static bool foldable(const GraphNode *node, const Tensor *const *x, Tensor *const *y) {
  size_t bytes = 0;
  for (int i = 0; i < node->n_inputs; i++)
    if (x[i] && !x[i]->data && !node->node.op->shape_only)
      return false;
  for (int i = 0; i < node->n_outputs; i++)
    bytes += tensor_bytes(y[i]);
  return node->node.op->forward && bytes <= SMALL_RESULT;
}

static bool fold(Probe *probe, const GraphNode *node, const Tensor *const *x, Tensor *const *y,
                 GError **error) {
  for (int i = 0; i < node->n_outputs; i++) {
    Tensor *numbers = tensor_new(y[i]->type, &y[i]->shape, error);
    if (!numbers)
      return false;
    g_ptr_array_add(probe->owned, numbers);
    y[i]->data = numbers->data;
  }
  op_forward_once(&node->node, node->n_inputs, x, node->n_outputs, y);
  return true;
}

bool probe_extend(Probe *probe, GError **error) {
  if (probe->graph->error) {
    g_propagate_error(error, g_error_copy(probe->graph->error));
    return false;
  }
  take_leaves(probe, NULL);
  for (; probe->n_nodes < probe->graph->nodes->len; probe->n_nodes++) {
    const GraphNode *node = g_ptr_array_index(probe->graph->nodes, probe->n_nodes);
    const Tensor *x[OP_MAX_INPUTS];
    Tensor *y[OP_MAX_OUTPUTS];
    for (int i = 0; i < node->n_inputs; i++)
      x[i] = node->inputs[i] ? probe_value(probe, node->inputs[i]) : NULL;
    for (int i = 0; i < node->n_outputs; i++)
      *(y[i] = &g_array_index(probe->tensors, Tensor, node->outputs[i])) = (Tensor){0};
    g_autoptr(GError) reason = NULL;
    if (!node->node.op->infer(&node->node, node->n_inputs, x, node->n_outputs, y, &reason))
      return input_error(error, "node '%s' (%s): %s", node->node.name, node->node.op->name, reason->message);
    for (int i = 0; i < node->n_outputs; i++)
      if (shape_count(&y[i]->shape) < 0)
        return input_error(error, "node '%s' (%s): its output is too large", node->node.name,
                           node->node.op->name);
    if (foldable(node, x, y) && !fold(probe, node, x, y, error))
      return false;
  }
  return true;
}
