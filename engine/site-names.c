/* What people call the tensors of a network, and which of their axes are tokens and channels.
 *
 * A token embedding is the Gather that reads a frozen table with the ids; a patch embedding is where a
 * picture (rank 4) becomes a row of tokens (batch, tokens, channels) that attention follows.  Behind it stand
 * frozen class tokens put in front (Concat) and frozen positions added to it (Dosovitskiy et al. 2021, arXiv
 * 2010.11929; Devlin et al. 2019, arXiv 1810.04805). */
#include "engine/blocks.h"
#include "engine/sites-internal.h"

#include <string.h>

static const GraphNode *node_at(const Graph *graph, guint k) {
  return g_ptr_array_index(graph->nodes, k);
}

static bool is_op(const GraphNode *node, const char *name) {
  return strcmp(node->node.op->name, name) == 0;
}

#define MOST_SUMS 8 /* between the embedding and the first block */

/* A model with its sites by value. */
typedef struct {
  FrozenModel *model;
  const Graph *graph;
  const bool *path;
  Site **sites; /* index = ValueId; NULL: no site */
} Names;

static Site *site_of(const Names *names, ValueId value) {
  return names->sites[value];
}

/* The only node that reads the value; NULL where there are several. */
static const GraphNode *reader_of(const Graph *graph, ValueId value) {
  const GraphNode *found = NULL;
  for (guint k = 0; k < graph->nodes->len; k++)
    for (int i = 0; i < node_at(graph, k)->n_inputs; i++)
      if (node_at(graph, k)->inputs[i] == value && !is_op(node_at(graph, k), "Shape")) {
        if (found && found != node_at(graph, k))
          return NULL;
        found = node_at(graph, k);
      }
  return found;
}

static bool attends(const Graph *graph) {
  for (guint k = 0; k < graph->nodes->len; k++)
    if (is_op(node_at(graph, k), "Attention") || is_op(node_at(graph, k), "Softmax"))
      return true;
  return false;
}

/* Rank 4 is a picture or a spectrogram, rank 2 a row of features.  Rank 3 is a series (batch, channels, time)
 * where the input has rank 3 too and nothing attends, and tokens (batch, tokens, channels) otherwise. */
static void name_axes(Site *site, bool series) {
  int rank = site->shape.rank;
  if (rank == 4 || rank == 2 || (rank == 3 && series))
    site->channel_axis = 1;
  else if (rank == 3) {
    site->token_axis = 1;
    site->channel_axis = 2;
  }
}

static void name_all_axes(FrozenModel *model) {
  Site *input = g_ptr_array_index(model->sites, 0);
  const Value *value = graph_value(model->graph, input->value);
  bool series = input->shape.rank == 3 && !attends(model->graph);
  if (value->type == TENSOR_FLOAT32)
    name_axes(input, series);
  else if (input->shape.rank == 2)
    input->token_axis = 1;
  for (guint i = 1; i < model->sites->len; i++)
    name_axes(g_ptr_array_index(model->sites, i), series);
}

/* The tokens of pictures: where a reshaped picture is (batch, channels, tokens) its axes are the other way
 * round, until a Transpose turns them. */
static ValueId find_patches(const Names *names) {
  const Graph *graph = names->graph;
  for (guint k = 0; k < graph->nodes->len; k++) {
    const GraphNode *node = node_at(graph, k);
    Site *from = node->n_inputs ? site_of(names, node->inputs[0]) : NULL,
         *to = site_of(names, node->outputs[0]);
    if (!from || !to || to->shape.rank != 3)
      continue;
    if (from->shape.rank == 4 && from->shape.dim[1] == to->shape.dim[1] &&
        from->shape.dim[3] != to->shape.dim[2]) {
      to->token_axis = 2;
      to->channel_axis = 1;
    } else if (from->shape.rank == 4 || (is_op(node, "Transpose") && from->token_axis == 2))
      return to->value;
  }
  return VALUE_NONE;
}

/* The ids are also what only has other axes or another type. */
static ValueId find_embedded_ids(const Graph *graph) {
  static const char *const same[] = {"Cast", "Identity", "Reshape", "Squeeze", "Unsqueeze", NULL};
  g_autofree bool *ids = g_new0(bool, graph->values->len);
  ids[g_array_index(graph->inputs, ValueId, 0)] = true;
  for (guint k = 0; k < graph->nodes->len; k++) {
    const GraphNode *node = node_at(graph, k);
    const Value *table = is_op(node, "Gather") ? graph_value(graph, node->inputs[0]) : NULL;
    if (table && table->kind == VALUE_CONSTANT && table->shape.rank == 2 && ids[node->inputs[1]])
      return node->outputs[0];
    if (g_strv_contains(same, node->node.op->name) && ids[node->inputs[0]])
      ids[node->outputs[0]] = true;
  }
  return VALUE_NONE;
}

/* Whether the node reads the signal once, beside something else; *last: as its last input. */
static bool reads_one_signal(const GraphNode *node, const bool *path, bool *last) {
  int signals = 0;
  for (int i = 0; i < node->n_inputs; i++)
    signals += path[node->inputs[i]];
  *last = node->n_inputs > 0 && path[node->inputs[node->n_inputs - 1]];
  return node->n_inputs > 1 && signals == 1;
}

/* From the embedding over class tokens and sums with what is no signal to the last such sum. */
static void name_embedding(const Names *names) {
  const Graph *graph = names->graph;
  const bool *path = names->path;
  const Value *input = graph_value(graph, g_array_index(graph->inputs, ValueId, 0));
  ValueId value = input->type == TENSOR_INT64                ? find_embedded_ids(graph)
                  : input->shape.rank == 4 && attends(graph) ? find_patches(names)
                                                             : VALUE_NONE;
  Site *embedding = site_of(names, value), *positions = NULL;
  if (!embedding)
    return;
  embedding->alias = g_strdup("embedding");
  embedding->location = LOCATION_EMBEDDING;
  int lead = 0;
  const GraphNode *node;
  for (int n = 0; n < MOST_SUMS && (node = reader_of(graph, value)); n++, value = node->outputs[0]) {
    Site *site = site_of(names, node->outputs[0]);
    bool last;
    if (!site || !reads_one_signal(node, path, &last))
      break;
    if (is_op(node, "Concat") && last && site->token_axis == 1 && site->shape.dim[1] > 0 &&
        embedding->shape.dim[1] > 0)
      lead = (int)(site->shape.dim[1] - embedding->shape.dim[1]);
    else if (is_op(node, "Add"))
      positions = site;
    else if (!is_op(node, "Concat"))
      break;
    site->lead = lead;
    site->location = LOCATION_EMBEDDING;
  }
  if (positions)
    positions->alias = g_strdup("embedding+positions");
  bool behind = false;
  for (guint i = 0; i < names->model->sites->len; i++) {
    Site *site = g_ptr_array_index(names->model->sites, i);
    behind |= site == embedding;
    if (site->location != LOCATION_HIDDEN || !behind)
      continue;
    if (site->shape.rank == 4) /* heads: which axis is which only attention says */
      site->channel_axis = -1;
    if (lead && positions && site->token_axis == 1 && site->shape.dim[1] == positions->shape.dim[1])
      site->lead = lead;
  }
}

static void name_key_or_value(const Names *names, ValueId value, ValueId partner, bool keys, char *alias) {
  Site *site = site_of(names, value);
  g_autofree char *name = alias;
  if (!site || site->shape.rank != 4)
    return;
  site->token_axis = 2;
  site->channel_axis = 3;
  site->keys = keys;
  site->partner = partner;
  site->inside = true;
  if (!site->alias)
    site->alias = g_steal_pointer(&name);
}

static void name_keys(const Names *names) {
  const Graph *graph = names->graph;
  int number = 0, last_block = -1, in_block = 0;
  for (guint k = 0; k < graph->nodes->len; k++) {
    const GraphNode *node = node_at(graph, k);
    if (!is_op(node, "Attention"))
      continue;
    const Site *answer = site_of(names, node->outputs[0]);
    int block = answer ? answer->block : 0;
    in_block = block == last_block ? in_block + 1 : 1;
    last_block = block;
    g_autofree char *place =
        block > 0 ? g_strdup_printf("block%d", block) : g_strdup_printf("attention%d", ++number);
    g_autofree char *suffix = block > 0 && in_block > 1 ? g_strdup_printf("%d", in_block) : g_strdup("");
    name_key_or_value(names, node->inputs[1], node->inputs[2], true,
                      g_strdup_printf("%s.keys%s", place, suffix));
    name_key_or_value(names, node->inputs[2], node->inputs[1], false,
                      g_strdup_printf("%s.values%s", place, suffix));
    for (int i = 0; i < 2; i++) {
      Site *site = site_of(names, i ? node->outputs[0] : node->inputs[0]);
      if (site && site->shape.rank == 4) {
        site->token_axis = 2;
        site->channel_axis = 3;
      }
    }
  }
}

static void name_blocks(const Names *names, const GArray *blocks) {
  const Graph *graph = names->graph;
  for (guint b = 0; b < blocks->len; b++) {
    const Block *block = &g_array_index(blocks, Block, b);
    for (guint k = block->first_node; k <= block->last_node; k++)
      for (int i = 0; i < node_at(graph, k)->n_outputs; i++) {
        Site *site = site_of(names, node_at(graph, k)->outputs[i]);
        if (site)
          site->block = (int)b + 1;
      }
    Site *end = site_of(names, block->end), *attention = site_of(names, block->attention);
    if (end && !end->alias)
      end->alias = g_strdup_printf("block%u", b + 1);
    if (attention && !attention->alias) {
      attention->alias = g_strdup_printf("block%u.attention", b + 1);
      attention->inside = true;
    }
  }
}

void sites_name(FrozenModel *model, const GArray *path) {
  g_autoptr(GArray) blocks = graph_blocks(model->graph, path);
  g_autofree Site **sites = g_new0(Site *, model->graph->values->len);
  Names names = {model, model->graph, (const bool *)path->data, sites};
  for (guint i = 0; i < model->sites->len; i++) {
    Site *site = g_ptr_array_index(model->sites, i);
    sites[site->value] = site;
  }
  name_all_axes(model);
  name_embedding(&names);
  name_blocks(&names, blocks);
  name_keys(&names);
}
