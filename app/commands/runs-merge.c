#include "app/commands/runs.h"
#include "app/output.h"
#include "engine/error.h"

bool runs_merge(const Command *command, int argc, char **argv, GError **error) {
  g_autofree char *store_path = NULL;
  const GOptionEntry entries[] = {RUNS_STORE_OPTION(&store_path), {NULL}};
  if (!command_options(command, entries, &argc, &argv, 1, 1, error))
    return false;
  /* The store that takes the runs may be a new one. */
  g_autoptr(RunStore) store = run_store_open(store_path, error);
  MergeCount count = {0};
  if (!store || !run_store_merge(store, argv[1], &count, error))
    return false;
  output_line("%d run%s added, %d left out (already here, deleted or still running)", count.added,
              count.added == 1 ? "" : "s", count.skipped);
  return true;
}
