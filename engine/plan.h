/* A plan: a graph made ready to run for given input shapes.
 *
 * plan_new() copies the graph's nodes, then: infers all shapes, folds what is known before the run, folds
 * batch norm, fuses activations, decides the order of memory, packs the frozen weights, finds the paths that
 * lead from the target to a parameter, and lays all buffers into one block by the time they live.  Each
 * rewrite is a file of passes/.
 *
 * A plan is never written after it is made: any number of threads may run it, each with a Workspace of its
 * own. */
#pragma once

#include "engine/graph.h"

typedef struct _Plan Plan;
typedef struct _Workspace Workspace;

/* Gradients pass to so many inputs of a node, the first ones. */
#define PLAN_GRADIENT_INPUTS 32

typedef struct {
  /* Shapes of the graph's inputs, in order; NULL: those that the graph names, with -1 read as `batch`. */
  const Shape *input_shapes;
  int64_t batch;
  /* The numbers of the graph's inputs in order, where they are at hand; NULL: they are not.  Where a shape
   * depends on the numbers of an input (the sizes that Reshape is given, what NonZero counts), the input
   * becomes a constant of the plan, and workspace_input() is NULL for it.  The plan keeps a reference. */
  Tensor *const *input_tensors;
  /* Values to be read after forward, VALUE_NONE-terminated; NULL: the graph's outputs. */
  const ValueId *outputs;
  /* Backward starts here with a gradient that the caller gives; VALUE_NONE: forward only. */
  ValueId target;
  /* Leaves or computed values whose gradient is asked for, VALUE_NONE-terminated.  NULL: all parameters. */
  const ValueId *gradients;
  bool row_major;   /* leave the channels-last pass out */
  bool shapes_only; /* stop when types and shapes are known: the plan answers plan_value() and nothing else */
  bool no_fusion;   /* leave fusing and folding of batch norm out: for tests */
  Pool *pool; /* ops may cut one call into pieces for this pool; NULL where calls are pieces themselves */
} PlanOptions;

/* Reads the options only during the call.  (transfer full) */
Plan *plan_new(const Graph *graph, const PlanOptions *options, GError **error);
void plan_free(Plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

/* Type and shape of a value of the graph; NULL when the plan has dropped it. */
const Tensor *plan_value(const Plan *plan, ValueId value);
/* Bytes that live from forward to backward. */
size_t plan_kept_bytes(const Plan *plan);
size_t plan_workspace_bytes(const Plan *plan);

Workspace *workspace_new(const Plan *plan, GError **error);
void workspace_free(Workspace *workspace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Workspace, workspace_free)

/* The buffer of an input, to be filled in row-major order before forward.  It keeps its numbers between runs.
 * NULL: the plan has made it a constant (PlanOptions.input_tensors). */
Tensor *workspace_input(Workspace *workspace, ValueId input);
/* False when stopped. */
bool workspace_forward(Workspace *workspace, const StopFlag *stop);
/* One of PlanOptions.outputs after forward, in row-major order.  Valid until the next forward. */
const Tensor *workspace_output(Workspace *workspace, ValueId value);
/* The gradient that backward starts from: the target's shape, row-major, to be filled between forward and
 * backward. */
Tensor *workspace_seed(Workspace *workspace);
/* False when stopped. */
bool workspace_backward(Workspace *workspace, const StopFlag *stop);
/* The gradient of one of PlanOptions.gradients after backward, row-major, zeros where no path leads to it. */
const Tensor *workspace_gradient(Workspace *workspace, ValueId value);
