/* A libFuzzer target: bytes as an ONNX file are loaded, planned and, where that stays small, run forward and
 * back to the first input.  Anything but a refusal by one sentence or a run is a finding. */
#include "tests/fuzz/fuzz-onnx.h"
#include "data/onnx.h"
#include "engine/error.h"
#include "engine/plan.h"

#include <string.h>

#define WORKSPACE_BYTES ((size_t)1 << 20)
#define LARGEST_AXIS    64 /* of an input: somebody would have to feed it */

/* Small numbers, so that inputs which hold indices or sizes do so. */
static void fill(Tensor *tensor) {
  for (int64_t i = 0; i < tensor_count(tensor); i++)
    if (tensor->type == TENSOR_FLOAT32)
      tensor_floats(tensor)[i] = (float)(i % 7) - 2.5f;
    else if (tensor->type == TENSOR_INT64)
      tensor_ints(tensor)[i] = i % 3;
    else
      ((uint8_t *)tensor->data)[i] = i % 2;
}

static GPtrArray *small_inputs(const Graph *graph) {
  g_autoptr(GPtrArray) inputs = g_ptr_array_new_with_free_func((GDestroyNotify)tensor_unref);
  for (guint i = 0; i < graph->inputs->len; i++) {
    const Value *value = graph_value(graph, g_array_index(graph->inputs, ValueId, i));
    Shape shape = value->shape;
    for (int d = 0; d < shape.rank; d++) {
      shape.dim[d] = shape.dim[d] < 0 ? 2 : shape.dim[d];
      if (shape.dim[d] > LARGEST_AXIS)
        return NULL;
    }
    if (shape_count(&shape) < 0 || shape_count(&shape) > 1 << 16)
      return NULL;
    Tensor *tensor = tensor_new(value->type, &shape, NULL);
    fill(tensor);
    g_ptr_array_add(inputs, tensor);
  }
  return g_steal_pointer(&inputs);
}

static void run(const Graph *graph, const GPtrArray *inputs, bool row_major) {
  g_autofree Shape *shapes = g_new0(Shape, inputs->len + 1);
  for (guint i = 0; i < inputs->len; i++)
    shapes[i] = ((const Tensor *)g_ptr_array_index(inputs, i))->shape;
  ValueId x = inputs->len ? g_array_index(graph->inputs, ValueId, 0) : VALUE_NONE,
          y = g_array_index(graph->outputs, ValueId, 0);
  bool back = x && graph_value(graph, x)->type == TENSOR_FLOAT32;
  PlanOptions options = {.input_shapes = shapes,
                         .input_tensors = (Tensor *const *)inputs->pdata,
                         .batch = 2,
                         .target = back ? y : VALUE_NONE,
                         .gradients = (ValueId[]){x, VALUE_NONE},
                         .row_major = row_major};
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan = plan_new(graph, &options, &error);
  if (plan && plan_workspace_bytes(plan) > WORKSPACE_BYTES)
    return;
  g_autoptr(Workspace) workspace = plan ? workspace_new(plan, &error) : NULL;
  g_assert_true((workspace == NULL) == (error != NULL));
  if (!workspace)
    return;
  for (guint i = 0; i < inputs->len; i++) {
    const Tensor *tensor = g_ptr_array_index(inputs, i);
    Tensor *input = workspace_input(workspace, g_array_index(graph->inputs, ValueId, i));
    if (input)
      memcpy(input->data, tensor->data, tensor_bytes(tensor));
  }
  workspace_forward(workspace, NULL);
  if (back && plan_value(plan, y)->type == TENSOR_FLOAT32) {
    fill(workspace_seed(workspace));
    workspace_backward(workspace, NULL);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = onnx_load_bytes(bytes, size, "fuzz.onnx", &error);
  g_assert_true((model == NULL) == (error != NULL));
  g_assert_true(!error || !strchr(error->message, '\n'));
  g_autoptr(GPtrArray) inputs = model ? small_inputs(model->graph) : NULL;
  for (int row_major = 0; inputs && row_major < 2; row_major++)
    run(model->graph, inputs, row_major);
  return 0;
}
