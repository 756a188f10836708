/* Low-rank map: the channels at a site go through a linear map that differs from none by a product of two
 * thin matrices.  Parametric; the form is that of Hu et al. 2022 (LoRA), arXiv 2106.09685, section 4.1, on
 * the activations instead of the weights.
 *
 *     h' = h + (h A) B      A (channels, r), B (r, channels)      table (2, r, channels): A transposed, then
 * B
 *
 * A is drawn with variance 1 / channels, B begins with zeros, so that nothing changes at first.  Without a
 * site it stands at the end of every block. */
#include "engine/manipulations/channels.h"
#include "engine/manipulations/manipulations.h"

#include <math.h>

static const Setting rows[] = {
    {"rank", "Rank", SETTING_INTEGER, "4", 1, 4096, NULL, "How many directions the map may change."},
    {NULL},
};

static ValueId matrix(Graph *graph, const ManipulationPart *part, int64_t i) {
  g_autoptr(Tensor) index = tensor_from_ints(&(Shape){0}, &i);
  return GRAPH_ADD(graph, "Gather", i ? "up" : "down", part->table, graph_constant(graph, "matrix", index));
}

static ValueId turn(Graph *graph, const char *name, ValueId x, int rank, const int64_t *perm) {
  ValueId turned = GRAPH_ADD(graph, "Transpose", name, x);
  if (turned)
    node_set_ints(graph_last(graph), "perm", rank, perm);
  return turned;
}

/* Channels stand last for the product, and then where they were. */
static ValueId build(void *data, Graph *graph, ValueId h) {
  const ManipulationPart *part = data;
  int rank = part->site->shape.rank, axis = part->site->channel_axis, n = 0;
  int64_t last[TENSOR_MAX_RANK], back[TENSOR_MAX_RANK];
  for (int d = 0; d < rank; d++)
    if (d != axis)
      last[n++] = d;
  last[n] = axis;
  for (int d = 0; d < rank; d++)
    back[last[d]] = d;
  ValueId x = axis == rank - 1 ? h : turn(graph, "channels last", h, rank, last);
  ValueId down = turn(graph, "down", matrix(graph, part, 0), 2, (int64_t[]){1, 0});
  ValueId y = GRAPH_ADD(graph, "MatMul", "mapped", GRAPH_ADD(graph, "MatMul", "thin", x, down),
                        matrix(graph, part, 1));
  if (axis != rank - 1)
    y = turn(graph, "channels back", y, rank, back);
  return GRAPH_ADD(graph, "Add", "with mapped", h, y);
}

static bool add(Manipulation *self, const Site *site, GError **error) {
  int64_t channels = site_channels(site, error);
  if (channels < 0)
    return false;
  ManipulationPart *part = manipulation_add_part(self, site);
  part->shape = SHAPE(2, settings_integer(self->settings, "rank"), channels);
  part->channel_axis = 2;
  part->halves[0] = "down";
  part->halves[1] = "up";
  part->build = build;
  return true;
}

static bool init(Manipulation *self, const Random *random, GError **error) {
  if (!for_sites(self, add, error) || !manipulation_allocate(self, error))
    return false;
  for (guint i = 0; i < self->parts->len; i++) {
    const ManipulationPart *part = g_ptr_array_index(self->parts, i);
    int64_t down = shape_count(&part->shape) / 2;
    double size = 1 / sqrt((double)part->shape.dim[2]);
    for (int64_t k = part->first; k < part->first + down; k++)
      tensor_floats(self->parameters)[k] = (float)(size * random_normal(random, (uint64_t)k));
  }
  return true;
}

const ManipulationKind manipulation_low_rank = {
    .name = "low-rank",
    .title = "Low-rank map",
    .paper = "Hu et al. 2022, arXiv 2106.09685",
    .summary = "The channels at a site go through a learnt linear map of low rank beside the identity.",
    .note = "Foldable into the weights: nothing is slower afterwards.",
    .op = OPERATOR_PARAMETRIC,
    .locations = 1u << LOCATION_EMBEDDING | 1u << LOCATION_HIDDEN,
    .formats = 1u << FORMAT_LEARNABLE,
    .settings = rows,
    .common = manipulation_inside_settings,
    .init = init,
};
