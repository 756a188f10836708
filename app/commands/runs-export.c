#include "app/commands/runs.h"
#include "app/run-exports.h"
#include "engine/error.h"

typedef struct {
  char *store_path, *paths[N_RUN_FORMS];
  int step, most_patterns;
} Wishes;

static void wishes_clear(Wishes *wishes) {
  g_free(wishes->store_path);
  for (int i = 0; i < N_RUN_FORMS; i++)
    g_free(wishes->paths[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Wishes, wishes_clear)

static bool export(const Wishes *wishes, const char *run, GError **error) {
  g_autoptr(RunStore) store = runs_open(wishes->store_path, error);
  g_autoptr(RunRow) row = store ? runs_get(store, run, error) : NULL;
  g_auto(RunSource) source = {0};
  if (!row || !run_source_init(&source, store, row, wishes->step, error))
    return false;
  source.most_patterns = wishes->most_patterns;
  for (int i = 0; i < N_RUN_FORMS; i++)
    if (wishes->paths[i] && !run_forms[i].write(&source, wishes->paths[i], error))
      return false;
  return true;
}

static bool check(const Command *command, const Wishes *wishes, GError **error) {
  int asked = 0;
  for (int i = 0; i < N_RUN_FORMS; i++)
    asked += wishes->paths[i] != NULL;
  if (!asked)
    return command_usage_error(
        command, error, "nothing is asked for: give --spec, --pattern, --png, --metrics, --bundle or --onnx");
  if (wishes->most_patterns < 0 || wishes->most_patterns == 1)
    return command_usage_error(command, error,
                               "--most-patterns %d leaves out the first or the last; give 2 or more",
                               wishes->most_patterns);
  return true;
}

bool runs_export(const Command *command, int argc, char **argv, GError **error) {
  g_auto(Wishes) wishes = {.step = G_MAXINT};
  GOptionEntry entries[N_RUN_FORMS + 4] = {
      RUNS_STORE_OPTION(&wishes.store_path),
      {"step", 0, 0, G_OPTION_ARG_INT, &wishes.step,
       "The stored pattern at or before this step; the last otherwise", "N"},
  };
  for (int i = 0; i < N_RUN_FORMS; i++)
    entries[i + 2] =
        (GOptionEntry){run_forms[i].name, 0, 0, G_OPTION_ARG_FILENAME, &wishes.paths[i], run_forms[i].help,
                       run_forms[i].file};
  entries[N_RUN_FORMS + 2] =
      (GOptionEntry){"most-patterns",
                     0,
                     0,
                     G_OPTION_ARG_INT,
                     &wishes.most_patterns,
                     "So many of the stored patterns in a bundle, the first and the last among them; all "
                     "otherwise",
                     "N"};
  return command_options(command, entries, &argc, &argv, 1, 1, error) && check(command, &wishes, error) &&
         export(&wishes, argv[1], error);
}
