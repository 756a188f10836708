#include "engine/structures.h"

#include "engine/graph-shapes.h"
#include "engine/passes/match.h"

#include <string.h>

extern const StructureKind structure_attention, structure_gelu, structure_hard_swish, structure_layer_norm,
    structure_rms_norm, structure_swish;

/* In the order in which they are looked for: a layer norm is an RMS norm of a difference. */
const StructureKind *const structure_table[] = {
    &structure_attention, &structure_layer_norm, &structure_rms_norm,
    &structure_gelu,      &structure_swish,      &structure_hard_swish,
};
G_STATIC_ASSERT(G_N_ELEMENTS(structure_table) == STRUCTURES);

/* Every structure ends in one of these; none of them: nothing to look for. */
static bool may_hold_structures(const Graph *graph) {
  static const char *const marks[] = {"Softmax", "ReduceMean",  "Erf",  "Tanh",
                                      "Sigmoid", "HardSigmoid", "Clip", NULL};
  for (guint k = 0; k < graph->nodes->len; k++)
    if (g_strv_contains(marks, ((GraphNode *)g_ptr_array_index(graph->nodes, k))->node.op->name))
      return true;
  return false;
}

/* From the last node to the first: a norm with its scale before the norm without. */
static int find_all(Match *match, const StructureKind *kind) {
  int count = 0;
  for (guint k = match->graph->nodes->len; k-- > 0;) {
    GraphNode *node = g_ptr_array_index(match->graph->nodes, k);
    match_start(match);
    if (match_is_there(match, node) && kind->recognise(match, node))
      count++;
  }
  match_sweep(match);
  return count;
}

void graph_recognise(Graph *graph, int counts[STRUCTURES]) {
  memset(counts, 0, sizeof(int) * STRUCTURES);
  if (graph->error || !may_hold_structures(graph))
    return;
  g_autoptr(Match) match = match_new(graph);
  for (int i = 0; match && i < STRUCTURES; i++)
    counts[i] = find_all(match, structure_table[i]);
}

/* The row that spells this node out; NULL: it is written as it is. */
static const StructureKind *speller(const GraphNode *node, int opset) {
  for (int i = 0; i < STRUCTURES; i++)
    if (strcmp(structure_table[i]->op, node->node.op->name) == 0)
      return structure_table[i]->opset == 0 || opset < structure_table[i]->opset ? structure_table[i] : NULL;
  return NULL;
}

typedef struct {
  const Graph *from;
  Graph *to;
  ValueId *map; /* by ids of `from` */
  int opset;
  Shape *shapes; /* by ids of `from`, where a spelled node reads them */
  TensorType *types;
} Copy;

static void copy_node(Copy *copy, const GraphNode *node) {
  ValueId inputs[OP_MAX_INPUTS], outputs[OP_MAX_OUTPUTS];
  for (int i = 0; i < node->n_inputs; i++)
    inputs[i] = copy->map[node->inputs[i]];
  graph_add_copy(copy->to, copy->from, node, inputs, outputs);
  for (int i = 0; i < node->n_outputs && !copy->to->error; i++)
    copy->map[node->outputs[i]] = outputs[i];
}

static void spell_node(Copy *copy, const GraphNode *node, const StructureKind *kind) {
  ValueId inputs[OP_MAX_INPUTS];
  TensorType types[OP_MAX_INPUTS];
  Shape shapes[OP_MAX_INPUTS];
  for (int i = 0; i < node->n_inputs; i++) {
    inputs[i] = copy->map[node->inputs[i]];
    types[i] = copy->types[node->inputs[i]];
    shapes[i] = copy->shapes[node->inputs[i]];
  }
  const char *name = graph_value(copy->from, node->outputs[0])->name;
  copy->map[node->outputs[0]] =
      kind->spell(copy->to, &node->node, name, node->n_inputs, inputs, shapes, types, copy->opset);
}

/* Of all that the nodes that are spelled out read. */
static void find_shapes(Copy *copy) {
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(ValueId));
  for (guint k = 0; k < copy->from->nodes->len; k++) {
    const GraphNode *node = g_ptr_array_index(copy->from->nodes, k);
    for (int i = 0; i < node->n_inputs && speller(node, copy->opset); i++)
      if (node->inputs[i] != VALUE_NONE)
        g_array_append_val(values, node->inputs[i]);
  }
  g_autofree TensorType *types = g_new0(TensorType, values->len + 1);
  g_autofree Shape *shapes = g_new0(Shape, values->len + 1);
  if (values->len == 0 || copy->to->error ||
      !graph_infer_shapes(copy->from, (int)values->len, (const ValueId *)values->data, types, shapes,
                          &copy->to->error))
    return;
  for (guint i = 0; i < values->len; i++) {
    copy->types[g_array_index(values, ValueId, i)] = types[i];
    copy->shapes[g_array_index(values, ValueId, i)] = shapes[i];
  }
}

Graph *graph_spell_out(const Graph *graph, int opset) {
  guint n = graph->values->len;
  Graph *spelled = graph_new();
  g_autofree ValueId *inputs = g_new0(ValueId, graph->inputs->len + 1);
  for (guint i = 0; i < graph->inputs->len; i++) {
    const Value *input = graph_value(graph, g_array_index(graph->inputs, ValueId, i));
    inputs[i] = graph_input(spelled, input->name, input->type, &input->shape);
  }
  g_autoptr(GArray) map = graph_import_leaves(spelled, graph, inputs);
  g_autofree Shape *shapes = g_new0(Shape, n);
  g_autofree TensorType *types = g_new0(TensorType, n);
  Copy copy = {graph, spelled, (ValueId *)map->data, opset, shapes, types};
  find_shapes(&copy);
  for (guint k = 0; k < graph->nodes->len && !spelled->error; k++) {
    const GraphNode *node = g_ptr_array_index(graph->nodes, k);
    const StructureKind *kind = speller(node, opset);
    if (kind)
      spell_node(&copy, node, kind);
    else
      copy_node(&copy, node);
  }
  for (guint i = 0; i < graph->outputs->len; i++)
    graph_set_output(spelled, copy.map[g_array_index(graph->outputs, ValueId, i)]);
  return spelled;
}
