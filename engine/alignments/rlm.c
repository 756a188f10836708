/* Random label mapping: each target class has a source class of its own, drawn once by the seed.
 *
 *     omega[p(t), t] = 1,  p = the first Kt of a random permutation of the source classes */
#include "engine/alignments/alignments.h"

static bool init(Alignment *self, const Random *random, GError **error) {
  g_autofree uint32_t *order = g_new(uint32_t, self->n_source);
  random_permutation(random, order, (size_t)self->n_source);
  for (int t = 0; t < self->n_target; t++)
    tensor_floats(self->omega)[order[t] * (uint32_t)self->n_target + (uint32_t)t] = 1;
  return true;
}

const AlignmentKind alignment_rlm = {
    .name = "rlm",
    .title = "Random label mapping (RLM)",
    .paper = "Chen et al. 2023, arXiv 2211.11635",
    .summary = "Each class of the task is given a class of the model at random, once a run.",
    .family = FAMILY_STATISTICAL,
    .refit = REFIT_NEVER,
    .one_to_one = true,
    .init = init,
};
