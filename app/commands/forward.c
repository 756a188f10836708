#include "app/arrays.h"
#include "app/commands/commands.h"
#include "data/models.h"
#include "data/npy.h"
#include "engine/error.h"

/* What is written where: outputs that were asked for, then sites. */
static GArray *collect_outputs(const FrozenModel *model, char *const *outputs, char *const *sites,
                               char *const *site_paths, GError **error) {
  g_autoptr(GArray) wanted = array_arguments(model->graph, model->graph->outputs, "output", outputs, error);
  if (!wanted)
    return NULL;
  for (guint i = 0; sites && sites[i]; i++) {
    ArrayArgument argument = {array_site(model, sites[i], error), site_paths[i]};
    if (!argument.value)
      return NULL;
    g_array_append_val(wanted, argument);
  }
  return g_steal_pointer(&wanted);
}

static bool forward(const FrozenModel *model, const GPtrArray *inputs, const GArray *wanted, Pool *pool,
                    GError **error) {
  g_autofree Shape *shapes = arrays_shapes(inputs);
  g_autofree ValueId *values = g_new0(ValueId, wanted->len + 1);
  for (guint i = 0; i < wanted->len; i++)
    values[i] = g_array_index(wanted, ArrayArgument, i).value;
  PlanOptions options = {.input_shapes = shapes,
                         .batch = 1,
                         .input_tensors = (Tensor *const *)inputs->pdata,
                         .outputs = values,
                         .pool = pool};
  g_autoptr(Plan) plan = plan_new(model->graph, &options, error);
  g_autoptr(Workspace) workspace = plan ? workspace_new(plan, error) : NULL;
  if (!workspace)
    return false;
  arrays_bind(workspace, model->graph, inputs);
  workspace_forward(workspace, NULL);
  for (guint i = 0; i < wanted->len; i++) {
    const ArrayArgument *argument = &g_array_index(wanted, ArrayArgument, i);
    if (!npy_write(argument->path, workspace_output(workspace, argument->value), error))
      return false;
  }
  return true;
}

bool command_forward(const Command *command, int argc, char **argv, GError **error) {
  g_auto(GStrv) inputs = NULL, outputs = NULL, sites = NULL, site_paths = NULL;
  const GOptionEntry entries[] = {
      {"input", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &inputs, "An input; without a name in the graph's order",
       "[NAME=]FILE.npy"},
      {"output", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &outputs, "Where an output goes", "[NAME=]FILE.npy"},
      {"site", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &sites, "A tensor inside, by name or alias", "NAME"},
      {"output-site", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &site_paths, "Where that tensor goes", "FILE.npy"},
      {NULL}};
  if (!command_options(command, entries, &argc, &argv, 1, 1, error))
    return false;
  if (!outputs && !sites)
    return command_usage_error(command, error, "nothing is asked for: give --output or --site");
  if ((sites ? g_strv_length(sites) : 0) != (site_paths ? g_strv_length(site_paths) : 0))
    return command_usage_error(command, error, "each --site needs its --output-site");
  g_autoptr(FrozenModel) model = model_load(argv[1], error);
  g_autoptr(GPtrArray) arrays = model ? arrays_read(model->graph, inputs, error) : NULL;
  g_autoptr(GArray) wanted = arrays ? collect_outputs(model, outputs, sites, site_paths, error) : NULL;
  if (!wanted)
    return false;
  Pool *pool = pool_new(0);
  bool done = forward(model, arrays, wanted, pool, error);
  pool_free(pool);
  return done;
}
