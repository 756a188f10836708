#include "engine/frozen-model.h"

#include "engine/blocks.h"

#include <string.h>

static void site_free(void *pointer) {
  Site *site = pointer;
  g_free(site->name);
  g_free(site->alias);
  g_free(site);
}

FrozenModel *frozen_model_new(void) {
  FrozenModel *model = g_new0(FrozenModel, 1);
  model->graph = graph_new();
  model->sites = g_ptr_array_new_with_free_func(site_free);
  model_card_init(&model->card);
  return model;
}

void frozen_model_free(FrozenModel *model) {
  if (!model)
    return;
  g_free(model->name);
  g_free(model->path);
  g_free(model->sha256);
  graph_free(model->graph);
  model_card_clear(&model->card);
  g_ptr_array_unref(model->sites);
  g_free(model);
}

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

const Site *frozen_model_site(const FrozenModel *model, const char *name) {
  for (guint i = 0; i < model->sites->len; i++) {
    const Site *site = g_ptr_array_index(model->sites, i);
    if (strcmp(site->name, name) == 0 || g_strcmp0(site->alias, name) == 0)
      return site;
  }
  return NULL;
}

int64_t frozen_model_parameters(const FrozenModel *model) {
  int64_t count = 0;
  for (guint i = 1; i < model->graph->values->len; i++) {
    const Value *value = g_ptr_array_index(model->graph->values, i);
    if (value->kind == VALUE_CONSTANT && value->type == TENSOR_FLOAT32)
      count += tensor_count(value->tensor);
  }
  return count;
}

char *frozen_model_digest(const FrozenModel *model) {
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  for (guint i = 1; i < model->graph->values->len; i++) {
    const Value *value = g_ptr_array_index(model->graph->values, i);
    if (value->kind != VALUE_CONSTANT)
      continue;
    g_autofree char *shape = shape_text(&value->tensor->shape);
    g_autofree char *head = g_strdup_printf("%s\n%s %s\n", value->name, tensor_type_name(value->type), shape);
    g_checksum_update(checksum, (const guchar *)head, -1);
    const guchar *bytes = value->tensor->data;
    for (size_t left = tensor_bytes(value->tensor); left > 0;) {
      size_t n = MIN(left, (size_t)1 << 24);
      g_checksum_update(checksum, bytes, (gssize)n);
      bytes += n;
      left -= n;
    }
  }
  return g_strdup(g_checksum_get_string(checksum));
}

bool frozen_model_picture(const FrozenModel *model, int *channels, int *height, int *width) {
  if (model->graph->inputs->len == 0)
    return false;
  const Value *input = graph_value(model->graph, g_array_index(model->graph->inputs, ValueId, 0));
  const int64_t *dim = input->shape.dim;
  if (input->type != TENSOR_FLOAT32 || input->shape.rank != 4 || dim[1] < 1 || dim[1] > 4 || dim[2] < 1 ||
      dim[3] < 1 || dim[2] > G_MAXINT16 || dim[3] > G_MAXINT16)
    return false;
  *channels = (int)dim[1];
  *height = (int)dim[2];
  *width = (int)dim[3];
  return true;
}

int frozen_model_classes(const FrozenModel *model) {
  const Shape *shape = &model->output_shape;
  int64_t n = shape->rank >= 2 ? shape->dim[shape->rank - 1] : -1;
  if (n > 0 && n <= G_MAXINT)
    return (int)n;
  return model->card.n_classes > 0 ? model->card.n_classes : -1;
}

const char *frozen_model_class_name(const FrozenModel *model, int i) {
  if (i >= 0 && i < model->card.n_classes)
    return model->card.classes[i];
  g_autofree char *number = g_strdup_printf("%d", i);
  return g_intern_string(number);
}

/* Rank 4 is a picture or a spectrogram, rank 2 a row of features.  Rank 3 is a series (batch, channels, time)
 * where the input has rank 3 too, and tokens (batch, tokens, channels) otherwise. */
static void name_axes(Site *site, int rank, int input_rank) {
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

void frozen_model_find_sites(FrozenModel *model) {
  const Graph *graph = model->graph;
  if (graph->inputs->len == 0 || graph->error)
    return;
  ValueId first = g_array_index(graph->inputs, ValueId, 0);
  const Value *input = graph_value(graph, first);
  Site *site = add_site(model, first, LOCATION_INPUT, &input->shape);
  site->alias = g_strdup("input");
  name_axes(site, input->shape.rank, input->shape.rank);
  g_autoptr(GArray) path = graph_signal_path(graph);
  ValueId answers = graph->outputs->len ? g_array_index(graph->outputs, ValueId, 0) : VALUE_NONE;
  for (guint v = 1; v < path->len; v++)
    if (g_array_index(path, bool, v) && (ValueId)v != first && (ValueId)v != answers)
      add_site(model, (ValueId)v, LOCATION_HIDDEN, &(Shape){0});
  name_blocks(model, path);
}
