#include "ui/series.h"

#include <math.h>
#include <string.h>

HfSeries *hf_series_new(void) {
  HfSeries *series = g_new0(HfSeries, 1);
  series->steps = g_array_new(FALSE, FALSE, sizeof(RunStep));
  series->evaluations = g_array_new(FALSE, FALSE, sizeof(RunEvaluation));
  series->no_prompt = series->no_prompt_full_size = NAN;
  series->no_prompt_loss = series->no_prompt_full_size_loss = NAN;
  return series;
}

HfSeries *hf_series_copy(const HfSeries *series) {
  HfSeries *copy = g_memdup2(series, sizeof *series);
  copy->steps = g_array_copy(series->steps);
  copy->evaluations = g_array_copy(series->evaluations);
  return copy;
}

void hf_series_free(HfSeries *series) {
  if (!series)
    return;
  g_array_unref(series->steps);
  g_array_unref(series->evaluations);
  g_free(series);
}

G_STATIC_ASSERT(G_STRUCT_OFFSET(RunStep, step) == 0 && G_STRUCT_OFFSET(RunEvaluation, step) == 0);

static const char *row_at(const GArray *rows, guint i) {
  return rows->data + (gsize)i * g_array_get_element_size((GArray *)rows);
}

static int step_of(const char *row) {
  int step;
  memcpy(&step, row, sizeof step);
  return step;
}

void hf_steps_cut(GArray *rows, int step) {
  while (rows->len && step_of(row_at(rows, rows->len - 1)) > step)
    g_array_set_size(rows, rows->len - 1);
}

void hf_steps_add(GArray *rows, const GArray *more) {
  for (guint i = 0; i < more->len; i++) {
    hf_steps_cut(rows, step_of(row_at(more, i)) - 1);
    g_array_append_vals(rows, row_at(more, i), 1);
  }
}
