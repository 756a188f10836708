/* The curves of a run, as they grow.  Main thread only; widgets are told with their own `changed` call. */
#pragma once

#include "engine/run.h"

typedef struct {
  GArray *steps;                         /* RunStep, every one */
  GArray *evaluations;                   /* RunEvaluation */
  double no_prompt, no_prompt_full_size; /* test accuracies of the baselines; NaN: not measured yet */
  double no_prompt_loss, no_prompt_full_size_loss; /* likewise, mean cross-entropies over the test part */
  int total_steps;
  int counted, to_count; /* samples of the map that is counted, or was last; 0 of 0: not known */
} HfSeries;

HfSeries *hf_series_new(void);
/* (transfer full) */
HfSeries *hf_series_copy(const HfSeries *series);
void hf_series_free(HfSeries *series);
/* Rows that begin with an int step, ascending: drops those after `step`. */
void hf_steps_cut(GArray *rows, int step);
/* Adds `more`; of steps that are in both, which a run that was resumed goes through again, the new rows stay.
 */
void hf_steps_add(GArray *rows, const GArray *more);
