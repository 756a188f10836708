#include "app/compare-load.h"

#include "app/pattern-export.h"
#include "app/stored-series.h"
#include "engine/sample-set.h"

#include <math.h>

#define MOST_EDGE 16384 /* of a picture that can be drawn; what a store holds may have any shape */

static HfComparedRun *read_run(RunStore *store, const RunRow *row, GError **error) {
  HfSeries *series = stored_series(store, row, error);
  if (series)
    series->total_steps = MAX(series->total_steps, 1);
  GArray *stored = series ? run_store_pattern_steps(store, row->id, error) : NULL;
  if (!stored) {
    hf_series_free(series);
    return NULL;
  }
  g_autoptr(GStringChunk) texts = g_string_chunk_new(256);
  HfComparedRun *run = g_new0(HfComparedRun, 1);
  *run = (HfComparedRun){.id = g_strdup(row->id),
                         .name = g_strdup(compare_choice(row, texts).name),
                         .series = series,
                         .stored = stored,
                         .total_steps = MAX(row->total_steps, 1)};
  return run;
}

/* A pattern as it is shown: red first, planes of one picture; NULL where it is none.  (transfer full) */
static Tensor *as_picture(const Tensor *pattern, const char *channel_order) {
  const int64_t *dim = pattern->shape.dim;
  bool picture = pattern->shape.rank == 3 && dim[0] > 0;
  for (int i = 1; i < 3; i++)
    picture = picture && dim[i] > 0 && dim[i] <= MOST_EDGE;
  if (!picture)
    return NULL;
  Tensor *copy = tensor_from_floats(&pattern->shape, tensor_floats(pattern));
  if (copy && dim[0] == 3 && g_strcmp0(channel_order, "BGR") == 0)
    planes_swap_red_blue(tensor_floats(copy), (size_t)(dim[1] * dim[2]));
  return copy;
}

static HfComparedMoment *read_moment(RunStore *store, const RunRow *row, int step, GError **error) {
  HfComparedMoment *moment = hf_compared_moment_new();
  g_autoptr(Tensor) pattern = NULL;
  moment->step = MAX(step, 0);
  moment->neutral = isfinite(row->neutral) ? (float)row->neutral : 0;
  if (step < 0)
    return moment;
  if (!(pattern = run_store_pattern(store, row->id, step, &moment->step, error))) {
    hf_compared_moment_free(moment);
    return NULL;
  }
  /* A spec of another version may not be readable any more: then the whole pattern is shown. */
  g_autoptr(RunSpec) spec = run_spec_parse(row->spec, row->id, false, NULL);
  if (!spec || pattern_is_picture(spec))
    moment->pattern = as_picture(pattern, row->channel_order);
  moment->mask = spec && moment->pattern ? pattern_export_mask(spec, moment->pattern) : NULL;
  if (moment->mask && !shape_equal(&moment->mask->shape, &moment->pattern->shape))
    g_clear_pointer(&moment->mask, tensor_unref);
  return moment;
}

HfComparedMoment *compare_load_moment(RunStore *store, const char *id, int step, GError **error) {
  g_autoptr(RunRow) row = run_store_get(store, id, error);
  return row ? read_moment(store, row, step, error) : NULL;
}

static bool read_side(CompareLoad *load, int side, RunStore *store, const char *text, double share,
                      GError **error) {
  g_autofree char *id = run_store_find(store, text, error);
  if (!id || !(load->rows[side] = run_store_get(store, id, error)) ||
      !(load->runs[side] = read_run(store, load->rows[side], error)))
    return false;
  int step = hf_compared_run_step_at(load->runs[side], share);
  load->moments[side] = read_moment(store, load->rows[side], step, error);
  return load->moments[side] != NULL;
}

CompareLoad *compare_load(const char *store_path, const char *const texts[N_SIDES], double share,
                          GError **error) {
  g_autoptr(RunStore) store = run_store_open(store_path, error);
  g_autoptr(CompareLoad) load = g_new0(CompareLoad, 1);
  if (!store)
    return NULL;
  for (int side = 0; side < N_SIDES; side++)
    if (texts[side] && !read_side(load, side, store, texts[side], share, error))
      return NULL;
  if (load->rows[SIDE_A] && load->rows[SIDE_B] &&
      !(load->words = compare_words_new(load->rows[SIDE_A], load->rows[SIDE_B], error)))
    return NULL;
  return g_steal_pointer(&load);
}

void compare_load_free(CompareLoad *load) {
  if (!load)
    return;
  for (int side = 0; side < N_SIDES; side++) {
    run_row_free(load->rows[side]);
    hf_compared_run_free(load->runs[side]);
    hf_compared_moment_free(load->moments[side]);
  }
  compare_words_free(load->words);
  g_free(load);
}
