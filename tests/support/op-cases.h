/* The cases that the tests of the ops loop over.  A new op adds its cases here, three at least if it has a
 * gradient. */
#pragma once

#include "tests/support/op-harness.h"

typedef struct {
  const char *op, *inputs, *attributes;
  int n_outputs; /* 0 means 1 */
} OpRow;

/* The same numbers as in references/ops.py. */
float op_fill_smooth(int k, int64_t i);   /* -1..1 */
float op_fill_positive(int k, int64_t i); /* 0.5..2.5 */
float op_fill_kinks(int k, int64_t i);    /* whole, -3..3: at the kinks of relu and clip */

/* How an op's inputs are filled, and what central differences with step h then may be off by. */
typedef struct {
  const char *op; /* NULL: all others */
  OpFill fill;
  double h, tolerance;
} OpRule;
const OpRule *op_rule(const char *op);

/* The cases of a family of ops, a file each (op-cases-NAME.c).  Each list ends with a NULL op and may be NULL.
 */
typedef struct {
  const OpRow *rows;   /* what is accepted */
  const OpRow *large;  /* larger ones, whose work is cut into several pieces: for the comparison of pools */
  const OpRow *bad;    /* what infer must refuse */
  const OpRule *rules; /* for ops that are not filled as most are */
} OpFamily;
extern const OpFamily op_cases_first;
extern const OpFamily op_cases_index;
extern const OpFamily op_cases_pointwise;
extern const OpFamily op_cases_reduce;
extern const OpFamily op_cases_space;
extern const OpFamily op_cases_structures;

/* The lists of all families, one after the other; they end with a NULL op. */
const OpRow *op_rows(void);
const OpRow *op_large_rows(void);
const OpRow *op_bad_rows(void);
