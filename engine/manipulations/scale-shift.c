/* Scale and shift: every channel at a site is multiplied and moved.  Parametric; Lian et al. 2022 (SSF),
 * arXiv 2210.08823, section 3.2.
 *
 *     h'_c = (1 + g_c) h_c + b_c        table (2, channels): g, then b; zeros say nothing
 *
 * The map is linear, so it could be folded into the weights in front of it: nothing is slower afterwards.
 * Without a site it stands at the end of every block. */
#include "engine/manipulations/channels.h"
#include "engine/manipulations/manipulations.h"

static ValueId row(Graph *graph, const ManipulationPart *part, int64_t i) {
  g_autoptr(Tensor) index = tensor_from_ints(&(Shape){0}, &i);
  ValueId taken =
      GRAPH_ADD(graph, "Gather", i ? "shift" : "scale", part->table, graph_constant(graph, "row", index));
  return along_channels(graph, part->site, taken);
}

static ValueId build(void *data, Graph *graph, ValueId h) {
  const ManipulationPart *part = data;
  ValueId more = GRAPH_ADD(graph, "Mul", "scaled", h, row(graph, part, 0));
  return GRAPH_ADD(graph, "Add", "scaled and shifted", GRAPH_ADD(graph, "Add", "with scaled", h, more),
                   row(graph, part, 1));
}

static bool add(Manipulation *self, const Site *site, GError **error) {
  int64_t channels = site_channels(site, error);
  if (channels < 0)
    return false;
  ManipulationPart *part = manipulation_add_part(self, site);
  part->shape = SHAPE(2, channels);
  part->channel_axis = 1;
  part->halves[0] = "scale";
  part->halves[1] = "shift";
  part->build = build;
  return true;
}

static bool init(Manipulation *self, const Random *random, GError **error) {
  return for_sites(self, add, error) && manipulation_allocate(self, error);
}

const ManipulationKind manipulation_scale_shift = {
    .name = "scale-shift",
    .title = "Scale and shift",
    .paper = "Lian et al. 2022, arXiv 2210.08823",
    .summary = "Every channel at a site is multiplied by one learnt number and moved by another.",
    .note = "Foldable into the weights: nothing is slower afterwards.",
    .op = OPERATOR_PARAMETRIC,
    .locations = 1u << LOCATION_EMBEDDING | 1u << LOCATION_HIDDEN,
    .formats = 1u << FORMAT_LEARNABLE,
    .common = manipulation_inside_settings,
    .init = init,
};
