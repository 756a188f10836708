#include "app/stored-series.h"

HfSeries *stored_series(RunStore *store, const RunRow *row, GError **error) {
  GArray *steps = run_store_steps(store, row->id, -1, error);
  GArray *evaluations = steps ? run_store_evaluations(store, row->id, -1, error) : NULL;
  if (!evaluations) {
    g_clear_pointer(&steps, g_array_unref);
    return NULL;
  }
  HfSeries *series = g_new0(HfSeries, 1);
  *series = (HfSeries){.steps = steps,
                       .evaluations = evaluations,
                       .no_prompt = row->result.no_prompt_test_accuracy,
                       .no_prompt_full_size = row->result.no_prompt_full_size_test_accuracy,
                       .no_prompt_loss = row->result.no_prompt_test_loss,
                       .no_prompt_full_size_loss = row->result.no_prompt_full_size_test_loss,
                       .total_steps = row->total_steps};
  return series;
}
