/* Loops over the elements of two blocks of memory: numpy broadcasting, and copies that rearrange.
 *
 * One side is walked from its first element to its last; for up to two operands there is a step along each
 * axis.  An axis along which an operand is repeated has step 0.  Neighbouring axes that all operands walk in
 * one stride are merged, so equal shapes become one long row, and a pattern (3,64,64) on (N,3,64,64) becomes
 * two axes. */
#pragma once

#include "engine/op.h"

typedef struct {
  int rank;                         /* at least 1 */
  int64_t dim[TENSOR_MAX_RANK];     /* slowest first */
  int64_t step[2][TENSOR_MAX_RANK]; /* of operand k along each axis, in elements; may be negative */
} Loops;

/* From sizes and steps, slowest axis first.  step1 NULL: one operand. */
void loops_init(Loops *loops, int rank, const int64_t *dim, const int64_t *step0, const int64_t *step1);
/* Walks y's memory; operands a and b (may be NULL) broadcast to y's shape, each in its own order of memory.
 */
void loops_broadcast(Loops *loops, const Tensor *y, const Tensor *a, const Tensor *b);
/* The shape that a and b broadcast to; false and an error that shows both when there is none. */
bool broadcast_shape(const Shape *a, const Shape *b, Shape *result, GError **error);

/* A row is one walk along the last axis.  Number of rows; offset of each operand at the start of a row. */
int64_t loops_rows(const Loops *loops);
void loops_row(const Loops *loops, int64_t row, int64_t offset[2]);
/* The same for one row after the other. */
typedef struct {
  int64_t index[TENSOR_MAX_RANK], offset[2];
} LoopsRow;
void loops_row_start(const Loops *loops, int64_t row, LoopsRow *at);
void loops_row_next(const Loops *loops, LoopsRow *at);

/* With operand 0 alone; `size` is the bytes of an element:
 * to[i] = from[offset of i] */
void loops_gather(const OpCall *call, const Loops *loops, size_t size, const void *from, void *to);
/* to[offset of i] = from[i]; no two offsets may be equal */
void loops_scatter(const OpCall *call, const Loops *loops, size_t size, const void *from, void *to);
/* to[j] = factor * sum of from[i] over all i whose offset is j, for j in 0..count-1; in this thread */
void loops_sum(const OpCall *call, const Loops *loops, float factor, const float *from, float *to,
               int64_t count);
