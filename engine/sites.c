#include "engine/blocks.h"
#include "engine/frozen-model.h"
#include "engine/plan.h"

static Site *add_site(FrozenModel *model, ValueId id, Location location, const Shape *shape) {
  Site *site = g_new0(Site, 1);
  *site = (Site){.name = g_strdup(graph_value(model->graph, id)->name),
                 .location = location,
                 .value = id,
                 .shape = *shape,
                 .token_axis = -1,
                 .channel_axis = -1};
  g_ptr_array_add(model->sites, site);
  return site;
}

/* Rank 4 is a picture or a spectrogram, rank 2 a row of features.  Rank 3 is a series (batch, channels, time)
 * where the input has rank 3 too, and tokens (batch, tokens, channels) otherwise. */
static void name_axes(Site *site, int input_rank) {
  int rank = site->shape.rank;
  if (rank == 4 || rank == 2 || (rank == 3 && input_rank == 3))
    site->channel_axis = 1;
  else if (rank == 3) {
    site->token_axis = 1;
    site->channel_axis = 2;
  }
}

static void name_blocks(FrozenModel *model, const GArray *path) {
  g_autoptr(GArray) blocks = graph_blocks(model->graph, path);
  guint number = 0;
  for (guint i = 0; i < model->sites->len && number < blocks->len; i++) {
    Site *site = g_ptr_array_index(model->sites, i);
    if (site->value == g_array_index(blocks, ValueId, number))
      site->alias = g_strdup_printf("block%u", ++number);
  }
}

static Plan *infer(const FrozenModel *model, const ValueId *outputs, int64_t batch) {
  PlanOptions options = {.batch = batch, .outputs = outputs, .shapes_only = true};
  return plan_new(model->graph, &options, NULL);
}

/* The shape of a value in two plans: an axis that is not the same in both depends on the input. */
static Shape common_shape(const Plan *a, const Plan *b, ValueId id) {
  Shape shape = plan_value(a, id)->shape;
  const Shape *other = &plan_value(b, id)->shape;
  for (int d = 0; d < shape.rank; d++)
    if (other->rank == shape.rank && other->dim[d] != shape.dim[d])
      shape.dim[d] = -1;
  return shape;
}

/* Shapes by inference with two batch sizes; one, where the graph holds for that alone.  Where inference fails
 * shapes stay unknown: whoever plans the graph gets the reason.  Tensors of other types than float32 are no
 * sites. */
static void find_shapes(FrozenModel *model, ValueId answers) {
  g_autofree ValueId *outputs = g_new0(ValueId, model->sites->len + 2);
  for (guint i = 0; i < model->sites->len; i++)
    outputs[i] = ((Site *)g_ptr_array_index(model->sites, i))->value;
  outputs[model->sites->len] = answers;
  g_autoptr(Plan) two = infer(model, outputs, 2);
  g_autoptr(Plan) three = two ? infer(model, outputs, 3) : NULL;
  g_autoptr(Plan) one = three ? NULL : infer(model, outputs, 1);
  const Plan *a = one ? one : two, *b = one ? one : three;
  if (!b)
    return;
  int input_rank = ((Site *)g_ptr_array_index(model->sites, 0))->shape.rank;
  for (guint i = 1; i < model->sites->len;) {
    Site *site = g_ptr_array_index(model->sites, i);
    if (plan_value(a, site->value)->type != TENSOR_FLOAT32) {
      g_ptr_array_remove_index(model->sites, i);
      continue;
    }
    site->shape = common_shape(a, b, site->value);
    name_axes(site, input_rank);
    i++;
  }
  model->output_shape = common_shape(a, b, answers);
}

void frozen_model_find_sites(FrozenModel *model) {
  const Graph *graph = model->graph;
  if (graph->inputs->len == 0 || graph->outputs->len == 0 || graph->error)
    return;
  ValueId first = g_array_index(graph->inputs, ValueId, 0),
          answers = g_array_index(graph->outputs, ValueId, 0);
  const Value *input = graph_value(graph, first);
  Site *site = add_site(model, first, LOCATION_INPUT, &input->shape);
  site->alias = g_strdup("input");
  name_axes(site, input->shape.rank);
  g_autoptr(GArray) path = graph_signal_path(graph);
  for (guint v = 1; v < path->len; v++)
    if (g_array_index(path, bool, v) && (ValueId)v != first && (ValueId)v != answers)
      add_site(model, (ValueId)v, LOCATION_HIDDEN, &(Shape){0});
  find_shapes(model, answers);
  name_blocks(model, path);
}
