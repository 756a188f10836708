/* The inside of a splice: splice.c replays the nodes, splice-repairs.c and splice-reshape.c correct what a
 * node says of sizes before it is added, splice-growth.c keeps which axes are longer than f's own. */
#pragma once

#include "engine/probe.h"
#include "engine/splice.h"

/* How an axis differs from f's own: `count` elements more in front of its element `at`, and that `times` over
 * (a batch that was merged with the tokens).  It is the tag of the axis: it travels with it. */
typedef struct {
  int64_t count; /* 0: the axis is as it was */
  int64_t at;    /* PLACE_UNKNOWN: somewhere */
  int64_t times;
  bool unseen; /* attention leaves them out */
} Growth;

#define PLACE_UNKNOWN ((int64_t)-1)

typedef struct {
  Growth axis[TENSOR_MAX_RANK];
} Growths;

typedef struct {
  Graph *graph; /* that is built */
  const FrozenModel *model;
  Probe *before, *after; /* of the model's graph, of `graph` */
  ValueId *to;
  Growths *growths;          /* of the model's values as they are in `graph`, index = ValueId of the model */
  const bool *signal;        /* values of the model that carry the signal */
  bool arrived;              /* what was put in has met f's own tokens on their way to the answers */
  const GraphNode *left_out; /* the last node that took none of it; NULL: none did */
} Replay;

static inline Growth growth_at(const Replay *replay, ValueId value, int axis) {
  return replay->growths[value].axis[axis];
}
static inline bool grows(const Replay *replay, ValueId value, int axis) {
  return value && axis >= 0 && replay->growths[value].axis[axis].count > 0;
}
/* Whether any axis of any input of the node is longer. */
bool inputs_grow(const Replay *replay, const GraphNode *node);
const Shape *shape_before(const Replay *replay, ValueId value);
/* Of a value of `graph`. */
const Tensor *tensor_after(const Replay *replay, ValueId value);
/* "node 'X' (Op) cannot follow the tokens that are put in: reason".  Returns false. */
bool splice_refuse(const Replay *replay, const GraphNode *node, const char *reason);

/* Changes inputs[], values of `graph`, so that the node does with the longer axes what it did before.  An
 * input that the node leaves out may be added (inputs[] has room for all that its op takes). */
typedef bool (*NodeRepair)(Replay *replay, const GraphNode *node, ValueId *inputs);
/* NULL: the node needs none. */
NodeRepair splice_repair_of(const char *op);
bool repair_reshape(Replay *replay, const GraphNode *node, ValueId *inputs);

/* What a reshape makes of the longer axes; false: it tears the tokens apart, or does not say which axis has
 * them. factors[o] (may be NULL) is set of the input axes that axis o of the result is the product of, where
 * it is that. */
bool reshape_growths(const Shape *from, const Growths *growths, const Shape *to, Growths *result,
                     unsigned *factors);
/* Fills the growths of the node's outputs, from their shapes now and before. */
bool follow_growths(Replay *replay, const GraphNode *node);
/* Behind that: sets arrived and left_out. */
void note_arrival(Replay *replay, const GraphNode *node);

/* Element i of a list of whole numbers, and the list with some elements (not VALUE_NONE) replaced. */
ValueId list_element(Graph *graph, ValueId list, int i);
ValueId list_replace(Graph *graph, ValueId list, int n, const ValueId *elements);
ValueId list_constant(Graph *graph, int n, const int64_t *numbers);
