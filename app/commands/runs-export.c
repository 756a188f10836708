#include "app/commands/runs.h"
#include "app/pattern-export.h"
#include "data/file.h"
#include "data/npy.h"
#include "engine/error.h"

#include <string.h>

typedef struct {
  char *spec, *pattern, *png, *bundle, *onnx; /* paths; NULL: not asked for */
  int step;                                   /* of pattern and picture; -1: the last */
} Wanted;

static bool export_pattern(RunStore *store, const RunRow *row, const Wanted *wanted, GError **error) {
  int found;
  g_autoptr(Tensor) pattern =
      run_store_pattern(store, row->id, wanted->step < 0 ? G_MAXINT : wanted->step, &found, error);
  if (!pattern)
    return false;
  if (wanted->pattern && !npy_write(wanted->pattern, pattern, error))
    return false;
  if (!wanted->png)
    return true;
  g_autoptr(RunSpec) spec = run_spec_parse(row->spec, row->id, false, error);
  g_autoptr(GBytes) png = spec ? pattern_export_png(spec, pattern, found, &row->result, error) : NULL;
  return png && file_replace(wanted->png, g_bytes_get_data(png, NULL), g_bytes_get_size(png), error);
}

static bool export(RunStore *store, const RunRow *row, const Wanted *wanted, GError **error) {
  if (wanted->spec && !file_replace(wanted->spec, row->spec, strlen(row->spec), error))
    return false;
  return (!wanted->pattern && !wanted->png) || export_pattern(store, row, wanted, error);
}

bool runs_export(const Command *command, int argc, char **argv, GError **error) {
  g_autofree char *store_path = NULL, *spec = NULL, *pattern = NULL, *png = NULL, *bundle = NULL,
                  *onnx = NULL;
  int step = -1;
  const GOptionEntry entries[] = {
      RUNS_STORE_OPTION(&store_path),
      {"spec", 0, 0, G_OPTION_ARG_FILENAME, &spec, "The spec, which repeats the run", "FILE.ini"},
      {"pattern", 0, 0, G_OPTION_ARG_FILENAME, &pattern, "The pattern, float32 (channels, height, width)",
       "FILE.npy"},
      {"png", 0, 0, G_OPTION_ARG_FILENAME, &png, "The pattern as a picture", "FILE.png"},
      {"bundle", 0, 0, G_OPTION_ARG_FILENAME, &bundle, "All of it, for another Hoarfrost", "FILE.hoarfrost"},
      {"onnx", 0, 0, G_OPTION_ARG_FILENAME, &onnx, "Pattern, model and alignment as one model", "FILE.onnx"},
      {"step", 0, 0, G_OPTION_ARG_INT, &step, "The stored pattern at or before this step; the last otherwise",
       "N"},
      {NULL}};
  if (!command_options(command, entries, &argc, &argv, 1, 1, error))
    return false;
  if (!spec && !pattern && !png && !bundle && !onnx)
    return command_usage_error(command, error,
                               "nothing is asked for: give --spec, --pattern, --png or --bundle");
  if (onnx)
    return input_error(error, "this version cannot export a run as an ONNX file; use --pattern or --bundle");
  Wanted wanted = {spec, pattern, png, bundle, onnx, step};
  g_autoptr(RunStore) store = runs_open(store_path, error);
  g_autoptr(RunRow) row = store ? runs_get(store, argv[1], error) : NULL;
  return row && export(store, row, &wanted, error);
}
