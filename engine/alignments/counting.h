/* What the statistical alignments share: counting answers against labels, and the two ways from counts to
 * omega.
 *
 * N[s,t], (n_source, n_target), says how often f answered s where t was right.  Numbers are doubles, so that
 * counts are exact and sums of probabilities depend on the order of the samples only. */
#pragma once

#include "engine/alignment.h"

/* N[argmax z_i, y_i] += 1; the lowest source class on ties. */
void counting_add_answers(Alignment *self, const float *z, const int *labels, int n);
/* One to one, greedily: the largest count of all, the lowest source class and then the lowest target class on
 * ties, maps its pair; both leave; and so on, with zeros when the counts are used up (Chen et al. 2023, arXiv
 * 2211.11635). */
void counting_solve_one_to_one(Alignment *self);
/* Many to many (Cai et al. 2024, arXiv 2410.24018), smoothing = the setting of this name:
 *     A[s,t] = N[s,t] / (sum_t' N[s,t'] + smoothing)        omega[s,t] = A[s,t] / sum_s' A[s',t] */
void counting_solve_shares(Alignment *self);

/* Rows of the settings of those who share out counts. */
#define COUNTING_SMOOTHING                                                                                   \
  {                                                                                                          \
    "smoothing", "α, smoothing", SETTING_NUMBER, "1", 0, 1e9, NULL,                                          \
        "Added to the number of answers of each source class, so that rare answers weigh less."              \
  }
