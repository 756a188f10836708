/* The inside of a plan, and the rewrites that make it.  Only plan.c, workspace.c and passes/ read this
 * header.
 *
 * Passes run in the order in which they stand here; each returns false with an error that names the node. */
#pragma once

#include "engine/plan.h"

#define NO_BUFFER ((ptrdiff_t)-1)

/* What becomes of a value of the graph.  Ids of the graph's own values stay; passes append more. */
typedef struct {
  ValueKind kind;
  char *name;
  Tensor tensor;       /* type, shape, order; ->data of what is known before the run, and of parameters */
  Tensor *owned;       /* holds the numbers behind tensor.data */
  bool known;          /* a constant, given or folded */
  bool is_output;      /* read after forward, or asked for a gradient: passes leave it */
  bool wants_gradient; /* asked for by the caller */
  bool has_gradient;   /* lies on a path from a wanted gradient to the target */
  int producer;        /* index of the node; -1 for leaves */
  ptrdiff_t offset;    /* in the workspace's block */
  ptrdiff_t gradient_offset;
  bool kept; /* lives from forward to backward */
} PlanValue;

typedef struct {
  Node node; /* attributes shared with the graph by reference */
  int n_inputs, n_outputs;
  ValueId *inputs, *outputs;
  bool removed;
  void *prepared;
  bool backward;   /* runs on the way back */
  unsigned wanted; /* inputs whose gradient it computes, as a set */
  unsigned keeps;
  unsigned added;         /* of those, the ones that are added to a gradient that is there already */
  ptrdiff_t saved_offset; /* NO_BUFFER: saves nothing */
  size_t saved_bytes;
  ptrdiff_t scratch_offset, backward_scratch_offset;
  size_t scratch_bytes;                   /* of one worker */
  ptrdiff_t addend_offset[OP_MAX_INPUTS]; /* where a gradient lies that is then added */
} PlanNode;

struct _Plan {
  GPtrArray *values; /* PlanValue *; [0] NULL */
  GPtrArray *nodes;  /* PlanNode *, in order */
  GArray *inputs;    /* ValueId */
  ValueId target;
  bool row_major, no_fusion;
  int failed; /* index of the node whose shapes cannot be inferred; -1: none */
  Pool *pool;
  size_t block_bytes, kept_bytes;
};

static inline PlanValue *plan_at(const Plan *plan, ValueId id) {
  return g_ptr_array_index(plan->values, id);
}
static inline PlanNode *plan_node(const Plan *plan, guint i) {
  return g_ptr_array_index(plan->nodes, i);
}

/* Tensors of a node's inputs (NULL: left out) and outputs, as ops want them. */
void plan_tensors(const Plan *plan, const PlanNode *node, const Tensor **x, Tensor **y);
/* Appends a value; `tensor` NULL: computed. (keeps a reference) */
ValueId plan_add_value(Plan *plan, const char *name, Tensor *tensor);
/* How often the nodes read each value, by its id; values that are added later are not in it.  (transfer full)
 */
int *plan_readings(const Plan *plan);
/* The node is to be dropped, and no longer reads. */
void plan_remove(PlanNode *node, int *readings);
void plan_drop_removed(Plan *plan);
/* About how many numbers the node reads, writes and multiplies; shapes are known. */
double plan_work(const PlanNode *node, const Tensor *const *x, Tensor *const *y);

/* Shapes of the inputs; known[i]: the i-th becomes a constant with the numbers of options->input_tensors. */
bool plan_bind_inputs(Plan *plan, const Graph *graph, const PlanOptions *options, const bool *known,
                      GError **error);
/* After shape inference has failed at a node: marks in known[] the inputs whose numbers may be missing there.
 * False when there are none. */
bool plan_know_more(const Plan *plan, const Graph *graph, const PlanOptions *options, bool *known);

bool pass_prune(Plan *plan, GError **error);        /* drop nodes that lead to nothing that is read */
bool pass_infer_shapes(Plan *plan, GError **error); /* types, shapes; compute what is known before the run */
bool pass_fold_batch_norm(Plan *plan, GError **error);  /* BatchNormalization into the convolution in front */
bool pass_fuse_activations(Plan *plan, GError **error); /* Relu, Clip into the op in front */
bool pass_fuse_bias(Plan *plan, GError **error);        /* Add of frozen numbers into the MatMul in front */
bool pass_find_gradients(Plan *plan,
                         GError **error);            /* which values lie between a parameter and the target */
bool pass_order_memory(Plan *plan, GError **error);  /* channels-last regions, Relayout at their edges */
bool pass_prepare(Plan *plan, GError **error);       /* pack frozen weights */
bool pass_place_buffers(Plan *plan, GError **error); /* all buffers in one block by the time they live */
