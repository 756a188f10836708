/* Soft prompt: p rows stand in front of the rows of a text's tokens.  Concatenative at the embedding; Lester
 * et al. 2021, arXiv 2104.08691.
 *
 *     f([P, E(x_1), ..., E(x_n)]),   P (p, channels),   E the table of the embedding
 *
 * f runs on p ids of no meaning in front of the text's, and P is written over their rows, so that masks,
 * positions and rotary angles are those of a longer text; the answers for the p rows are left out.
 *
 * init = vocabulary takes rows of the table, drawn by the seed, which do better than numbers from nowhere;
 * ids takes those of given tokens, over and over: a fixed prompt of them is plain text in front. */
#include "engine/manipulations/manipulations.h"

#include "engine/error.h"

#include <math.h>
#include <string.h>

static const Setting rows[] = {
    {"tokens", "Tokens", SETTING_INTEGER, "10", 0, 4096, NULL, "How many rows stand in front of the text."},
    {"init", "Begins with", SETTING_CHOICE, "vocabulary", 0, 0, "vocabulary|ids|normal|zeros",
     "What the rows are at first: those of tokens drawn by the seed, those of the tokens in ids, normally "
     "drawn "
     "with the spread of the embedding's table, or zeros (which are no neutral ones)."},
    {"ids", "Token ids", SETTING_NUMBERS, "", 0, 1e9, NULL,
     "With init = ids: the tokens, as numbers from 0; repeated where there are more rows.", "init=ids"},
    {NULL},
};

/* The table that the embedding's rows are read from, (tokens, channels); NULL: none was found. */
static const Tensor *embedding_table(const FrozenModel *model, const Site *site) {
  for (guint i = 0; i < model->graph->nodes->len; i++) {
    const GraphNode *node = g_ptr_array_index(model->graph->nodes, i);
    if (node->n_outputs < 1 || node->outputs[0] != site->value || strcmp(node->node.op->name, "Gather") != 0)
      continue;
    const Value *table = graph_value(model->graph, node->inputs[0]);
    if (table->tensor && table->type == TENSOR_FLOAT32 && table->tensor->shape.rank == 2)
      return table->tensor;
  }
  return NULL;
}

static bool take_row(Manipulation *self, const Tensor *table, int row, int64_t id) {
  int64_t channels = table->shape.dim[1];
  if (id < 0 || id >= table->shape.dim[0])
    return false;
  memcpy(tensor_floats(self->parameters) + row * channels, tensor_floats(table) + id * channels,
         sizeof(float) * (size_t)channels);
  return true;
}

static bool take_drawn(Manipulation *self, const Tensor *table, int n, const Random *random, GError **error) {
  for (int row = 0; row < n; row++) {
    int64_t id = (int64_t)(random_uniform(random, (uint64_t)row) * (double)table->shape.dim[0]);
    take_row(self, table, row, MIN(id, table->shape.dim[0] - 1));
  }
  return true;
}

static bool take_ids(Manipulation *self, const Tensor *table, int n, const Random *random, GError **error) {
  double ids[SETTING_MAX_NUMBERS];
  int n_ids = settings_numbers(self->settings, "ids", ids, SETTING_MAX_NUMBERS);
  if (n_ids == 0)
    return input_error(error, "manipulation.init = ids needs the tokens in manipulation.ids, such as 12, 7");
  for (int row = 0; row < n; row++) {
    double id = ids[row % n_ids];
    if (id != floor(id) || !take_row(self, table, row, (int64_t)id))
      return input_error(
          error, "manipulation.ids has %g, which is none of the model's tokens 0 to %" G_GINT64_FORMAT, id,
          table->shape.dim[0] - 1);
  }
  return true;
}

static bool draw(Manipulation *self, const Tensor *table, int n, const Random *random, GError **error) {
  double sum = 0, squares = 0;
  int64_t count = tensor_count(table);
  for (int64_t i = 0; i < count; i++) {
    sum += tensor_floats(table)[i];
    squares += (double)tensor_floats(table)[i] * tensor_floats(table)[i];
  }
  double mean = sum / (double)count, spread = sqrt(fmax(0, squares / (double)count - mean * mean));
  for (int64_t i = 0; i < tensor_count(self->parameters); i++)
    tensor_floats(self->parameters)[i] = (float)(spread * random_normal(random, (uint64_t)i));
  return true;
}

static bool leave(Manipulation *self, const Tensor *table, int n, const Random *random, GError **error) {
  return true;
}

static const struct {
  const char *name;
  bool (*start)(Manipulation *self, const Tensor *table, int n, const Random *random, GError **error);
} starts[] = {{"vocabulary", take_drawn}, {"ids", take_ids}, {"normal", draw}, {"zeros", leave}};

static bool init(Manipulation *self, const Random *random, GError **error) {
  const Site *site = self->site ? self->site : frozen_model_site(self->model, "embedding");
  const Tensor *table = site ? embedding_table(self->model, site) : NULL;
  if (!table || site->token_axis != 1)
    return input_error(
        error,
        "model '%s' has no table of tokens at %s that a soft prompt could stand beside; choose a "
        "language model, or the site embedding",
        self->model->name, site ? site->name : "an embedding");
  int n = settings_integer(self->settings, "tokens");
  ManipulationPart *part = manipulation_add_part(self, site);
  part->shape = SHAPE(n, table->shape.dim[1]);
  part->token_axis = 0;
  part->channel_axis = 1;
  part->build = manipulation_overwrite_tokens;
  self->soft_rows = n;
  if (!manipulation_allocate(self, error))
    return false;
  for (guint i = 0; i < G_N_ELEMENTS(starts); i++)
    if (settings_is(self->settings, "init", starts[i].name))
      return starts[i].start(self, table, n, random, error);
  return true;
}

const ManipulationKind manipulation_soft_prompt = {
    .name = "soft-prompt",
    .title = "Soft prompt",
    .paper = "Lester et al. 2021, arXiv 2104.08691",
    .summary = "Learnt rows stand in front of the rows of a text's tokens, as if they were tokens.",
    .op = OPERATOR_CONCATENATIVE,
    .locations = 1u << LOCATION_EMBEDDING,
    .formats = 1u << FORMAT_FIXED | 1u << FORMAT_LEARNABLE,
    .settings = rows,
    .common = manipulation_inside_settings,
    .texts_only = true,
    .init = init,
};
