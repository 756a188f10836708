/* A run's one checkpoint: RunState as named columns. */
#pragma once

#include "data/run-store.h"
#include "data/store/database.h"

/* Replaces the run's checkpoint. */
bool checkpoint_write(Database *db, gint64 run, const RunState *state, bool complete, GError **error);
/* *state is NULL when there is none.  complete may be NULL.  (transfer full) */
bool checkpoint_read(Database *db, gint64 run, RunState **state, bool *complete, GError **error);
