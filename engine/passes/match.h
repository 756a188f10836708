/* Finding a pattern of nodes in a graph, from its last node upwards, and putting one op in its place.
 *
 * Only structures.c and passes/recognise-*.c read this header.  Identity, Dropout and a Cast to the same type
 * are looked through everywhere.  All that a pattern looks at is recorded; match_owns() then says whether
 * nobody else reads what lies inside. */
#pragma once

#include "engine/structures.h"

#define MATCH_TRIALS 2
#define MATCH_NODES  40 /* of one structure; a larger one is none */

/* What inference says of a value for one batch size. */
typedef struct {
  TensorType type;
  Shape shape;
  bool has_number; /* one number, known before the run */
  float number;
} Trial;

struct _Match {
  Graph *graph;
  GPtrArray *producers; /* GraphNode * by ValueId; NULL: a leaf, or gone */
  GArray *readers;      /* int by ValueId; being an output counts as one */
  Trial *trials[MATCH_TRIALS];
  guint n_values; /* of the trials: values that were there before matching */
  int n_trials;
  const GraphNode *nodes[MATCH_NODES]; /* recorded */
  int n_nodes;
  bool full; /* more were looked at */
};

/* NULL when shapes cannot be inferred.  (transfer full) */
Match *match_new(Graph *graph);
void match_free(Match *match);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Match, match_free)
/* Drops the nodes that are gone. */
void match_sweep(Match *match);

/* Whether the node still stands in the graph. */
bool match_is_there(const Match *match, const GraphNode *node);

/* Forgets what was recorded. */
void match_start(Match *match);
/* The node that computes the value if it is of this op, recorded; else NULL, and nothing is recorded. */
GraphNode *match_node(Match *match, ValueId value, const char *op);
/* The value that is looked at when it is looked through. */
ValueId match_through(Match *match, ValueId value);
bool match_same(Match *match, ValueId a, ValueId b);
/* A frozen number, or one that shapes alone decide. */
bool match_number(Match *match, ValueId value, float *number);
/* Whether it is this number, to 1e-6. */
bool match_is(Match *match, ValueId value, float number);
bool match_near(double found, double number);
/* Of trial i in 0..n_trials-1; NULL: not known. */
const Trial *match_trial(const Match *match, ValueId value, int i);
bool match_same_shape(const Match *match, ValueId a, ValueId b);
/* A node of two inputs where one is a number: the number and the other input. */
bool match_with_number(Match *match, const GraphNode *node, ValueId *other, float *number);
/* ReduceMean over the last axes, which it keeps: the first of them, counted from the end (-1, -2, ...); 0:
 * something else. */
int match_mean_axis(Match *match, const GraphNode *node, int rank);
/* 1 / sqrt(mean of squares + epsilon) as a factor or a divisor of node's input *other. */
bool match_rsqrt_factor(Match *match, const GraphNode *node, ValueId *other, ValueId *mean, float *epsilon);
/* A scale or shift of the axes from `axis` (negative) on of x, a number for each element there. */
bool match_affine(const Match *match, ValueId numbers, ValueId x, int axis);
/* Ones to scale the axes from `axis` on; VALUE_NONE where they are not fixed. */
ValueId match_ones(Match *match, const GraphNode *root, ValueId x, int axis);
/* Whether only recorded nodes read what the recorded nodes compute, but for root's output. */
bool match_owns(const Match *match, const GraphNode *root);

bool match_sole_reader(const Match *match, ValueId value);

/* A new node in front of root, and the node behind its value. */
ValueId match_insert(Match *match, const GraphNode *root, const char *op, int n_inputs,
                     const ValueId *inputs);
Node *match_inserted(const Match *match, ValueId value);
/* Makes root another op on other inputs; its attributes are gone, its name stays.  Nodes that nobody reads
 * any more are dropped. */
Node *match_replace(Match *match, GraphNode *root, const char *op, int n_inputs, const ValueId *inputs);

/* The way back, for files: the mean over the axes from `axis` (negative) on; x / sqrt(mean squared^2 +
 * epsilon). */
ValueId spell_mean(Graph *graph, ValueId x, int axis, int opset);
ValueId spell_rsqrt(Graph *graph, ValueId x, ValueId squared, int axis, float epsilon, int opset);

/* Products, as activations are: root = factor * x * gate with one number, one x and one other value. */
typedef struct {
  ValueId x, gate;
  double factor;
} Gated;
/* Calls `fits` with each way to read root as such a product until one is accepted.  What it looks at through
 * match_node() is recorded.  False: none. */
bool match_gated(Match *match, const GraphNode *root,
                 bool (*fits)(Match *match, const Gated *gated, void *data), void *data);
#define POLYNOMIAL 4
/* Reads the value as a polynomial of x up to the third power. */
bool match_polynomial(Match *match, ValueId value, ValueId x, double c[POLYNOMIAL]);
ValueId spell_attention(Graph *graph, const Node *node, const char *name, int n_inputs, const ValueId *inputs,
                        const Shape *shapes, const TensorType *types, int opset);
