/* Prefix: p keys and values stand in front of those of every attention.  Concatenative at hidden keys and
 * values; Li and Liang 2021, arXiv 2101.00190; Liu et al. 2021 (P-tuning v2), arXiv 2110.07602.
 *
 *     attention([K_i, K], [V_i, V]) in block i,   K_i and V_i (heads, p, channels of a head)
 *
 * Queries look at them from every position; there are no more tokens than before, and positions stay.  Where
 * the spec names the keys or the values of one attention, only that one has a prefix.  The numbers are K_1,
 * V_1, K_2, V_2, ...  No zeros are neutral here: they take their share of the attention. */
#include "engine/manipulations/manipulations.h"

#include "engine/error.h"

#include <string.h>

static const Setting rows[] = {
    {"tokens", "Tokens", SETTING_INTEGER, "10", 0, 4096, NULL,
     "How many keys and values stand in front in each attention."},
    {"init", "Begins with", SETTING_CHOICE, "normal", 0, 0, "normal|zeros",
     "What the numbers are at first: normally drawn, or zeros (which are no neutral ones)."},
    {"spread", "Spread", SETTING_NUMBER, "0.1", 0, 1000, NULL,
     "Standard deviation of the first numbers where init = normal.", "init=normal"},
    {NULL},
};

/* Keys or values (batch, heads, tokens, channels of a head). */
static bool add(Manipulation *self, const Site *site, GError **error) {
  int64_t heads = site->shape.rank == 4 ? site->shape.dim[1] : -1, channels = site->shape.dim[3];
  if (site->token_axis != 2 || heads < 1 || channels < 1)
    return input_error(
        error, "the keys or values '%s' are not (batch, heads, tokens, channels); choose another model",
        site->alias ? site->alias : site->name);
  int tokens = settings_integer(self->settings, "tokens");
  ManipulationPart *part = manipulation_add_part(self, site);
  part->shape = SHAPE(heads, tokens, channels);
  part->token_axis = 1;
  part->channel_axis = 2;
  part->build = manipulation_insert_tokens;
  part->tokens = tokens;
  return true;
}

static bool add_pair(Manipulation *self, const Site *keys, GError **error) {
  const Site *values = frozen_model_site_of(self->model, keys->partner);
  if (!values)
    return input_error(error, "'%s' are keys without values; choose another site", keys->name);
  return add(self, keys, error) && add(self, values, error);
}

static gint compare_blocks(gconstpointer a, gconstpointer b) {
  const Site *x = *(const Site *const *)a, *y = *(const Site *const *)b;
  return x->block != y->block ? (x->block > y->block) - (x->block < y->block)
                              : (x->value > y->value) - (x->value < y->value);
}

/* In the order of their blocks.  (transfer container) (element-type Site) */
static GPtrArray *all_keys(const FrozenModel *model) {
  GPtrArray *keys = g_ptr_array_new();
  for (guint i = 0; i < model->sites->len; i++) {
    Site *site = g_ptr_array_index(model->sites, i);
    if (site->keys)
      g_ptr_array_add(keys, site);
  }
  g_ptr_array_sort(keys, compare_blocks);
  return keys;
}

static bool has_attention(const FrozenModel *model) {
  for (guint k = 0; k < model->graph->nodes->len; k++) {
    const GraphNode *node = g_ptr_array_index(model->graph->nodes, k);
    if (strcmp(node->node.op->name, "Attention") == 0)
      return true;
  }
  return false;
}

static bool add_parts(Manipulation *self, GError **error) {
  const Site *named = self->site;
  if (named) {
    const Site *keys =
        named->keys || !named->partner ? named : frozen_model_site_of(self->model, named->partner);
    if (!keys || !keys->keys)
      return input_error(
          error,
          "site '%s' is neither keys nor values of an attention; `hoarfrost inspect` lists them as "
          "block1.keys, block1.values, ...",
          named->alias ? named->alias : named->name);
    return add_pair(self, keys, error);
  }
  g_autoptr(GPtrArray) keys = all_keys(self->model);
  for (guint i = 0; i < keys->len; i++)
    if (!add_pair(self, g_ptr_array_index(keys, i), error))
      return false;
  if (self->parts->len > 0)
    return true;
  return has_attention(self->model)
             ? input_error(error,
                           "the attentions of model '%s' have their heads in the batch, in an order that its "
                           "graph does not tell, so no prefix can be put in front of each head's keys and "
                           "values; export it with an open batch, or with an axis for the heads",
                           self->model->name)
             : input_error(error,
                           "no attention of model '%s' was recognised, so there are no keys and values "
                           "to put a prefix in front of; choose another model or method",
                           self->model->name);
}

static bool init(Manipulation *self, const Random *random, GError **error) {
  if (!add_parts(self, error) || !manipulation_allocate(self, error))
    return false;
  double spread =
      settings_is(self->settings, "init", "zeros") ? 0 : settings_number(self->settings, "spread");
  for (int64_t i = 0; i < tensor_count(self->parameters); i++)
    tensor_floats(self->parameters)[i] = (float)(spread * random_normal(random, (uint64_t)i));
  return true;
}

const ManipulationKind manipulation_prefix = {
    .name = "prefix",
    .title = "Prefix",
    .paper = "Li and Liang 2021, arXiv 2101.00190; Liu et al. 2021, arXiv 2110.07602",
    .summary = "Learnt keys and values stand in front of those of every attention.",
    .op = OPERATOR_CONCATENATIVE,
    .locations = 1u << LOCATION_HIDDEN,
    .formats = 1u << FORMAT_FIXED | 1u << FORMAT_LEARNABLE,
    .settings = rows,
    .common = manipulation_inside_settings,
    .init = init,
    .finds_sites = true,
};
