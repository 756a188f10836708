#include "engine/frozen-model.h"

#include "engine/language-model.h"

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

const Site *frozen_model_site(const FrozenModel *model, const char *name) {
  for (guint i = 0; i < model->sites->len; i++) {
    const Site *site = g_ptr_array_index(model->sites, i);
    if (strcmp(site->name, name) == 0 || g_strcmp0(site->alias, name) == 0)
      return site;
  }
  return NULL;
}

const Site *frozen_model_site_of(const FrozenModel *model, ValueId value) {
  for (guint i = 0; i < model->sites->len; i++) {
    const Site *site = g_ptr_array_index(model->sites, i);
    if (site->value == value)
      return site;
  }
  return NULL;
}

const Site *frozen_model_default_site(const FrozenModel *model, Location location) {
  static const char *const names[N_LOCATIONS][2] = {
      [LOCATION_INPUT] = {"input", "input"},
      [LOCATION_EMBEDDING] = {"embedding+positions", "embedding"},
      [LOCATION_HIDDEN] = {"block1", "block1"},
  };
  const Site *first = frozen_model_site(model, names[location][0]);
  return first ? first : frozen_model_site(model, names[location][1]);
}

GPtrArray *frozen_model_blocks(const FrozenModel *model) {
  GPtrArray *blocks = g_ptr_array_new();
  for (guint i = 0; i < model->sites->len; i++) {
    Site *site = g_ptr_array_index(model->sites, i);
    if (site->alias && g_str_has_prefix(site->alias, "block") && !site->inside)
      g_ptr_array_add(blocks, site);
  }
  return blocks;
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
  Shape row = model->output_shape;
  if (row.rank >= 2) {
    int64_t last = row.dim[row.rank - 1];
    row.dim[0] = 1;
    int64_t n = shape_count(&row) > 0 && !language_model(model) ? shape_count(&row) : last;
    if (n > 0 && n <= G_MAXINT)
      return (int)n;
  }
  if (row.rank == 1 && row.dim[0] <= 1) /* a number for each sample */
    return 1;
  return model->card.n_classes > 0 ? model->card.n_classes : -1;
}

const char *frozen_model_class_name(const FrozenModel *model, int i) {
  if (i >= 0 && i < model->card.n_classes)
    return model->card.classes[i];
  g_autofree char *number = g_strdup_printf("%d", i);
  return g_intern_string(number);
}
