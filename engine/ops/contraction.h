/* Sums of products over named axes, as Einstein writes them: what Einsum and its gradients are made of.
 *
 *     y[its letters] += product of the operands[their letters], summed over all letters that y does not have
 *
 * Every letter is an axis with a size; an operand has a step along each (0 where it does not have the letter
 * or is repeated along it; the sum of two strides where it is read along a diagonal). */
#pragma once

#include "engine/op.h"

#define CONTRACTION_LETTERS  24
#define CONTRACTION_OPERANDS 16

typedef struct {
  int n_letters, n_operands;
  int64_t dim[CONTRACTION_LETTERS];
  int64_t y_step[CONTRACTION_LETTERS];
  int64_t step[CONTRACTION_OPERANDS][CONTRACTION_LETTERS];
  const Tensor *operand[CONTRACTION_OPERANDS]; /* all of y's type: float32 or int64 */
  Tensor *y;                                   /* overwritten */
} Contraction;

/* Two operands are multiplied by BLAS where some three letters make matrices; in this thread.  Looks at the
 * call's stop flag. */
void contraction_run(const OpCall *call, Contraction *contraction);
