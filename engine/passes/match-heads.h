/* Keys and values of an attention on their way back to what they are made of: axes that were swapped, heads
 * that were repeated for grouped queries (Ainslie et al. 2023, arXiv 2305.13245). */
#pragma once

#include "engine/passes/match.h"

#define HEADS_RANK 4

/* `base` with its axes rearranged: axis i is base's axis perm[i]. */
typedef struct {
  ValueId base;
  int rank; /* 3 or 4 */
  int perm[HEADS_RANK];
} Heads;

/* The value as it is; false when its rank is neither 3 nor 4. */
bool heads_of(Match *match, ValueId value, Heads *heads);
/* An Einsum of four letters each, "bnhd,bmhd->bhnm": its operands as queries (batch, heads, tokens, d) and
 * keys (batch, heads, keys, d) of scores (batch, heads, tokens, keys).  false: it is something else. */
bool heads_of_scores(Match *match, const GraphNode *einsum, Heads *q, Heads *k);
/* Likewise "bhnm,bmhd->bnhd", weights times values: the values (batch, heads, keys, e), and which axis of
 * (batch, heads, tokens, e) each axis of the answer is. */
bool heads_of_answers(Match *match, const GraphNode *einsum, Heads *v, int64_t perm[HEADS_RANK]);
/* Swaps the last two axes. */
void heads_swap(Heads *heads);
/* Takes a Transpose from the base into perm. */
void heads_peel(Match *match, Heads *heads);
/* Takes a scale of one number from the base, where nobody else reads the scaled one. */
void heads_scale(Match *match, Heads *heads, double *scale);
/* Where the base is Unsqueeze, Expand (or Concat with itself) and Reshape that repeat each head (axis 1): the
 * base in front of that, and how often; false: as it was. */
bool heads_repeated(Match *match, Heads *heads, int64_t *times);
/* How many heads stand behind each other for every sample in axis 0, (batch heads, tokens, channels of a
 * head): sample 0's first, then sample 1's.  0: other things are merged there, or the graph does not tell. */
int64_t heads_in_batch(Match *match, const Heads *heads);
/* The shape in trial i. */
Shape heads_shape(const Match *match, const Heads *heads, int i);
/* The value in front of root; a Transpose is added where there is none. */
ValueId heads_value(Match *match, const GraphNode *root, const Heads *heads);
