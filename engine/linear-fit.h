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
 * the numbers that omega and bias have.  One thread; the same bits each time.  False with an error:
 * HOARFROST_ERROR_STOPPED when `stop` was set, else what is wrong (a batch larger than n, a loss that is not
 * a number). */
bool linear_fit(Alignment *self, const float *z, const int *labels, int n, const LinearFit *fit,
                const StopFlag *stop, GError **error);
