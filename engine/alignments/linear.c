/* Linear: omega and bias are learnt with the pattern, z_target = z_source . omega + bias on f's logits.
 *
 * Both start uniform in -1/sqrt(Ks) .. 1/sqrt(Ks), as torch.nn.Linear; number i of omega, row by row, is draw
 * i, and the bias follows. */
#include "engine/alignments/alignments.h"

#include <math.h>

static const Setting rows[] = {
    {"bias", "Bias", SETTING_CHOICE, "yes", 0, 0, "yes|no",
     "Whether a number of its own is added to each target class."},
    {NULL},
};

static bool init(Alignment *self, const Random *random, GError **error) {
  int n = self->n_source * self->n_target;
  double bound = 1 / sqrt(self->n_source);
  for (int i = 0; i < n; i++)
    tensor_floats(self->omega)[i] = (float)((2 * random_uniform(random, (uint64_t)i) - 1) * bound);
  for (int t = 0; t < self->n_target && alignment_trains_bias(self); t++)
    tensor_floats(self->bias)[t] = (float)((2 * random_uniform(random, (uint64_t)(n + t)) - 1) * bound);
  return true;
}

const AlignmentKind alignment_linear = {
    .name = "linear",
    .title = "Linear on logits",
    .paper = "Tsao et al. 2024, arXiv 2310.08381",
    .summary = "A learnt matrix and bias turn the model's answers into the task's.",
    .family = FAMILY_LINEAR,
    .refit = REFIT_NEVER,
    .settings = rows,
    .init = init,
};
