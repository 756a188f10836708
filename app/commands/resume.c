#include "app/commands/commands.h"
#include "app/train.h"

bool command_resume(const Command *command, int argc, char **argv, GError **error) {
  g_autofree char *store_path = NULL, *png = NULL;
  TrainOptions options = {0};
  const GOptionEntry entries[] = {
      {"store", 0, 0, G_OPTION_ARG_FILENAME, &store_path, "The run store; the user's own otherwise",
       "FILE.db"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "An event a line", NULL},
      {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &options.seconds, "Stops cleanly after so long", "S"},
      {"png", 0, 0, G_OPTION_ARG_FILENAME, &png, "Where the pattern goes as a picture at the end",
       "FILE.png"},
      {NULL}};
  if (!command_options(command, entries, &argc, &argv, 1, 1, error))
    return false;
  if (options.seconds < 0)
    return command_usage_error(command, error, "--seconds must not be negative");
  g_autoptr(RunStore) store = run_store_open(store_path, error);
  g_autofree char *id = store ? run_store_find(store, argv[1], error) : NULL;
  g_autoptr(RunRow) row = id ? run_store_get(store, id, error) : NULL;
  g_autoptr(RunSpec) spec = row ? run_spec_parse(row->spec, id, false, error) : NULL;
  g_autoptr(Session) session = spec ? session_open(spec, store, error) : NULL;
  options.resume = id;
  options.png = png;
  return session && session_same_inputs(session, row, error) && train(session, store, &options, error);
}
