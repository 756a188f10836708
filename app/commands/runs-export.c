#include "app/commands/runs.h"
#include "app/onnx-export.h"
#include "app/pattern-export.h"
#include "data/bundle.h"
#include "data/file.h"
#include "data/npy.h"

#include <string.h>

/* What an export works on.  The pattern is read once, for those that want it. */
typedef struct {
  RunStore *store;
  const RunRow *row;
  int step; /* of the pattern: the last stored one at or before it */
  Tensor *pattern;
  int found; /* the step of `pattern` */
  RunSpec *spec;
} Source;

static void source_clear(Source *source) {
  tensor_unref(source->pattern);
  run_spec_free(source->spec);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Source, source_clear)

static bool need_pattern(Source *source, GError **error) {
  if (!source->pattern)
    source->pattern = run_store_pattern(source->store, source->row->id, source->step, &source->found, error);
  return source->pattern != NULL;
}

static bool write_spec(Source *source, const char *path, GError **error) {
  return file_replace(path, source->row->spec, strlen(source->row->spec), error);
}

static bool write_pattern(Source *source, const char *path, GError **error) {
  return need_pattern(source, error) && npy_write(path, source->pattern, error);
}

static bool write_png(Source *source, const char *path, GError **error) {
  if (!need_pattern(source, error))
    return false;
  g_autoptr(GBytes) png =
      pattern_export_png(source->spec, source->pattern, source->found, &source->row->result, error);
  return png && file_replace(path, g_bytes_get_data(png, NULL), g_bytes_get_size(png), error);
}

static bool write_bundle(Source *source, const char *path, GError **error) {
  g_autoptr(GDateTime) begun = g_date_time_new_from_unix_utc(source->row->created / 1000);
  g_autofree char *date = g_date_time_format(begun, "%Y-%m-%dT%H:%M:%S");
  /* A run that was killed before its first pattern has no figure. */
  if (!need_pattern(source, NULL))
    return bundle_export(source->store, source->row->id, path, NULL, 0, error);
  g_autoptr(GBytes) pdf =
      pattern_export_pdf(source->spec, source->pattern, source->found, &source->row->result, date, error);
  BundleFile figure = {"figure.pdf", pdf};
  return pdf && bundle_export(source->store, source->row->id, path, &figure, 1, error);
}

static bool write_onnx(Source *source, const char *path, GError **error) {
  return onnx_export(source->store, source->row, path, error);
}

/* What a run can become, in the order in which it is written. */
static const struct {
  const char *option, *file, *help;
  bool (*write)(Source *source, const char *path, GError **error);
} forms[] = {
    {"spec", "FILE.ini", "The spec, which repeats the run", write_spec},
    {"pattern", "FILE.npy", "The pattern, float32 (channels, height, width)", write_pattern},
    {"png", "FILE.png", "The pattern as a picture", write_png},
    {"bundle", "FILE.hoarfrost", "All of it, for another Hoarfrost", write_bundle},
    {"onnx", "FILE.onnx", "Pattern, model and alignment as one model", write_onnx},
};

static bool export(const char *store_path, const char *run, int step, char **paths, GError **error) {
  g_autoptr(RunStore) store = runs_open(store_path, error);
  g_autoptr(RunRow) row = store ? runs_get(store, run, error) : NULL;
  g_auto(Source) source = {.store = store, .row = row, .step = step};
  if (!row || !(source.spec = run_spec_parse(row->spec, row->id, false, error)))
    return false;
  for (guint i = 0; i < G_N_ELEMENTS(forms); i++)
    if (paths[i] && !forms[i].write(&source, paths[i], error))
      return false;
  return true;
}

bool runs_export(const Command *command, int argc, char **argv, GError **error) {
  g_autofree char *store_path = NULL;
  char *paths[G_N_ELEMENTS(forms)] = {NULL};
  int step = G_MAXINT, asked = 0;
  GOptionEntry entries[G_N_ELEMENTS(forms) + 3] = {
      RUNS_STORE_OPTION(&store_path),
      {"step", 0, 0, G_OPTION_ARG_INT, &step, "The stored pattern at or before this step; the last otherwise",
       "N"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(forms); i++)
    entries[i + 2] =
        (GOptionEntry){forms[i].option, 0, 0, G_OPTION_ARG_FILENAME, &paths[i], forms[i].help, forms[i].file};
  bool done = command_options(command, entries, &argc, &argv, 1, 1, error);
  for (guint i = 0; i < G_N_ELEMENTS(forms); i++)
    asked += paths[i] != NULL;
  if (done && !asked)
    done = command_usage_error(command, error,
                               "nothing is asked for: give --spec, --pattern, --png, --bundle or --onnx");
  if (done)
    done = export(store_path, argv[1], step, paths, error);
  for (guint i = 0; i < G_N_ELEMENTS(forms); i++)
    g_free(paths[i]);
  return done;
}
