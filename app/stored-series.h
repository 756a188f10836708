/* The curves of a run as the store has them. */
#pragma once

#include "data/run-store.h"
#include "ui/series.h"

/* All steps, evaluations and baselines of the run of `row`.  Any thread that owns the store's connection.
 * (transfer full) */
HfSeries *stored_series(RunStore *store, const RunRow *row, GError **error);
