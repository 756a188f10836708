#include "data/card-graph.h"

#include <math.h>
#include <string.h>

static const Tensor *constant_input(const Graph *graph, const GraphNode *node, int i) {
  if (i >= node->n_inputs || node->inputs[i] == VALUE_NONE)
    return NULL;
  const Value *value = graph_value(graph, node->inputs[i]);
  return value->kind == VALUE_CONSTANT ? value->tensor : NULL;
}

static bool reads(const GraphNode *node, ValueId value) {
  for (int i = 0; i < node->n_inputs; i++)
    if (node->inputs[i] == value)
      return true;
  return false;
}

/* A handful of numbers that do no more than shift or scale channels. */
static bool scales_by_constant(const Graph *graph, const GraphNode *node) {
  static const char *const ops[] = {"Sub", "Div", "Mul", "Add", "BatchNormalization"};
  for (guint i = 0; i < G_N_ELEMENTS(ops); i++)
    if (strcmp(node->node.op->name, ops[i]) == 0) {
      const Tensor *first = constant_input(graph, node, 0), *second = constant_input(graph, node, 1);
      const Tensor *numbers = second ? second : first;
      return numbers && tensor_count(numbers) >= 1 && tensor_count(numbers) <= 4;
    }
  return false;
}

/* Whole square root; 0: there is none. */
static int64_t square_root(int64_t n) {
  int64_t root = (int64_t)(sqrt((double)n) + 0.5);
  return n > 0 && root * root == n ? root : 0;
}

/* (1, tokens, channels) with as many tokens as a square has patches, and up to two more (class,
 * distillation). */
static int position_edge(const Graph *graph, int64_t patch) {
  for (guint v = 1; v < graph->values->len; v++) {
    const Value *value = g_ptr_array_index(graph->values, v);
    const Shape *shape = value->kind == VALUE_CONSTANT ? &value->tensor->shape : NULL;
    if (!shape || shape->rank != 3 || shape->dim[0] != 1 || value->type != TENSOR_FLOAT32)
      continue;
    for (int64_t more = 0; more <= 2; more++) {
      int64_t side = square_root(shape->dim[1] - more);
      if (side >= 2 && side * patch <= G_MAXINT16)
        return (int)(side * patch);
    }
  }
  return 0;
}

/* The first convolution, whether it reads the input itself or what became of it. */
static void read_convolution(const Graph *graph, GraphFacts *facts) {
  for (guint i = 0; i < graph->nodes->len; i++) {
    const GraphNode *node = g_ptr_array_index(graph->nodes, i);
    const Tensor *weight = strcmp(node->node.op->name, "Conv") ? NULL : constant_input(graph, node, 1);
    if (!weight || weight->shape.rank != 4)
      continue;
    int n;
    const int64_t *strides = node_ints(&node->node, "strides", &n);
    int64_t channels = weight->shape.dim[1], edge = weight->shape.dim[2];
    facts->channels = channels >= 1 && channels <= 4 ? (int)channels : 0;
    if (strides && n == 2 && strides[0] == edge && edge >= 4)
      facts->position_edge = position_edge(graph, edge);
    return;
  }
}

GraphFacts graph_facts(const FrozenModel *model) {
  const Graph *graph = model->graph;
  GraphFacts facts = {.output_rank = model->output_shape.rank, .n_classes = frozen_model_classes(model)};
  if (graph->inputs->len == 0)
    return facts;
  ValueId first = g_array_index(graph->inputs, ValueId, 0);
  facts.input = graph_value(graph, first)->shape;
  facts.type = graph_value(graph, first)->type;
  for (guint i = 0; i < graph->nodes->len && !facts.normaliser; i++) {
    const GraphNode *node = g_ptr_array_index(graph->nodes, i);
    if (reads(node, first) && scales_by_constant(graph, node))
      facts.normaliser = *node->node.name ? node->node.name : node->node.op->name;
  }
  read_convolution(graph, &facts);
  return facts;
}
