#include "engine/manipulations/channels.h"

#include "engine/error.h"

int64_t site_channels(const Site *site, GError **error) {
  int64_t channels = site->channel_axis >= 0 ? site->shape.dim[site->channel_axis] : -1;
  if (channels < 1)
    input_error(error, "site '%s' has no channel axis of a known size; choose another site",
                site->alias ? site->alias : site->name);
  return channels < 1 ? -1 : channels;
}

ValueId along_channels(Graph *graph, const Site *site, ValueId row) {
  int behind = site->shape.rank - 1 - site->channel_axis;
  if (behind == 0)
    return row;
  int64_t shape[TENSOR_MAX_RANK] = {-1};
  for (int i = 1; i <= behind; i++)
    shape[i] = 1;
  g_autoptr(Tensor) wanted = tensor_from_ints(&SHAPE(behind + 1), shape);
  return GRAPH_ADD(graph, "Reshape", "along channels", row, graph_constant(graph, "shape", wanted));
}

bool for_sites(Manipulation *self, bool (*add)(Manipulation *self, const Site *site, GError **error),
               GError **error) {
  if (self->site)
    return add(self, self->site, error);
  if (self->location == LOCATION_EMBEDDING)
    return add(self, frozen_model_default_site(self->model, LOCATION_EMBEDDING), error);
  g_autoptr(GPtrArray) blocks = frozen_model_blocks(self->model);
  for (guint i = 0; i < blocks->len; i++)
    if (!add(self, g_ptr_array_index(blocks, i), error))
      return false;
  return true;
}
