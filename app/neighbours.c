#include "app/neighbours.h"

#include "data/tokeniser.h"
#include "engine/plan.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MOST_WORK ((int64_t)50000000) /* multiplications a look: it is done between two steps of training */

/* Vectors to compare with: rows x channels. */
typedef struct {
  int64_t rows, channels;
  float *numbers; /* NULL: none */
} Vectors;

struct _Neighbours {
  const FrozenModel *model;
  GArray *sites;    /* const Site *, a part each; NULL: no tokens there */
  Tensor *words;    /* (words, channels); NULL: the model reads no words */
  Tokeniser *names; /* NULL: words are numbers */
  Vectors *patches; /* a part each */
  Plan *plan;       /* of f up to the sites; NULL: patches cannot be had */
  Workspace *workspace;
};

/* The frozen table that the embedding's Gather reads.  (transfer full) */
static Tensor *word_table(const FrozenModel *model) {
  const Site *embedding = frozen_model_site(model, "embedding");
  const Graph *graph = model->graph;
  for (guint i = 0; embedding && i < graph->nodes->len; i++) {
    const GraphNode *node = g_ptr_array_index(graph->nodes, i);
    if (node->outputs[0] != embedding->value || strcmp(node->node.op->name, "Gather") != 0)
      continue;
    const Value *table = graph_value(graph, node->inputs[0]);
    bool words = table->kind == VALUE_CONSTANT && table->tensor->shape.rank == 2;
    return words ? tensor_ref(table->tensor) : NULL;
  }
  return NULL;
}

/* Only what lies before the sites is computed. */
static void make_plan(Neighbours *self) {
  const Graph *graph = self->model->graph;
  g_autofree ValueId *outputs = g_new0(ValueId, self->sites->len + 1);
  int n = 0;
  for (guint i = 0; i < self->sites->len; i++) {
    const Site *site = g_array_index(self->sites, const Site *, i);
    if (site)
      outputs[n++] = site->value;
  }
  int channels, height, width;
  if (n == 0 || graph->inputs->len != 1 || !frozen_model_picture(self->model, &channels, &height, &width))
    return;
  PlanOptions options = {.batch = 1, .outputs = outputs};
  self->plan = plan_new(graph, &options, NULL);
  self->workspace = self->plan ? workspace_new(self->plan, NULL) : NULL;
}

Neighbours *neighbours_new(const FrozenModel *model, const GArray *parts) {
  Neighbours *self = g_new0(Neighbours, 1);
  self->model = model;
  self->sites = g_array_new(FALSE, FALSE, sizeof(const Site *));
  for (guint i = 0; i < parts->len; i++) {
    const ManipulationPart *part = &g_array_index(parts, ManipulationPart, i);
    bool rows = part->token_axis >= 0 && part->shape.rank == 2 && part->site->token_axis == 1;
    const Site *site = rows ? part->site : NULL;
    g_array_append_val(self->sites, site);
  }
  self->patches = g_new0(Vectors, parts->len + 1);
  self->words = word_table(model);
  if (self->words)
    self->names = tokeniser_for_model(model, NULL);
  else
    make_plan(self);
  return self;
}

static void clear_patches(Neighbours *self) {
  for (guint i = 0; i < self->sites->len; i++)
    g_clear_pointer(&self->patches[i].numbers, g_free);
}

void neighbours_free(Neighbours *self) {
  if (!self)
    return;
  clear_patches(self);
  g_free(self->patches);
  workspace_free(self->workspace);
  plan_free(self->plan);
  tensor_unref(self->words);
  g_clear_pointer(&self->names, tokeniser_free);
  g_array_unref(self->sites);
  g_free(self);
}

void neighbours_take_sample(Neighbours *self, const Tensor *received) {
  clear_patches(self);
  ValueId input = g_array_index(self->model->graph->inputs, ValueId, 0);
  Tensor *to = self->workspace ? workspace_input(self->workspace, input) : NULL;
  if (!to || tensor_bytes(to) != tensor_bytes(received))
    return;
  memcpy(to->data, received->data, tensor_bytes(to));
  workspace_forward(self->workspace, NULL);
  for (guint i = 0; i < self->sites->len; i++) {
    const Site *site = g_array_index(self->sites, const Site *, i);
    const Tensor *value = site ? workspace_output(self->workspace, site->value) : NULL;
    if (!value || value->shape.rank != 3 || value->type != TENSOR_FLOAT32 ||
        value->shape.dim[1] <= site->lead)
      continue;
    int64_t rows = value->shape.dim[1] - site->lead, channels = value->shape.dim[2];
    self->patches[i] = (Vectors){
        rows, channels,
        g_memdup2(tensor_floats(value) + site->lead * channels, sizeof(float) * (gsize)(rows * channels))};
  }
}

/* (transfer full) */
static char *word_name(const Neighbours *self, int64_t id) {
  g_autoptr(GString) bytes = g_string_new(NULL);
  if (self->names)
    tokeniser_decode(self->names, TOKEN_NONE, (int)id, bytes);
  if (!g_utf8_validate(bytes->str, (gssize)bytes->len, NULL)) /* a part of a character */
    return g_strdup_printf(_("byte %02X"), (guint8)bytes->str[0]);
  g_strstrip(bytes->str);
  return *bytes->str ? g_strdup_printf("“%s”", bytes->str) : g_strdup_printf(_("word %d"), (int)id);
}

/* By row and column from the upper left, where the patches are a square.  (transfer full) */
static char *patch_name(int64_t patches, int64_t index) {
  int64_t side = (int64_t)(sqrt((double)patches) + 0.5);
  if (side * side != patches)
    return g_strdup_printf(_("patch %d"), (int)index + 1);
  return g_strdup_printf(_("patch %d, %d"), (int)(index / side) + 1, (int)(index % side) + 1);
}

void neighbours_find(const Neighbours *self, guint index, const float *numbers, int n_tokens, int n_channels,
                     TokenLook *looks) {
  Vectors vectors = self->patches[index];
  if (self->words)
    vectors = (Vectors){self->words->shape.dim[0], self->words->shape.dim[1], tensor_floats(self->words)};
  if (!vectors.numbers || vectors.channels != n_channels)
    return;
  int64_t each = vectors.rows * vectors.channels;
  for (int t = 0; t < n_tokens && (t + 1) * each <= MOST_WORK; t++) {
    int64_t best = -1;
    for (int64_t row = 0; row < vectors.rows; row++) {
      double cosine = hf_part_cosine(numbers + (size_t)t * (size_t)n_channels,
                                     vectors.numbers + row * n_channels, n_channels);
      if (isfinite(cosine) && (best < 0 || cosine > looks[t].cosine)) {
        looks[t].cosine = cosine;
        best = row;
      }
    }
    if (best >= 0)
      looks[t].nearest = self->words ? word_name(self, best) : patch_name(vectors.rows, best);
  }
}
