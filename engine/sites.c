#include "engine/blocks.h"
#include "engine/graph-shapes.h"
#include "engine/sites-internal.h"

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

/* Where inference fails shapes stay unknown: whoever plans the graph gets the reason.  Tensors of other types
 * than float32 are no sites. */
static void find_shapes(FrozenModel *model, ValueId answers) {
  int n = (int)model->sites->len + 1;
  g_autofree ValueId *values = g_new0(ValueId, n);
  g_autofree TensorType *types = g_new0(TensorType, n);
  g_autofree Shape *shapes = g_new0(Shape, n);
  for (int i = 0; i + 1 < n; i++)
    values[i] = ((Site *)g_ptr_array_index(model->sites, i))->value;
  values[n - 1] = answers;
  if (!graph_infer_shapes(model->graph, n, values, types, shapes, NULL))
    return;
  model->output_shape = shapes[n - 1];
  for (int i = n - 2; i > 0; i--) {
    Site *site = g_ptr_array_index(model->sites, i);
    site->shape = shapes[i];
    if (types[i] != TENSOR_FLOAT32)
      g_ptr_array_remove_index(model->sites, (guint)i);
  }
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
  g_autoptr(GArray) path = graph_signal_path(graph);
  for (guint k = 0; k < graph->nodes->len; k++) {
    const GraphNode *node = g_ptr_array_index(graph->nodes, k);
    for (int i = 0; i < node->n_outputs; i++) {
      ValueId v = node->outputs[i];
      if (v && g_array_index(path, bool, v) && v != answers)
        add_site(model, v, LOCATION_HIDDEN, &(Shape){0});
    }
  }
  find_shapes(model, answers);
  sites_name(model, path);
}
