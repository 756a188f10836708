/* A moment of a run in the engine's own numbers: all that is needed to see what f makes of any sample then.
 */
#pragma once

#include "engine/tensor.h"

typedef struct {
  int step, total_steps, epoch;
  int switches; /* changes so far of a target class's largest source class */
  double seconds, images_per_second;
  Tensor *pattern;              /* (channels, height, width), the model's channel order */
  Tensor *omega, *bias;         /* of the alignment */
  Tensor *own_omega, *own_bias; /* of f without the prompt; NULL: not fitted yet */
} Moment;

/* Both hold references to the same tensors, which are never written again. */
Moment moment_copy(const Moment *moment);
void moment_clear(Moment *moment);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Moment, moment_clear)
/* A copy of the numbers as they are now.  (transfer full) */
Tensor *moment_freeze(const Tensor *tensor);
