/* How many runs of the store stand in each cell of the taxonomy. */
#pragma once

#include "data/run-store.h"
#include <gio/gio.h>

/* Counts in a thread, on a connection of its own, and calls `told` in the main loop with N_CELLS numbers; not
 * at all once `cancellable` is cancelled or the store cannot be read. */
void run_counts_ask(const RunStore *store, GCancellable *cancellable,
                    void (*told)(const int *counts, gpointer data), gpointer data);
