#include "app/arrays.h"
#include "app/commands/commands.h"
#include "app/softmax.h"
#include "data/models.h"
#include "data/npy.h"
#include "engine/error.h"

#define NO_TARGET INT64_MIN

/* A language model says so in its card; without a card, it maps integers of rank 2 to floats of rank 3. */
static bool is_language_model(const FrozenModel *model, const GPtrArray *inputs, const Shape *answers) {
  if (model->card.task)
    return g_str_equal(model->card.task, "causal-lm");
  const Tensor *first = inputs->len == 1 ? g_ptr_array_index(inputs, 0) : NULL;
  return first && first->type == TENSOR_INT64 && first->shape.rank == 2 && answers->rank == 3;
}

/* For each row of answers (batch, position) the token that follows; none follows the last one. */
static bool next_tokens(const Tensor *ids, int64_t rows, int64_t classes, int64_t *target, int64_t *counted,
                        GError **error) {
  int64_t positions = ids->shape.dim[1];
  if (tensor_count(ids) != rows || positions < 2)
    return input_error(error,
                       "the next-token loss needs at least 2 tokens a row and an answer for each of them");
  for (int64_t i = 0; i < rows; i++) {
    bool last = i % positions == positions - 1;
    target[i] = last ? -1 : tensor_ints(ids)[i + 1];
    if (!last && (target[i] < 0 || target[i] >= classes))
      return input_error(error, "token %" G_GINT64_FORMAT " is not in 0 to %" G_GINT64_FORMAT, target[i],
                         classes - 1);
  }
  *counted = rows / positions * (positions - 1);
  return true;
}

static bool fill_seed(const Command *command, const FrozenModel *model, const GPtrArray *inputs,
                      const Tensor *answers, int64_t class, Tensor *seed, GError **error) {
  int64_t classes = answers->shape.rank > 1 ? answers->shape.dim[answers->shape.rank - 1] : 0;
  if (classes < 1 || tensor_count(answers) == 0 || answers->type != TENSOR_FLOAT32)
    return input_error(error, "the model's first output is no row of answers for each input");
  int64_t rows = tensor_count(answers) / classes, counted = rows;
  g_autofree int64_t *target = g_new(int64_t, rows);
  for (int64_t i = 0; i < rows; i++)
    target[i] = class;
  if (class != NO_TARGET && (class < 0 || class >= classes))
    return input_error(
        error, "--target %" G_GINT64_FORMAT " is not in 0 to %" G_GINT64_FORMAT ", the model's classes",
        class, classes - 1);
  if (class == NO_TARGET && !is_language_model(model, inputs, &answers->shape))
    return command_usage_error(command, error, "--target is missing: the class whose cross-entropy is taken");
  if (class == NO_TARGET &&
      !next_tokens(g_ptr_array_index(inputs, 0), rows, classes, target, &counted, error))
    return false;
  softmax_gradient(tensor_floats(answers), target, rows, classes, counted, tensor_floats(seed));
  return true;
}

static bool gradient(const Command *command, const FrozenModel *model, const GPtrArray *inputs, ValueId value,
                     int64_t class, const char *path, Pool *pool, GError **error) {
  g_autofree Shape *shapes = arrays_shapes(inputs);
  ValueId answers = g_array_index(model->graph->outputs, ValueId, 0);
  ValueId outputs[] = {answers, VALUE_NONE}, gradients[] = {value, VALUE_NONE};
  PlanOptions options = {.input_shapes = shapes,
                         .batch = 1,
                         .outputs = outputs,
                         .target = answers,
                         .gradients = gradients,
                         .pool = pool};
  g_autoptr(Plan) plan = plan_new(model->graph, &options, error);
  g_autoptr(Workspace) workspace = plan ? workspace_new(plan, error) : NULL;
  if (!workspace)
    return false;
  const Tensor *entered = plan_value(plan, value);
  if (entered && entered->type != TENSOR_FLOAT32)
    return command_usage_error(
        command, error, "'%s' holds whole numbers, which have no gradient: name another place with --site",
        graph_value(model->graph, value)->name);
  arrays_bind(workspace, model->graph, inputs);
  workspace_forward(workspace, NULL);
  if (!fill_seed(command, model, inputs, workspace_output(workspace, answers), class,
                 workspace_seed(workspace), error))
    return false;
  workspace_backward(workspace, NULL);
  return npy_write(path, workspace_gradient(workspace, value), error);
}

bool command_gradient(const Command *command, int argc, char **argv, GError **error) {
  g_auto(GStrv) inputs = NULL;
  g_autofree char *output = NULL, *site = NULL;
  gint64 class = NO_TARGET;
  const GOptionEntry entries[] = {
      {"input", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &inputs, "An input; without a name in the graph's order",
       "[NAME=]FILE.npy"},
      {"target", 0, 0, G_OPTION_ARG_INT64, &class, "The class of every row, from 0", "K"},
      {"output", 0, 0, G_OPTION_ARG_FILENAME, &output, "Where the gradient goes", "FILE.npy"},
      {"site", 0, 0, G_OPTION_ARG_FILENAME, &site,
       "The tensor it is taken to, by name or alias; the first input otherwise", "NAME"},
      {NULL}};
  if (!command_options(command, entries, &argc, &argv, 1, 1, error))
    return false;
  if (!output)
    return command_usage_error(command, error, "--output is missing: the file for the gradient");
  g_autoptr(FrozenModel) model = model_load(argv[1], error);
  g_autoptr(GPtrArray) arrays = model ? arrays_read(model->graph, inputs, error) : NULL;
  if (!arrays)
    return false;
  if (!arrays->len || !model->graph->outputs->len)
    return input_error(error, "%s has no input or no output", argv[1]);
  ValueId value = site ? array_site(model, site, error) : g_array_index(model->graph->inputs, ValueId, 0);
  if (!value)
    return false;
  Pool *pool = pool_new(0);
  bool done = gradient(command, model, arrays, value, class, output, pool, error);
  pool_free(pool);
  return done;
}
