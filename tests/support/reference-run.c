#include "tests/support/reference-run.h"

#include <math.h>
#include <string.h>

#define CLASS 3

static Tensor *get(const SafeTensors *reference, const ReferenceNames *names, const char *name) {
  g_autofree char *key = g_strconcat(names->prefix, name, NULL);
  return safetensors_get(reference, key);
}

/* What the first Gather takes from a matrix of numbers; VALUE_NONE: there is none. */
static ValueId token_embedding(const Graph *graph) {
  for (guint k = 0; k < graph->nodes->len; k++) {
    const GraphNode *node = g_ptr_array_index(graph->nodes, k);
    if (strcmp(node->node.op->name, "Gather") != 0)
      continue;
    const Value *table = graph_value(graph, node->inputs[0]);
    if (table->kind == VALUE_CONSTANT && table->type == TENSOR_FLOAT32 && table->shape.rank == 2)
      return node->outputs[0];
  }
  return VALUE_NONE;
}

/* d loss / d z = softmax(z) - [j = label] for one row of k. */
static void row_gradient(const float *z, int64_t k, int64_t label, double weight, float *to) {
  double most = -INFINITY, sum = 0;
  for (int64_t j = 0; j < k; j++)
    most = fmax(most, z[j]);
  for (int64_t j = 0; j < k; j++)
    sum += exp(z[j] - most);
  for (int64_t j = 0; j < k; j++)
    to[j] = (float)(weight * (exp(z[j] - most) / sum - (j == label)));
}

static void loss_gradient(const Tensor *logits, const Tensor *ids, Tensor *to) {
  const Shape *shape = &logits->shape;
  bool tokens = shape->rank == 3;
  int64_t k = shape->dim[shape->rank - 1], rows = tokens ? shape->dim[1] : 1,
          counted = tokens ? rows - 1 : rows;
  memset(to->data, 0, tensor_bytes(to));
  for (int64_t n = 0; n < shape->dim[0]; n++)
    for (int64_t t = 0; t < counted; t++) {
      int64_t row = n * rows + t, label = tokens ? tensor_ints(ids)[row + 1] : CLASS;
      double weight = 1.0 / (double)(shape->dim[0] * counted);
      row_gradient(tensor_floats(logits) + row * k, k, label, weight, tensor_floats(to) + row * k);
    }
}

static GPtrArray *read_inputs(const Graph *graph, const SafeTensors *reference, const ReferenceNames *names) {
  GPtrArray *inputs = g_ptr_array_new_with_free_func((GDestroyNotify)tensor_unref);
  for (guint i = 0; i < graph->inputs->len; i++) {
    const char *own = graph_value(graph, g_array_index(graph->inputs, ValueId, i))->name;
    g_ptr_array_add(inputs, get(reference, names, names->input ? names->input : own));
  }
  return inputs;
}

static void run_plan(const Graph *graph, const Plan *plan, GPtrArray *inputs, ValueId site,
                     const Tensor *logits, const Tensor *gradient, ReferenceResult *result) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Workspace) workspace = workspace_new(plan, &error);
  g_assert_no_error(error);
  for (guint i = 0; i < inputs->len; i++) {
    Tensor *to = workspace_input(workspace, g_array_index(graph->inputs, ValueId, i));
    const Tensor *from = g_ptr_array_index(inputs, i);
    if (to)
      memcpy(to->data, from->data, tensor_bytes(from));
  }
  g_assert_true(workspace_forward(workspace, NULL));
  const Tensor *answers = workspace_output(workspace, g_array_index(graph->outputs, ValueId, 0));
  result->logits = relative_distance(answers, logits);
  loss_gradient(answers, g_ptr_array_index(inputs, 0), workspace_seed(workspace));
  g_assert_true(workspace_backward(workspace, NULL));
  result->gradient = relative_distance(workspace_gradient(workspace, site), gradient);
}

ReferenceResult reference_run(const FrozenModel *model, const SafeTensors *reference,
                              const ReferenceNames *names, const PlanOptions *variant) {
  const Graph *graph = model->graph;
  ReferenceResult result = {.logits = INFINITY, .gradient = INFINITY};
  g_autoptr(GPtrArray) inputs = read_inputs(graph, reference, names);
  g_autoptr(Tensor) logits = get(reference, names, "logits");
  g_autoptr(Tensor) gradient = get(reference, names, names->gradient);
  g_autofree Shape *shapes = g_new0(Shape, inputs->len);
  for (guint i = 0; i < inputs->len; i++)
    shapes[i] = ((Tensor *)g_ptr_array_index(inputs, i))->shape;
  bool ids = ((Tensor *)g_ptr_array_index(inputs, 0))->type == TENSOR_INT64;
  ValueId answers = g_array_index(graph->outputs, ValueId, 0),
          site = ids ? token_embedding(graph) : g_array_index(graph->inputs, ValueId, 0);
  ValueId outputs[] = {answers, VALUE_NONE}, gradients[] = {site, VALUE_NONE};
  PlanOptions options = *variant;
  options.input_shapes = shapes;
  options.input_tensors = (Tensor *const *)inputs->pdata;
  options.outputs = outputs;
  options.target = answers;
  options.gradients = gradients;
  g_autoptr(GTimer) timer = g_timer_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan = site ? plan_new(graph, &options, &error) : NULL;
  if (plan)
    run_plan(graph, plan, inputs, site, logits, gradient, &result);
  else
    result.refusal = g_strdup(error ? error->message : "no token embedding is found");
  result.seconds = g_timer_elapsed(timer, NULL);
  return result;
}
