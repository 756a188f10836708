/* One op with its tensors, run as a plan would run it and stricter: what `keeps` does not name has no data in
 * backward, and every buffer that must be written is full of NaN before.
 *
 * Inputs and attributes are written as text, so that a table of cases stays readable:
 *   inputs, separated by spaces:
 *     2x3x5     float32 of this shape ("()" is rank 0), filled by the case's rule
 *     2x3x5!    the same, known before the run (a frozen weight)
 *     [1,-2]    int64, known before the run; [] is empty
 *     =7        int64 of rank 0, known;  =0.5 float32 of rank 0, known
 *     {1,0,3}   int64 that is known only at the run (labels)
 *     [0.5,2]   float32, known; {0.5,2} at the run only
 *     [2x2:...] any of them with a shape
 *     ?[1,0]    bool, likewise
 *     -         left out
 *   attributes, separated by spaces: name=3, name=0.5 (a float has a point), name=[1,2], name=text */
#pragma once

#include "engine/op.h"

typedef float (*OpFill)(int input, int64_t i);

typedef struct {
  const char *op, *inputs, *attributes;
  Activation activation;
  TensorOrder order; /* of the inputs that take part in the layout, and of outputs of the same rank */
  OpFill fill;
  Pool *pool;
  int n_outputs; /* 0 means 1 */
} OpCase;

typedef struct {
  OpCase c;
  struct _Graph *graph; /* owns the node */
  Node *node;
  int n_inputs, n_outputs;
  unsigned known;           /* inputs whose numbers are known before the run */
  Tensor *x[OP_MAX_INPUTS]; /* NULL: left out */
  Tensor *y[OP_MAX_OUTPUTS];
  Tensor *dy[OP_MAX_OUTPUTS]; /* gradients that backward reads: to be filled */
  Tensor *dx[OP_MAX_INPUTS];  /* NULL for inputs that have none */
  void *prepared, *saved;
  char *scratch;
  size_t scratch_bytes, saved_bytes;
  bool unpoisoned; /* leave buffers as they are before a call: for timings */
} OpHarness;

/* Builds the node and the inputs, infers, prepares.  NULL and an error when infer refuses.  (transfer full)
 */
OpHarness *op_harness_new(const OpCase *c, GError **error);
void op_harness_free(OpHarness *harness);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OpHarness, op_harness_free)
/* keep: a backward follows. */
void op_harness_forward(OpHarness *harness, bool keep);
/* Writes dx for the inputs of `wanted` (those that have a dx). */
void op_harness_backward(OpHarness *harness, unsigned wanted, bool accumulate);
/* Element i, counted row-major, of a tensor in any order. */
int64_t op_harness_place(const Tensor *tensor, int64_t i);
