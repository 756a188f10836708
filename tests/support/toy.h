/* A small frozen network and a small task, made in memory: for tests of everything between them. */
#pragma once

#include "engine/frozen-model.h"
#include "engine/run-spec.h"
#include "engine/sample-set.h"

#define TOY_SIZE   12 /* edge of the network's input */
#define TOY_SOURCE 6  /* its classes */
#define TOY_TARGET 3  /* the task's classes */

/* Convolution, residual block, mean over space, linear; weights drawn from the seed.  (transfer full) */
FrozenModel *toy_model(uint64_t seed);
/* Grey 8x8 pictures of noisy rows, columns or checks; a part has `train` and `test` of them.  (transfer full)
 */
SampleSet *toy_set(int train, int test, uint64_t seed);
/* The spec of a short run with `extra` assignments ("run.batch=8"), NULL-terminated.  (transfer full) */
RunSpec *toy_spec(char *const *extra);
