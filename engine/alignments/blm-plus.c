/* Bayesian-guided label mapping from probabilities: as BLM, but a sample adds its k largest softmax
 * probabilities instead of one count.
 *
 *     N[s, y_i] += p_s  for the k source classes with the largest p = softmax(z_i),  k = max(1, int(top Kt))
 */
#include "engine/alignments/alignments.h"
#include "engine/alignments/counting.h"

#include <math.h>

static const Setting rows[] = {
    COUNTING_SMOOTHING,
    {"top", "Top share", SETTING_NUMBER, "0.15", 0, 1000, NULL,
     "How many of a sample's largest probabilities are counted, as a share of the number of target classes; "
     "at least one."},
    {NULL},
};

/* The k largest of z, the lowest class on ties, largest first. */
static void find_largest(const float *z, int n, int k, int *largest) {
  int found = 0;
  for (int s = 0; s < n; s++) {
    if (found == k && !(z[s] > z[largest[k - 1]]))
      continue;
    int place = found < k ? found++ : k - 1;
    for (; place > 0 && z[s] > z[largest[place - 1]]; place--)
      largest[place] = largest[place - 1];
    largest[place] = s;
  }
}

static void count(Alignment *self, const float *z, const int *labels, int n) {
  double share = settings_number(self->settings, "top") * self->n_target;
  int k = MAX(1, (int)MIN(share, self->n_source));
  g_autofree int *largest = g_new(int, k);
  for (int i = 0; i < n; i++, z += self->n_source) {
    find_largest(z, self->n_source, k, largest);
    double sum = 0, top = z[largest[0]];
    for (int s = 0; s < self->n_source; s++)
      sum += exp(z[s] - top);
    for (int j = 0; j < k; j++)
      self->counts[(size_t)largest[j] * (size_t)self->n_target + (size_t)labels[i]] +=
          exp(z[largest[j]] - top) / sum;
  }
}

const AlignmentKind alignment_blm_plus = {
    .name = "blm+",
    .title = "Bayesian-guided label mapping from probabilities (BLM+)",
    .paper = "Cai et al. 2024, arXiv 2410.24018",
    .summary = "Many classes of the model share in each class of the task, by their summed probabilities, "
               "counted again "
               "every epoch.",
    .family = FAMILY_STATISTICAL,
    .refit = REFIT_EACH_EPOCH,
    .counted = true,
    .settings = rows,
    .count = count,
    .solve = counting_solve_shares,
};
