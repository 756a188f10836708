#include "app/commands/runs.h"
#include "app/output.h"
#include "engine/error.h"

static bool purge(RunStore *store, GError **error) {
  int purged;
  if (!run_store_purge(store, 0, &purged, error))
    return false;
  output_line("%d deleted run%s removed for ever", purged, purged == 1 ? "" : "s");
  return true;
}

bool runs_delete(const Command *command, int argc, char **argv, GError **error) {
  g_autofree char *store_path = NULL;
  gboolean undo = FALSE, for_ever = FALSE;
  const GOptionEntry entries[] = {
      RUNS_STORE_OPTION(&store_path),
      {"undo", 0, 0, G_OPTION_ARG_NONE, &undo, "Brings deleted runs back (by their whole UUID)", NULL},
      {"purge", 0, 0, G_OPTION_ARG_NONE, &for_ever, "Afterwards removes all deleted runs for ever", NULL},
      {NULL}};
  if (!command_options(command, entries, &argc, &argv, 0, -1, error))
    return false;
  if (argc < 2 && !for_ever)
    return command_usage_error(command, error, "an argument is missing: which runs");
  if (undo && for_ever)
    return command_usage_error(command, error, "--undo and --purge do not go together");
  g_autoptr(RunStore) store = runs_open(store_path, error);
  if (!store)
    return false;
  for (int i = 1; i < argc; i++) {
    g_autofree char *id = undo ? g_strdup(argv[i]) : run_store_find(store, argv[i], error);
    if (!id || !(undo ? run_store_undelete(store, id, error) : run_store_delete(store, id, error)))
      return false;
    output_line("%s %s", id, undo ? "is back" : "is deleted (runs delete --undo brings it back)");
  }
  return !for_ever || purge(store, error);
}
