/* The recorded run that comes along (data/runs/README.md), as a run of the user's own store. */
#pragma once

#include "data/run-store.h"

/* Whether the files that showing it needs are there: its bundle, and the task's pictures. */
bool recorded_example_is_possible(void);
/* Puts it into the store, or takes it back out of what is deleted.  The run's id.  Any thread.  (transfer
 * full)
 */
char *recorded_example_open(RunStore *store, GError **error);
