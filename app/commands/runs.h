/* The sub-commands of `hoarfrost runs`, a file each. */
#pragma once

#include "app/command.h"
#include "app/json-line.h"
#include "data/run-store.h"

#define RUNS_COMMAND(name) bool name(const Command *command, int argc, char **argv, GError **error)

RUNS_COMMAND(runs_list);
RUNS_COMMAND(runs_show);
RUNS_COMMAND(runs_export);
RUNS_COMMAND(runs_compare);
RUNS_COMMAND(runs_delete);
RUNS_COMMAND(runs_merge);

/* The option that all of them have. */
#define RUNS_STORE_OPTION(path)                                                                              \
  { "store", 0, 0, G_OPTION_ARG_FILENAME, path, "The run store; the user's own otherwise", "FILE.db" }

/* Opens a store that is there; a file that does not exist is an error, not a new store.  path NULL: the
 * default. (transfer full) */
RunStore *runs_open(const char *path, GError **error);
/* The row of the run that a user's text means.  (transfer full) */
RunRow *runs_get(RunStore *store, const char *text, GError **error);
/* "2026-05-01 14:03" in local time (transfer full) */
char *runs_date(int64_t created);
/* The members of a run that all lists know; its result is left to the caller. */
void runs_write_row(JsonLine *json, const RunRow *row);
