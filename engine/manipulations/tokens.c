/* Tokens: p learnt tokens stand beside f's own.  Concatenative; Jia et al. 2022 (VPT), arXiv 2203.12119.
 *
 *     location = embedding (shallow)   [c, P, z] goes into the first block; c the class token, z the patches
 *     location = hidden (deep)         the same, and at the end of every block but the last the p tokens are
 *                                      replaced by those of the next: P_i in block i
 *     location = hidden with a site    p tokens are put in there only
 *
 * P (tokens, channels) stands behind the class token and gets no positions.  init = uniform draws from
 * -v..v, v = sqrt(6 / (C p^2 + D)) for patches of p x p pixels in C colours and D channels, as VPT does. */
#include "engine/manipulations/manipulations.h"

#include "engine/error.h"

#include <math.h>

static const Setting rows[] = {
    {"tokens", "Tokens", SETTING_INTEGER, "10", 0, 4096, NULL, "How many tokens are put in."},
    {"init", "Begins with", SETTING_CHOICE, "uniform", 0, 0, "uniform|normal|zeros",
     "What the tokens are at first: evenly drawn as in VPT, normally drawn with the same spread, or zeros "
     "(which are no neutral ones: they take their share of the attention)."},
    {NULL},
};

static bool add_tokens(Manipulation *self, const Site *site, SpliceBuild build, GError **error) {
  int tokens = settings_integer(self->settings, "tokens");
  int64_t channels = site->channel_axis >= 0 ? site->shape.dim[site->channel_axis] : -1;
  if (site->token_axis != 1 || site->channel_axis != 2 || channels < 1)
    return input_error(error,
                       "site '%s' is no row of tokens (batch, tokens, channels), so no tokens can be put in "
                       "there; choose another site",
                       site->alias ? site->alias : site->name);
  ManipulationPart *part = manipulation_add_part(self, site);
  part->shape = SHAPE(tokens, channels);
  part->token_axis = 0;
  part->channel_axis = 1;
  part->position = site->lead;
  part->build = build;
  part->tokens = build == manipulation_insert_tokens ? tokens : 0;
  return true;
}

/* The first block's tokens are put in in front of it, the others are written over them. */
static bool add_all_blocks(Manipulation *self, GError **error) {
  const Site *embedding = frozen_model_default_site(self->model, LOCATION_EMBEDDING);
  g_autoptr(GPtrArray) blocks = frozen_model_blocks(self->model);
  if (!embedding)
    return input_error(error, "model '%s' has no embedding in front of its blocks; name a site",
                       self->model->name);
  if (!add_tokens(self, embedding, manipulation_insert_tokens, error))
    return false;
  for (guint i = 0; i + 1 < blocks->len; i++)
    if (!add_tokens(self, g_ptr_array_index(blocks, i), manipulation_overwrite_tokens, error))
      return false;
  return true;
}

static bool add_parts(Manipulation *self, GError **error) {
  const Site *site = self->site ? self->site : frozen_model_default_site(self->model, self->location);
  bool deep = self->location == LOCATION_HIDDEN && !self->site;
  return deep ? add_all_blocks(self, error) : add_tokens(self, site, manipulation_insert_tokens, error);
}

/* Inputs and outputs of the patch embedding, as VPT counts them. */
static double spread(const Manipulation *self) {
  const ManipulationPart *part = g_ptr_array_index(self->parts, 0);
  const Site *patches = frozen_model_site(self->model, "embedding");
  double channels = (double)part->shape.dim[1], area = channels;
  if (patches && patches->token_axis >= 0 && patches->shape.dim[patches->token_axis] > 0 &&
      self->channels > 0)
    area =
        (double)self->channels * self->height * self->width / (double)patches->shape.dim[patches->token_axis];
  return sqrt(6 / (area + channels));
}

static bool init(Manipulation *self, const Random *random, GError **error) {
  if (!add_parts(self, error) || !manipulation_allocate(self, error))
    return false;
  bool uniform = settings_is(self->settings, "init", "uniform");
  if (settings_is(self->settings, "init", "zeros"))
    return true;
  double v = spread(self);
  for (int64_t i = 0; i < tensor_count(self->parameters); i++) {
    double drawn = uniform ? v * (2 * random_uniform(random, (uint64_t)i) - 1)
                           : v / sqrt(3) * random_normal(random, (uint64_t)i);
    tensor_floats(self->parameters)[i] = (float)drawn;
  }
  return true;
}

const ManipulationKind manipulation_tokens = {
    .name = "tokens",
    .title = "Tokens",
    .paper = "Jia et al. 2022, arXiv 2203.12119",
    .summary =
        "Learnt tokens stand beside those of the picture: in front of the first block, or fresh ones in "
        "every block.",
    .op = OPERATOR_CONCATENATIVE,
    .locations = 1u << LOCATION_EMBEDDING | 1u << LOCATION_HIDDEN,
    .formats = 1u << FORMAT_FIXED | 1u << FORMAT_LEARNABLE,
    .settings = rows,
    .common = manipulation_inside_settings,
    .init = init,
};
