/* What has to be corrected in front of a node of f when an axis that it reads has become longer: a row an
 * operator.  Operators without a row take the longer axis as it comes, or their shape rule refuses it. */
#include "engine/splice-internal.h"

#include "engine/error.h"

#include <string.h>

/* What stands in an operand of the size of f's own tokens where the other operand has those put in. */
typedef enum { FILL_NONE, FILL_ZERO, FILL_ONE, FILL_TRUE, FILL_FALSE, FILL_HIDDEN } Fill;

#define HIDDEN_SCORE     (-1e9f) /* exp of it is 0 beside any score */
#define ATTENTION_INPUTS 5       /* query, keys, values, two masks */

static ValueId fill_constant(Graph *graph, TensorType type, int rank, Fill fill) {
  Shape shape = {.rank = rank};
  for (int d = 0; d < rank; d++)
    shape.dim[d] = 1;
  g_autoptr(Tensor) tensor = tensor_new(type, &shape, NULL);
  bool one = fill == FILL_ONE || fill == FILL_TRUE;
  if (type == TENSOR_FLOAT32)
    *tensor_floats(tensor) = fill == FILL_HIDDEN ? HIDDEN_SCORE : (float)one;
  else if (type == TENSOR_INT64)
    *tensor_ints(tensor) = one;
  else
    *(uint8_t *)tensor->data = one;
  return graph_constant(graph, "neutral", tensor);
}

/* `count` neutral elements in front of element `at` of the operand's axis. */
static ValueId lengthen(Replay *replay, ValueId operand, int axis, Growth growth, Fill fill) {
  Graph *graph = replay->graph;
  const Tensor *tensor = tensor_after(replay, operand);
  int rank = tensor->shape.rank;
  ValueId sizes[TENSOR_MAX_RANK] = {VALUE_NONE}, parts[3], along = list_constant(graph, 1, (int64_t[]){axis}),
          place = list_constant(graph, 1, &growth.at);
  sizes[axis] = list_constant(graph, 1, &growth.count);
  ValueId shape = list_replace(graph, GRAPH_ADD(graph, "Shape", "shape", operand), rank, sizes);
  int n = 0;
  if (growth.at > 0)
    parts[n++] =
        GRAPH_ADD(graph, "Slice", "in front", operand, list_constant(graph, 1, (int64_t[]){0}), place, along);
  parts[n++] =
      GRAPH_ADD(graph, "Expand", "neutral tokens", fill_constant(graph, tensor->type, rank, fill), shape);
  parts[n++] = growth.at > 0 ? GRAPH_ADD(graph, "Slice", "behind", operand, place,
                                         list_constant(graph, 1, (int64_t[]){G_MAXINT64}), along)
                             : operand;
  ValueId longer = graph_add(graph, "Concat", "with neutral tokens", n, parts);
  if (longer)
    node_set_int(graph_last(graph), "axis", axis);
  return longer;
}

/* Element-wise operators: what is neutral in operand i where operand k is longer. */
static Fill neutral(const char *op, int i, int k) {
  if (strcmp(op, "Add") == 0 || (strcmp(op, "Sub") == 0 && i == 1))
    return FILL_ZERO;
  if (strcmp(op, "Mul") == 0 || (strcmp(op, "Div") == 0 && i == 1))
    return FILL_ONE;
  if (strcmp(op, "Where") == 0)
    return i > 0 ? FILL_ZERO : k == 1 ? FILL_TRUE : FILL_FALSE;
  return FILL_NONE;
}

/* The operand that is longer along axis `back` from the end, -1: none. */
static int longer_operand(const Replay *replay, const GraphNode *node, int back) {
  for (int i = 0; i < node->n_inputs; i++)
    if (node->inputs[i] &&
        grows(replay, node->inputs[i], shape_before(replay, node->inputs[i])->rank - 1 - back))
      return i;
  return -1;
}

static bool repair_operands(Replay *replay, const GraphNode *node, ValueId *inputs) {
  for (int back = 0; back < TENSOR_MAX_RANK; back++) {
    int k = longer_operand(replay, node, back);
    if (k < 0)
      continue;
    const Shape *own = shape_before(replay, node->inputs[k]);
    Growth growth = growth_at(replay, node->inputs[k], own->rank - 1 - back);
    for (int i = 0; i < node->n_inputs; i++) {
      const Shape *shape = node->inputs[i] ? shape_before(replay, node->inputs[i]) : NULL;
      int axis = shape ? shape->rank - 1 - back : -1;
      if (axis < 0 || grows(replay, node->inputs[i], axis) ||
          shape->dim[axis] != own->dim[own->rank - 1 - back] ||
          tensor_after(replay, inputs[i])->shape.dim[axis] != shape->dim[axis] || shape->dim[axis] == 1)
        continue;
      Fill fill = neutral(node->node.op->name, i, k);
      if (fill == FILL_NONE)
        return splice_refuse(replay, node, "nothing is neutral in its other operand");
      if (replay->signal[node->inputs[i]])
        return splice_refuse(replay, node, "the signal comes past the site too, without them");
      if (growth.at == PLACE_UNKNOWN || growth.times != 1)
        return splice_refuse(replay, node, "their place is not known there");
      inputs[i] = lengthen(replay, inputs[i], axis, growth, fill);
      if (!probe_extend(replay->after, &replay->graph->error))
        return false;
    }
  }
  return true;
}

/* Of queries, keys and values (batch, heads, tokens, channels), or without the heads. */
static int token_axis(const Replay *replay, ValueId value) {
  return shape_before(replay, value)->rank - 2;
}

static Growth token_growth(const Replay *replay, ValueId value) {
  return growth_at(replay, value, token_axis(replay, value));
}

/* A mask (1, 1, 1, keys) that leaves out what was put in: zeros, as long as f's own keys. */
static ValueId open_mask(Replay *replay, ValueId keys, int axis, Growth growth) {
  Graph *graph = replay->graph;
  int rank = axis + 2;
  ValueId sizes[TENSOR_MAX_RANK] = {VALUE_NONE}, one = list_constant(graph, 1, (int64_t[]){1});
  ValueId longer = list_element(graph, GRAPH_ADD(graph, "Shape", "shape", keys), axis);
  for (int d = 0; d + 1 < rank; d++)
    sizes[d] = one;
  sizes[rank - 1] = GRAPH_ADD(graph, "Sub", "own keys", longer, list_constant(graph, 1, &growth.count));
  ValueId shape = list_replace(graph, VALUE_NONE, rank, sizes);
  return GRAPH_ADD(graph, "Expand", "open mask", fill_constant(graph, TENSOR_FLOAT32, rank, FILL_ZERO),
                   shape);
}

/* One mask (batch, heads, queries, keys), input `m`, lets everybody look at what was put in; or nobody, where
 * `hides`: what every mask says counts, so that one of them is enough. */
static bool lengthen_mask(Replay *replay, const GraphNode *node, ValueId *inputs, int m, bool hides) {
  const Shape *mask = shape_before(replay, node->inputs[m]);
  for (int i = 0; i < 2; i++) { /* queries, keys */
    Growth growth = token_growth(replay, node->inputs[i]);
    int axis = mask->rank - 2 + i;
    if (!growth.count || axis < 0 || mask->dim[axis] == 1 || grows(replay, node->inputs[m], axis))
      continue;
    if (growth.at == PLACE_UNKNOWN || growth.times != 1)
      return splice_refuse(replay, node, "their place in its mask is not known");
    bool truth = tensor_after(replay, inputs[m])->type == TENSOR_BOOL, hide = i == 1 && hides;
    Fill fill = truth ? (hide ? FILL_FALSE : FILL_TRUE) : hide ? FILL_HIDDEN : FILL_ZERO;
    inputs[m] = lengthen(replay, inputs[m], axis, growth, fill);
    if (!probe_extend(replay->after, &replay->graph->error))
      return false;
  }
  return true;
}

/* Whether the mask has a number for each key that is not longer yet. */
static bool can_hide(const Replay *replay, ValueId mask) {
  const Shape *shape = shape_before(replay, mask);
  return shape->rank > 0 && shape->dim[shape->rank - 1] != 1 && !grows(replay, mask, shape->rank - 1);
}

/* A mask of its own hides them where f has none that could. */
static bool add_hiding(Replay *replay, const GraphNode *node, ValueId *inputs, int m) {
  Growth growth = token_growth(replay, node->inputs[1]);
  int axis = token_axis(replay, node->inputs[1]);
  if (m >= ATTENTION_INPUTS || growth.at == PLACE_UNKNOWN || growth.times != 1)
    return splice_refuse(replay, node, "their place in its mask is not known");
  inputs[m] = open_mask(replay, inputs[1], axis, growth);
  if (!probe_extend(replay->after, &replay->graph->error))
    return false;
  inputs[m] = lengthen(replay, inputs[m], axis + 1, growth, FILL_HIDDEN);
  return probe_extend(replay->after, &replay->graph->error);
}

static bool repair_attention(Replay *replay, const GraphNode *node, ValueId *inputs) {
  bool hides = token_growth(replay, node->inputs[1]).unseen;
  for (int m = 3; m < node->n_inputs; m++) {
    if (!node->inputs[m])
      continue;
    bool here = hides && can_hide(replay, node->inputs[m]);
    if (!lengthen_mask(replay, node, inputs, m, here))
      return false;
    hides &= !here;
  }
  return !hides || add_hiding(replay, node, inputs, MAX(3, node->n_inputs));
}

/* Attention that was not recognised has no mask to hide them with. */
static bool repair_softmax(Replay *replay, const GraphNode *node, ValueId *inputs) {
  const Shape *shape = shape_before(replay, node->inputs[0]);
  int axis = shape_axis(shape, node_int(&node->node, "axis", -1));
  return !grows(replay, node->inputs[0], axis) || !growth_at(replay, node->inputs[0], axis).unseen ||
         splice_refuse(replay, node, "its attention is not one that they can be hidden from");
}

static bool repair_expand(Replay *replay, const GraphNode *node, ValueId *inputs) {
  const Tensor *wanted = tensor_after(replay, inputs[1]);
  const Shape *from = shape_before(replay, node->inputs[0]);
  if (!inputs_grow(replay, node))
    return true;
  if (!wanted->data)
    return splice_refuse(replay, node, "its wanted shape is not known before the run");
  int n = (int)tensor_count(wanted);
  ValueId elements[TENSOR_MAX_RANK] = {VALUE_NONE};
  bool any = false;
  for (int axis = 0; axis < from->rank; axis++) {
    int at = n - from->rank + axis;
    Growth growth = growth_at(replay, node->inputs[0], axis);
    if (at < 0 || !growth.count || tensor_ints(wanted)[at] != from->dim[axis] || from->dim[axis] == 1)
      continue;
    elements[at] = list_element(replay->graph, GRAPH_ADD(replay->graph, "Shape", "shape", inputs[0]), axis);
    any = true;
  }
  if (any)
    inputs[1] = list_replace(replay->graph, inputs[1], n, elements);
  return true;
}

/* Whether what the node computes becomes part of another row along the axis. */
static bool is_joined(const Replay *replay, const GraphNode *node, int axis) {
  const Graph *graph = replay->model->graph;
  const Shape *shape = shape_before(replay, node->outputs[0]);
  for (guint k = 0; k < graph->nodes->len; k++) {
    const GraphNode *reader = g_ptr_array_index(graph->nodes, k);
    for (int i = 0; strcmp(reader->node.op->name, "Concat") == 0 && i < reader->n_inputs; i++)
      if (reader->inputs[i] == node->outputs[0] &&
          shape_axis(shape, node_int(&reader->node, "axis", 0)) == axis)
        return true;
  }
  return false;
}

/* Which of f's own elements a range from..to-1 of the longer axis must now run over.  A row that is cut just
 * where they were put in, so that something else can be put in there too (register tokens behind the class
 * token), keeps them in its second part. */
static void move_range(const Growth *growth, int64_t size, bool joined, int64_t *from, int64_t *to) {
  bool whole = *from == 0 && *to == size, second = joined && *from == growth->at;
  if (*to > growth->at || whole)
    *to += growth->count;
  if (*from >= growth->at && !whole && !second)
    *from += growth->count;
}

static int64_t resolve(int64_t number, int64_t size) {
  return CLAMP(number < 0 ? number + size : number, 0, size);
}

/* list[i] + delta; VALUE_NONE where the sign, which says from where it counts, would change. */
static ValueId moved_element(Replay *replay, ValueId list, int i, int64_t delta) {
  int64_t says = tensor_ints(tensor_after(replay, list))[i];
  if (says < 0 ? says + delta >= 0 : says + delta < 0)
    return VALUE_NONE;
  return GRAPH_ADD(replay->graph, "Add", "moved", list_element(replay->graph, list, i),
                   list_constant(replay->graph, 1, &delta));
}

static bool repair_slice(Replay *replay, const GraphNode *node, ValueId *inputs) {
  if (!inputs_grow(replay, node))
    return true;
  const Shape *shape = shape_before(replay, node->inputs[0]);
  const Tensor *lists[5] = {NULL}, *olds[3] = {NULL};
  for (int i = 1; i < node->n_inputs && i < 5; i++)
    if (node->inputs[i] && !(lists[i] = tensor_after(replay, inputs[i]))->data)
      return splice_refuse(replay, node, "where it cuts is not known before the run");
  for (int i = 1; i < 3 && i < node->n_inputs; i++)
    olds[i] = probe_value(replay->before, node->inputs[i]);
  if (!lists[1] || !lists[2])
    return splice_refuse(replay, node, "where it cuts is written in an old form");
  int n = (int)tensor_count(lists[1]);
  ValueId elements[2][TENSOR_MAX_RANK] = {{VALUE_NONE}};
  bool any[2] = {false, false};
  for (int i = 0; i < n && i < TENSOR_MAX_RANK; i++) {
    int axis = lists[3] ? shape_axis(shape, tensor_ints(lists[3])[i]) : i;
    if (!grows(replay, node->inputs[0], axis))
      continue;
    Growth growth = growth_at(replay, node->inputs[0], axis);
    int64_t size = shape->dim[axis], longer = size + growth.count * growth.times;
    int64_t from = resolve(tensor_ints(olds[1])[i], size), to = resolve(tensor_ints(olds[2])[i], size);
    bool whole = from == 0 && to == size;
    if ((lists[4] && tensor_ints(lists[4])[i] != 1) ||
        (!whole && (growth.at == PLACE_UNKNOWN || growth.times != 1)))
      return splice_refuse(replay, node,
                           "it takes some of the tokens only, in a way that cannot be followed");
    if (whole)
      to = longer;
    else
      move_range(&growth, size, to == size && from == growth.at && is_joined(replay, node, axis), &from, &to);
    int64_t says[2] = {resolve(tensor_ints(lists[1])[i], longer), resolve(tensor_ints(lists[2])[i], longer)},
            should[2] = {from, to};
    for (int k = 0; k < 2; k++) {
      if (says[k] == should[k])
        continue;
      elements[k][i] = moved_element(replay, inputs[1 + k], i, should[k] - says[k]);
      if (!elements[k][i])
        return splice_refuse(replay, node, "its numbers do not say which tokens it takes");
      any[k] = true;
    }
  }
  for (int k = 0; k < 2; k++)
    if (any[k])
      inputs[1 + k] = list_replace(replay->graph, inputs[1 + k], n, elements[k]);
  return true;
}

/* Numbers of tokens go on naming the same tokens. */
static bool repair_gather(Replay *replay, const GraphNode *node, ValueId *inputs) {
  const Shape *shape = shape_before(replay, node->inputs[0]);
  int axis = shape_axis(shape, node_int(&node->node, "axis", 0));
  if (!grows(replay, node->inputs[0], axis))
    return true;
  Growth growth = growth_at(replay, node->inputs[0], axis);
  const Tensor *old = probe_value(replay->before, node->inputs[1]);
  if (!old->data || growth.at == PLACE_UNKNOWN || growth.times != 1)
    return splice_refuse(replay, node, "which tokens it takes is not known before the run");
  int64_t n = tensor_count(old), size = shape->dim[axis];
  g_autoptr(Tensor) deltas = tensor_new(TENSOR_INT64, &old->shape, NULL);
  bool any = false;
  for (int64_t i = 0; i < n; i++) {
    int64_t says = tensor_ints(old)[i], own = says < 0 ? says + size : says;
    bool behind = own >= growth.at;
    tensor_ints(deltas)[i] = says < 0 ? (behind ? 0 : -growth.count) : behind ? growth.count : 0;
    any |= tensor_ints(deltas)[i] != 0;
  }
  if (any)
    inputs[1] = GRAPH_ADD(replay->graph, "Add", "the same tokens", inputs[1],
                          graph_constant(replay->graph, "moved by", deltas));
  return true;
}

static bool repair_split(Replay *replay, const GraphNode *node, ValueId *inputs) {
  int axis = shape_axis(shape_before(replay, node->inputs[0]), node_int(&node->node, "axis", 0));
  return !grows(replay, node->inputs[0], axis) ||
         splice_refuse(replay, node, "it splits the tokens into parts of fixed sizes");
}

static const struct {
  const char *op;
  NodeRepair repair;
} repairs[] = {
    {"Add", repair_operands},    {"And", repair_operands},     {"Attention", repair_attention},
    {"Div", repair_operands},    {"Equal", repair_operands},   {"Expand", repair_expand},
    {"Gather", repair_gather},   {"Greater", repair_operands}, {"Less", repair_operands},
    {"Max", repair_operands},    {"Min", repair_operands},     {"Mod", repair_operands},
    {"Mul", repair_operands},    {"Or", repair_operands},      {"PRelu", repair_operands},
    {"Pow", repair_operands},    {"Reshape", repair_reshape},  {"Slice", repair_slice},
    {"Softmax", repair_softmax}, {"Split", repair_split},      {"Sub", repair_operands},
    {"Sum", repair_operands},    {"Where", repair_operands},
};

NodeRepair splice_repair_of(const char *op) {
  for (guint k = 0; k < G_N_ELEMENTS(repairs); k++)
    if (strcmp(repairs[k].op, op) == 0)
      return repairs[k].repair;
  return NULL;
}
