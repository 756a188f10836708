/* The walk of a reduction over some axes of x: which elements of x's memory belong to one element of y.
 *
 * Neighbouring axes are merged.  The innermost of what is left either is reduced (then `run` neighbours in
 * memory make one element of y) or stays (then `columns` neighbours belong to as many elements of y, and run
 * is 1).  All other axes are in `kept` or `repeated`, slowest first. */
#pragma once

#include "engine/op.h"

typedef struct {
  int rank;
  int64_t count; /* product of dim */
  int64_t dim[TENSOR_MAX_RANK];
  int64_t x_step[TENSOR_MAX_RANK], y_step[TENSOR_MAX_RANK]; /* in elements */
} ReductionAxes;

typedef struct {
  ReductionAxes kept, repeated;
  int64_t run, columns;
  int64_t column_step; /* between neighbouring columns in y */
  int64_t members;     /* elements of x for one of y: run * repeated.count */
} Reduction;

/* The axes of a Reduce operator: from attribute or input 1, all when there are none (unless
 * noop_with_empty_axes). `wide` is y's shape with its axes of size 1 in place. */
bool reduction_axes(const Node *node, int n_inputs, const Tensor *const *x, Shape *wide,
                    bool reduced[TENSOR_MAX_RANK], GError **error);
/* The shape without the reduced axes, or `wide` as it is. */
Shape reduction_shape(const Shape *wide, const bool reduced[TENSOR_MAX_RANK], bool keeps_axes);
/* y has x's rank, its reduced axes have the size 1; each in its order of memory.  x has elements. */
void reduction_init(Reduction *reduction, const Tensor *x, const Tensor *y);
/* Offsets of one group (an index into kept.count): of its first element in x, and of its element in y. */
void reduction_group(const Reduction *reduction, int64_t group, int64_t *x, int64_t *y);
/* Offset in x of the run with this index into repeated.count, from the group's first element. */
int64_t reduction_run(const Reduction *reduction, int64_t repeat);
