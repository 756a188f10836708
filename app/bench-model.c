/* The bench of a model as it is: batches of random numbers, cut into pieces for the workers as a run cuts
 * them. */
#include "app/bench.h"
#include "app/softmax.h"
#include "engine/error.h"
#include "engine/program.h"

#include <math.h>

/* One plan with a workspace for each worker. */
typedef struct {
  Pool *pool;
  Plan *plan;
  Workspace **workspaces;
  ValueId answers;
  int pieces;
  bool back;
} ModelBench;

static void bench_clear(ModelBench *bench) {
  for (int i = 0; bench->workspaces && i < pool_workers(bench->pool); i++)
    workspace_free(bench->workspaces[i]);
  g_free(bench->workspaces);
  plan_free(bench->plan);
}

/* The model's shape with `batch` for the first unknown axis; the others are rows of tokens. */
static bool input_shape(const Value *input, int64_t batch, int tokens, Shape *shape, GError **error) {
  *shape = input->shape;
  for (int i = 0; i < shape->rank; i++) {
    if (shape->dim[i] >= 0)
      continue;
    if (i > 0 && input->type == TENSOR_FLOAT32)
      return input_error(
          error,
          "input '%s' leaves the size of axis %d open; only a batch, or a row of tokens, can be chosen here",
          input->name, i);
    shape->dim[i] = i == 0 ? batch : tokens;
  }
  return true;
}

static void fill_input(Tensor *tensor, int classes, uint64_t seed) {
  Random random = {seed, RANDOM_DRAWING, 0};
  for (int64_t i = 0; i < tensor_count(tensor); i++)
    if (tensor->type == TENSOR_FLOAT32)
      tensor_floats(tensor)[i] = (float)random_normal(&random, (uint64_t)i);
    else if (tensor->type == TENSOR_INT64)
      tensor_ints(tensor)[i] = random_below(&random, (uint64_t)i, (uint32_t)MAX(classes, 1));
    else
      ((uint8_t *)tensor->data)[i] = 1;
}

/* What the gradient is taken to: the input, or the embedding where the input is integers. */
static ValueId entrance(const FrozenModel *model) {
  ValueId input = g_array_index(model->graph->inputs, ValueId, 0);
  if (graph_value(model->graph, input)->type == TENSOR_FLOAT32)
    return input;
  const Site *embedding = frozen_model_site(model, "embedding");
  return embedding ? embedding->value : VALUE_NONE;
}

static Plan *make_plan(const FrozenModel *model, int64_t batch, int tokens, bool back, GError **error) {
  const Graph *graph = model->graph;
  g_autofree Shape *shapes = g_new0(Shape, graph->inputs->len);
  for (guint i = 0; i < graph->inputs->len; i++)
    if (!input_shape(graph_value(graph, g_array_index(graph->inputs, ValueId, i)), batch, tokens, &shapes[i],
                     error))
      return NULL;
  ValueId answers = g_array_index(graph->outputs, ValueId, 0);
  ValueId outputs[] = {answers, VALUE_NONE}, gradients[] = {entrance(model), VALUE_NONE};
  PlanOptions options = {.input_shapes = shapes, .batch = batch, .outputs = outputs};
  if (back) {
    options.target = answers;
    options.gradients = gradients;
  }
  return plan_new(graph, &options, error);
}

static bool bench_init(ModelBench *bench, const FrozenModel *model, int64_t piece, int batch, int tokens,
                       bool back, GError **error) {
  bench->back = back;
  bench->answers = g_array_index(model->graph->outputs, ValueId, 0);
  bench->pieces = (int)((batch + piece - 1) / piece);
  bench->plan = make_plan(model, piece, tokens, back, error);
  if (!bench->plan)
    return false;
  bench->workspaces = g_new0(Workspace *, pool_workers(bench->pool));
  for (int w = 0; w < pool_workers(bench->pool); w++) {
    if (!(bench->workspaces[w] = workspace_new(bench->plan, error)))
      return false;
    for (guint i = 0; i < model->graph->inputs->len; i++) {
      Tensor *input = workspace_input(bench->workspaces[w], g_array_index(model->graph->inputs, ValueId, i));
      if (input)
        fill_input(input, frozen_model_classes(model), i);
    }
  }
  return true;
}

static void run_piece(void *data, int piece, int worker) {
  ModelBench *bench = data;
  Workspace *workspace = bench->workspaces[worker];
  workspace_forward(workspace, NULL);
  if (!bench->back)
    return;
  const Tensor *answers = workspace_output(workspace, bench->answers);
  int64_t count = tensor_count(answers),
          classes = answers->shape.rank ? answers->shape.dim[answers->shape.rank - 1] : 1;
  int64_t rows = count / MAX(classes, 1);
  softmax_gradient(tensor_floats(answers), NULL, rows, classes, rows,
                   tensor_floats(workspace_seed(workspace)));
  workspace_backward(workspace, NULL);
}

static bool run_batch(void *data) {
  ModelBench *bench = data;
  return pool_for(bench->pool, bench->pieces, run_piece, bench, NULL);
}

/* Samples a piece: the model's own fixed batch, else as many as a run would take. */
static int64_t choose_piece(const FrozenModel *model, int tokens, bool back, GError **error) {
  const Value *input = graph_value(model->graph, g_array_index(model->graph->inputs, ValueId, 0));
  if (input->shape.rank && input->shape.dim[0] >= 0)
    return MAX(1, input->shape.dim[0]);
  g_autoptr(Plan) single = make_plan(model, 1, tokens, back, error);
  return single ? program_piece_size(single) : 0;
}

static bool measure(const FrozenModel *model, const BenchOptions *options, Pool *pool, BenchResult *result,
                    GError **error) {
  bool back = entrance(model) != VALUE_NONE;
  int64_t piece = choose_piece(model, options->tokens, back, error);
  if (!piece)
    return false;
  ModelBench forward = {.pool = pool}, step = {.pool = pool};
  bool ready = bench_init(&forward, model, piece, result->batch, options->tokens, false, error) &&
               (!back || bench_init(&step, model, piece, result->batch, options->tokens, true, error));
  if (ready) {
    result->forward_ms = bench_median(options, run_batch, &forward);
    result->step_ms = back ? bench_median(options, run_batch, &step) : NAN;
    result->kept_bytes = back ? plan_kept_bytes(step.plan) / (size_t)piece : 0;
  }
  bench_clear(&forward);
  bench_clear(&step);
  return ready;
}

bool bench_model(const FrozenModel *model, const BenchOptions *options, BenchResult *result, GError **error) {
  if (!model->graph->inputs->len || !model->graph->outputs->len)
    return input_error(error, "%s has no input or no output", model->path);
  result->batch = options->batch ? options->batch : 64;
  Pool *pool = pool_new(options->threads);
  result->threads = pool_workers(pool);
  bool done = measure(model, options, pool, result, error);
  pool_free(pool);
  return done;
}
