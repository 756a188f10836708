#include "ui/compared-run.h"

#include <glib/gi18n.h>

HfComparedRun *hf_compared_run_new(void) {
  HfComparedRun *run = g_new0(HfComparedRun, 1);
  run->series = hf_series_new();
  run->stored = g_array_new(FALSE, FALSE, sizeof(int));
  run->total_steps = 1;
  return run;
}

void hf_compared_run_free(HfComparedRun *run) {
  if (!run)
    return;
  g_free(run->id);
  g_free(run->name);
  hf_series_free(run->series);
  g_array_unref(run->stored);
  g_free(run);
}

int hf_compared_run_step_at(const HfComparedRun *run, double share) {
  int found = -1;
  for (guint i = 0; i < run->stored->len; i++) {
    int step = g_array_index(run->stored, int, i);
    /* Shares come from steps by a division. */
    if (found < 0 || step <= share * run->total_steps + 1e-6)
      found = step;
  }
  return found;
}

HfComparedMoment *hf_compared_moment_new(void) {
  return g_new0(HfComparedMoment, 1);
}

void hf_compared_moment_free(HfComparedMoment *moment) {
  if (!moment)
    return;
  tensor_unref(moment->pattern);
  tensor_unref(moment->mask);
  g_free(moment);
}

static float distance(const HfComparedMoment *moment, int64_t i) {
  if (moment->mask && tensor_floats(moment->mask)[i] == 0)
    return 0;
  return tensor_floats(moment->pattern)[i] - moment->neutral;
}

static bool agree(const HfComparedMoment *a, const HfComparedMoment *b) {
  return a && b && a->pattern && b->pattern && shape_equal(&a->pattern->shape, &b->pattern->shape);
}

Tensor *compared_difference(const HfComparedMoment *a, const HfComparedMoment *b) {
  Tensor *difference = agree(a, b) ? tensor_new(TENSOR_FLOAT32, &a->pattern->shape, NULL) : NULL;
  for (int64_t i = 0; difference && i < tensor_count(difference); i++)
    tensor_floats(difference)[i] = distance(b, i) - distance(a, i);
  return difference;
}

Tensor *compared_mask(const HfComparedMoment *a, const HfComparedMoment *b) {
  if (!agree(a, b) || !a->mask || !b->mask)
    return NULL;
  Tensor *mask = tensor_new(TENSOR_FLOAT32, &a->mask->shape, NULL);
  for (int64_t i = 0; mask && i < tensor_count(mask); i++)
    tensor_floats(mask)[i] = tensor_floats(a->mask)[i] != 0 || tensor_floats(b->mask)[i] != 0;
  return mask;
}

double compared_factor(const PatternNumbers *a, const PatternNumbers *b) {
  const PatternNumbers *both[N_SIDES] = {a, b};
  double factor = 0;
  for (int side = 0; side < N_SIDES; side++) {
    PatternRange range = both[side] ? pattern_range(both[side]) : (PatternRange){0};
    if (range.most > 0)
      factor = factor > 0 ? MIN(factor, range.factor) : range.factor;
  }
  return factor > 0 ? factor : 1;
}

const char *compare_value_text(const char *value) {
  return !value ? "–" : *value ? value : _("none");
}
