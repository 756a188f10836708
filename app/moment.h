/* A moment of a run in the engine's own numbers: all that is needed to see what f makes of any sample then.
 */
#pragma once

#include "engine/run.h"

typedef struct {
  int step, total_steps, epoch;
  int switches; /* changes so far of a target class's largest source class */
  double seconds, images_per_second;
  Tensor *pattern;              /* (channels, height, width), the model's channel order */
  Tensor *omega, *bias;         /* of the alignment */
  Tensor *counts;               /* that omega was made of; NULL: none, or not known */
  Tensor *own_omega, *own_bias; /* of f without the prompt; NULL: not fitted yet */
} Moment;

/* Both hold references to the same tensors, which are never written again. */
Moment moment_copy(const Moment *moment);
void moment_clear(Moment *moment);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Moment, moment_clear)
/* Whether a map says anything: one that is still to be counted is all zeros. */
bool moment_is_map(const Tensor *omega);
/* The counts of a state as floats (n_source, n_target) where they say how often f gave which answer, which is
 * so for one-to-one maps; NULL else.  (transfer full) */
Tensor *moment_counts(const AlignmentKind *kind, const RunState *state, int n_source, int n_target);
/* A copy of the numbers as they are now.  (transfer full) */
Tensor *moment_freeze(const Tensor *tensor);
