/* Steering: a direction is added to the activations at a site.  Additive; Turner et al. 2023 (activation
 * addition), arXiv 2308.10248.
 *
 *     h' = h + s d       d (channels), the same at all places and tokens, s = strength (learnable: 1)
 *
 * Learnable: d is trained, from zeros.  Fixed: d is estimated, not optimised: with m_k the mean of the
 * activations over all places of the training samples of class k,
 *
 *     d = m_toward - m_away     away empty: the mean of the other classes
 *
 * Without a site the last block is steered. */
#include "engine/manipulations/channels.h"
#include "engine/manipulations/manipulations.h"

#include "engine/error.h"

#include <string.h>

static const Setting rows[] = {
    {"toward", "Toward", SETTING_TEXT, "0", 0, 0, NULL,
     "Fixed: the class of the task, a name or a number from 0, whose mean activation is steered to.",
     "format=fixed"},
    {"away", "Away from", SETTING_TEXT, "", 0, 0, NULL,
     "Fixed: the class that is steered away from; empty: the mean of all others.", "format=fixed"},
    {"strength", "Strength", SETTING_NUMBER, "1", -1e6, 1e6, NULL,
     "Fixed: how often the difference of the means is added.", "format=fixed"},
    {NULL},
};

static ValueId build(void *data, Graph *graph, ValueId h) {
  const ManipulationPart *part = data;
  return GRAPH_ADD(graph, "Add", "steered", h, along_channels(graph, part->site, part->table));
}

static bool add(Manipulation *self, const Site *site, GError **error) {
  int64_t channels = site_channels(site, error);
  if (channels < 0)
    return false;
  ManipulationPart *part = manipulation_add_part(self, site);
  part->shape = SHAPE(channels);
  part->channel_axis = 0;
  part->build = build;
  return true;
}

static const Site *own_site(const Manipulation *self) {
  if (self->site || self->location == LOCATION_EMBEDDING)
    return self->site ? self->site : frozen_model_default_site(self->model, self->location);
  g_autoptr(GPtrArray) blocks = frozen_model_blocks(self->model);
  return g_ptr_array_index(blocks, blocks->len - 1);
}

static bool init(Manipulation *self, const Random *random, GError **error) {
  return add(self, own_site(self), error) && manipulation_allocate(self, error);
}

/* -1 and an error: there is none. */
static int find_class(const char *text, char *const *classes, int n_classes, GError **error) {
  guint64 number = 0;
  for (int k = 0; k < n_classes; k++)
    if (strcmp(classes[k], text) == 0)
      return k;
  if (n_classes > 0 && g_ascii_string_to_unsigned(text, 10, 0, (guint64)n_classes - 1, &number, NULL))
    return (int)number;
  input_error(error, "the task has no class '%.200s' to steer by; give a name or a number from 0 to %d", text,
              n_classes - 1);
  return -1;
}

static bool estimate(Manipulation *self, char *const *classes, int n_classes, const float *means,
                     GError **error) {
  const char *away_text = settings_text(self->settings, "away");
  int toward = find_class(settings_text(self->settings, "toward"), classes, n_classes, error);
  int away = toward >= 0 && *away_text ? find_class(away_text, classes, n_classes, error) : 0;
  if (toward < 0 || away < 0)
    return false;
  int64_t channels = tensor_count(self->parameters);
  double strength = settings_number(self->settings, "strength");
  for (int64_t c = 0; c < channels; c++) {
    double from = 0;
    for (int k = 0; k < n_classes; k++)
      if (*away_text ? k == away : k != toward)
        from += means[k * channels + c];
    double others = *away_text || n_classes < 2 ? 1 : n_classes - 1;
    tensor_floats(self->parameters)[c] = (float)(strength * (means[toward * channels + c] - from / others));
  }
  return true;
}

const ManipulationKind manipulation_steering = {
    .name = "steering",
    .title = "Steering",
    .paper = "Turner et al. 2023, arXiv 2308.10248",
    .summary = "A direction is added to the activations at a site: learnt, or the difference of class means.",
    .note = "A fixed direction is estimated from class means, not optimised.",
    .op = OPERATOR_ADDITIVE,
    .locations = 1u << LOCATION_EMBEDDING | 1u << LOCATION_HIDDEN,
    .formats = 1u << FORMAT_FIXED | 1u << FORMAT_LEARNABLE,
    .settings = rows,
    .common = manipulation_inside_settings,
    .init = init,
    .estimate = estimate,
};
