#include "engine/blocks.h"

#include <string.h>

/* What lies between two neighbouring cuts. */
typedef enum { PART_OTHER, PART_CONV, PART_LINEAR, PART_RESIDUAL, PART_FOLLOWS } PartKind;

typedef struct {
  PartKind kind;
  bool attends; /* tokens look at each other in it */
  guint last;   /* index of its last node */
  ValueId end;
  int64_t channels_in, channels_out; /* PART_CONV */
} Part;

/* Single computations that belong to the block in front of them. */
static const char *const followers[] = {
    "Relu",
    "Clip",
    "LeakyRelu",
    "PRelu",
    "Sigmoid",
    "HardSigmoid",
    "HardSwish",
    "Tanh",
    "Elu",
    "Selu",
    "Gelu",
    "Softplus",
    "BatchNormalization",
    "InstanceNormalization",
    "LayerNormalization",
    "Dropout",
    "MaxPool",
    "Identity",
    NULL,
};
/* These follow too when one of the inputs is frozen: a bias, a scale. */
static const char *const scalings[] = {"Add", "Sub", "Mul", "Div", NULL};
static const char *const mergers[] = {"Add", "Concat", NULL};

static const char *const attentions[] = {"Attention", "Softmax", NULL};

static const GraphNode *node_at(const Graph *graph, guint k) {
  return g_ptr_array_index(graph->nodes, k);
}

static bool is_one_of(const GraphNode *node, const char *const *names) {
  return g_strv_contains(names, node->node.op->name);
}

GArray *graph_signal_path(const Graph *graph) {
  GArray *path = g_array_sized_new(FALSE, TRUE, sizeof(bool), graph->values->len);
  g_array_set_size(path, graph->values->len);
  if (graph->inputs->len == 0 || graph->outputs->len == 0)
    return path;
  g_autofree bool *from_input = g_new0(bool, graph->values->len);
  bool *leads = (bool *)path->data;
  from_input[g_array_index(graph->inputs, ValueId, 0)] = true;
  for (guint k = 0; k < graph->nodes->len; k++) {
    const GraphNode *node = node_at(graph, k);
    bool reached = false;
    for (int i = 0; i < node->n_inputs; i++)
      reached |= from_input[node->inputs[i]];
    for (int i = 0; reached && !node->node.op->shape_only && i < node->n_outputs; i++)
      from_input[node->outputs[i]] = true;
  }
  leads[g_array_index(graph->outputs, ValueId, 0)] = true;
  for (guint k = graph->nodes->len; k-- > 0;) {
    const GraphNode *node = node_at(graph, k);
    bool reached = false;
    for (int i = 0; i < node->n_outputs; i++)
      reached |= leads[node->outputs[i]];
    for (int i = 0; reached && !node->node.op->shape_only && i < node->n_inputs; i++)
      leads[node->inputs[i]] = true;
  }
  for (guint v = 0; v < path->len; v++)
    leads[v] = leads[v] && from_input[v];
  return path;
}

static bool on_path(const GraphNode *node, const bool *path) {
  for (int i = 0; i < node->n_outputs; i++)
    if (path[node->outputs[i]])
      return true;
  return false;
}

/* The frozen matrix or kernel of a layer; NULL when the node is no layer with weights. */
static const Value *node_weight(const Graph *graph, const GraphNode *node) {
  static const char *const layers[] = {"Conv", "ConvTranspose", "Gemm", "MatMul", NULL};
  if (!is_one_of(node, layers) || node->n_inputs < 2)
    return NULL;
  const Value *weight = graph_value(graph, node->inputs[1]);
  return weight && weight->kind == VALUE_CONSTANT && weight->shape.rank >= 2 ? weight : NULL;
}

static bool reads_constant(const Graph *graph, const GraphNode *node) {
  for (int i = 0; i < node->n_inputs; i++) {
    const Value *value = graph_value(graph, node->inputs[i]);
    if (value && value->kind == VALUE_CONSTANT)
      return true;
  }
  return false;
}

static Part single_part(const Graph *graph, const GraphNode *node) {
  Part part = {.kind = PART_OTHER};
  const Value *weight = node_weight(graph, node);
  if (weight && strcmp(node->node.op->name, "Conv") == 0) {
    int64_t groups = node_int(&node->node, "group", 1);
    if (groups == 1)
      part = (Part){
          .kind = PART_CONV, .channels_in = weight->shape.dim[1], .channels_out = weight->shape.dim[0]};
  } else if (weight)
    part.kind = PART_LINEAR;
  else if (is_one_of(node, followers) || (is_one_of(node, scalings) && reads_constant(graph, node)))
    part.kind = PART_FOLLOWS;
  return part;
}

/* Cuts are found by counting the tensors of the path that are alive between one node and the next: where it
 * is one, every way leads through it. */
static GArray *find_parts(const Graph *graph, const bool *path) {
  GArray *parts = g_array_new(FALSE, TRUE, sizeof(Part));
  guint n_values = graph->values->len;
  g_autofree guint *last_use = g_new0(guint, n_values);
  for (guint k = 0; k < graph->nodes->len; k++) {
    const GraphNode *node = node_at(graph, k);
    for (int i = 0; on_path(node, path) && i < node->n_inputs; i++)
      last_use[node->inputs[i]] = k;
  }
  last_use[g_array_index(graph->outputs, ValueId, 0)] = G_MAXUINT;
  ValueId input = g_array_index(graph->inputs, ValueId, 0);
  int64_t alive = 1, alive_ids = input; /* the sum of the ids is the id where there is one */
  int n_nodes = 0;
  bool weights = false, attends = false;
  for (guint k = 0; k < graph->nodes->len; k++) {
    const GraphNode *node = node_at(graph, k);
    if (!on_path(node, path))
      continue;
    n_nodes++;
    weights |= node_weight(graph, node) != NULL;
    attends |= is_one_of(node, attentions);
    for (int i = 0; i < node->n_outputs; i++)
      if (path[node->outputs[i]])
        alive++, alive_ids += node->outputs[i];
    for (int i = 0; i < node->n_inputs; i++)
      if (path[node->inputs[i]] && last_use[node->inputs[i]] == k) {
        alive--, alive_ids -= node->inputs[i];
        last_use[node->inputs[i]] = G_MAXUINT; /* an input that is read twice by the node ends once */
      }
    if (alive != 1)
      continue;
    Part part = {.kind = PART_OTHER};
    if (n_nodes == 1)
      part = single_part(graph, node);
    else
      part.kind = !weights ? PART_FOLLOWS : is_one_of(node, mergers) ? PART_RESIDUAL : PART_OTHER;
    part.attends = attends && part.kind == PART_RESIDUAL;
    part.last = k;
    part.end = (ValueId)alive_ids;
    g_array_append_val(parts, part);
    n_nodes = 0;
    weights = attends = false;
  }
  return parts;
}

/* A convolution that widens what the next one narrows again. */
static bool is_expansion(const GArray *parts, guint i) {
  const Part *part = &g_array_index(parts, Part, i);
  if (part->kind != PART_CONV || part->channels_in >= part->channels_out)
    return false;
  for (guint k = i + 1; k < parts->len; k++) {
    const Part *next = &g_array_index(parts, Part, k);
    if (next->kind == PART_CONV)
      return next->channels_out < part->channels_out;
    if (next->kind == PART_RESIDUAL || next->kind == PART_LINEAR)
      return false;
  }
  return false;
}

static const Part *part_at(const GArray *parts, guint i) {
  return i < parts->len ? &g_array_index(parts, Part, i) : NULL;
}

static bool is_kind(const GArray *parts, guint i, PartKind kind) {
  return i < parts->len && part_at(parts, i)->kind == kind;
}

static guint skip_followers(const GArray *parts, guint i) {
  while (is_kind(parts, i + 1, PART_FOLLOWS))
    i++;
  return i;
}

static void add_block(const Graph *graph, GArray *blocks, const GArray *parts, guint first, guint last,
                      ValueId attention) {
  Block block = {.end = part_at(parts, last)->end,
                 .attention = attention,
                 .first_node = first ? part_at(parts, first - 1)->last + 1 : 0,
                 .last_node = part_at(parts, last)->last};
  if (block.end != g_array_index(graph->outputs, ValueId, 0))
    g_array_append_val(blocks, block);
}

static guint first_attending(const GArray *parts) {
  guint i = 0;
  while (i < parts->len && !part_at(parts, i)->attends)
    i++;
  return i;
}

/* Attention and the residual connections up to the next attention.  Where a normalisation follows each
 * residual connection it belongs to the block; where they stand in front, the one behind the last block does
 * not. */
static void find_transformer_blocks(const Graph *graph, GArray *blocks, const GArray *parts, guint i) {
  bool post_norm = is_kind(parts, i + 1, PART_FOLLOWS);
  while (i < parts->len) {
    guint first = i, last = post_norm ? skip_followers(parts, i) : i;
    ValueId attention = part_at(parts, last)->end;
    while (is_kind(parts, last + 1, PART_RESIDUAL) && !part_at(parts, last + 1)->attends)
      last = post_norm ? skip_followers(parts, last + 1) : last + 1;
    add_block(graph, blocks, parts, first, last, last > first ? attention : VALUE_NONE);
    for (i = last + 1; i < parts->len && !part_at(parts, i)->attends;)
      i++;
  }
}

static void find_layer_blocks(const Graph *graph, GArray *blocks, const GArray *parts) {
  for (guint i = 0; i < parts->len; i++) {
    PartKind kind = part_at(parts, i)->kind;
    if ((kind != PART_CONV && kind != PART_LINEAR && kind != PART_RESIDUAL) || is_expansion(parts, i))
      continue;
    guint first = i;
    i = skip_followers(parts, i);
    add_block(graph, blocks, parts, first, i, VALUE_NONE);
  }
}

GArray *graph_blocks(const Graph *graph, const GArray *signal_path) {
  GArray *blocks = g_array_new(FALSE, FALSE, sizeof(Block));
  if (graph->inputs->len == 0 || graph->outputs->len == 0)
    return blocks;
  g_autoptr(GArray) parts = find_parts(graph, (const bool *)signal_path->data);
  guint attending = first_attending(parts);
  if (attending < parts->len)
    find_transformer_blocks(graph, blocks, parts, attending);
  else
    find_layer_blocks(graph, blocks, parts);
  return blocks;
}
