/* Trains a linear alignment on answers that are given: what is left of a run when the pattern is not trained.
 *
 * The baselines of linear runs and `hoarfrost align linear` use it.  The order of the samples is a run's:
 * epoch e is the permutation of the n samples by (seed, RANDOM_ORDER, e), cut into batches; the last short
 * one is dropped. */
#pragma once

#include "engine/alignment.h"
#include "engine/optimiser.h"
#include "engine/pool.h"

typedef struct {
  const OptimiserKind *optimiser;
  const Settings *settings; /* of the optimiser, its schedule included */
  int batch, steps;
  uint64_t seed;
} LinearFit;

/* Minimises the mean cross-entropy of z . omega + bias, z (n, n_source), with labels in 0..n_target-1, from
 * the numbers that omega and bias have.  A batch larger than n is all n.  One thread; the same bits each
 * time.  Where the loss is not a number it ends before that step, with a sentence in self->warnings.  False
 * when stopped: then omega and bias are as before. */
bool linear_fit(const LinearFit *fit, Alignment *self, const float *z, const int *labels, int n,
                const StopFlag *stop);
