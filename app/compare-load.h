/* Reads what two stored runs side by side need: in a thread, on a connection of its own. */
#pragma once

#include "app/compare-words.h"

typedef struct {
  RunRow *rows[N_SIDES]; /* NULL: this side was not asked for */
  HfComparedRun *runs[N_SIDES];
  HfComparedMoment *moments[N_SIDES];
  CompareWords *words; /* NULL unless there are two runs */
} CompareLoad;

/* texts: what run_store_find() understands; NULL leaves a side empty.  The moments are those at a share of
 * the training.  (transfer full) */
CompareLoad *compare_load(const char *store_path, const char *const texts[N_SIDES], double share,
                          GError **error);
void compare_load_free(CompareLoad *load);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CompareLoad, compare_load_free)

/* The stored moment of a run at or before a step.  A run without a pattern that is a picture has a moment
 * without one.  (transfer full) */
HfComparedMoment *compare_load_moment(RunStore *store, const char *id, int step, GError **error);
