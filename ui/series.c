#include "ui/series.h"

#include <math.h>

HfSeries *hf_series_new(void) {
  HfSeries *series = g_new0(HfSeries, 1);
  series->steps = g_array_new(FALSE, FALSE, sizeof(RunStep));
  series->evaluations = g_array_new(FALSE, FALSE, sizeof(RunEvaluation));
  series->no_prompt = series->no_prompt_full_size = NAN;
  series->no_prompt_loss = series->no_prompt_full_size_loss = NAN;
  return series;
}

void hf_series_free(HfSeries *series) {
  if (!series)
    return;
  g_array_unref(series->steps);
  g_array_unref(series->evaluations);
  g_free(series);
}
