#include "app/run-exports.h"

#include "app/onnx-export.h"
#include "app/pattern-export.h"
#include "data/bundle-metrics.h"
#include "data/bundle.h"
#include "data/file.h"
#include "data/npy.h"

#include <glib/gi18n.h>
#include <string.h>

static bool need_pattern(RunSource *source, GError **error) {
  if (!source->pattern)
    source->pattern = run_store_pattern(source->store, source->row->id, source->step, &source->found, error);
  return source->pattern != NULL;
}

static bool write_spec(RunSource *source, const char *path, GError **error) {
  return file_replace(path, source->row->spec, strlen(source->row->spec), error);
}

static bool write_pattern(RunSource *source, const char *path, GError **error) {
  return need_pattern(source, error) && npy_write(path, source->pattern, error);
}

static bool write_png(RunSource *source, const char *path, GError **error) {
  if (!need_pattern(source, error))
    return false;
  g_autoptr(GBytes) png =
      pattern_export_png(source->spec, source->pattern, source->found, &source->row->result, error);
  return png && file_replace(path, g_bytes_get_data(png, NULL), g_bytes_get_size(png), error);
}

static bool write_metrics(RunSource *source, const char *path, GError **error) {
  g_autoptr(GArray) steps = run_store_steps(source->store, source->row->id, -1, error);
  g_autoptr(GArray) evaluations =
      steps ? run_store_evaluations(source->store, source->row->id, -1, error) : NULL;
  g_autofree char *text = evaluations ? bundle_metrics_text(steps, evaluations) : NULL;
  return text && file_replace(path, text, strlen(text), error);
}

static bool write_bundle(RunSource *source, const char *path, GError **error) {
  g_autoptr(GDateTime) begun = g_date_time_new_from_unix_utc(source->row->created / 1000);
  g_autofree char *date = begun ? g_date_time_format(begun, "%Y-%m-%dT%H:%M:%S") : NULL;
  BundleOptions options = {.most_patterns = source->most_patterns};
  /* A run that was killed before its first pattern has no figure. */
  if (!need_pattern(source, NULL))
    return bundle_export(source->store, source->row->id, path, &options, error);
  g_autoptr(GBytes) pdf =
      pattern_export_pdf(source->spec, source->pattern, source->found, &source->row->result, date, error);
  BundleFile figure = {"figure.pdf", pdf};
  options.files = &figure;
  options.n_files = 1;
  return pdf && bundle_export(source->store, source->row->id, path, &options, error);
}

static bool write_onnx(RunSource *source, const char *path, GError **error) {
  return onnx_export(source->store, source->row, path, error);
}

const RunForm run_forms[N_RUN_FORMS] = {
    {"spec", "FILE.ini", N_("Spec"), "The spec, which repeats the run", write_spec},
    {"pattern", "FILE.npy", N_("Pattern as numbers"), "The pattern, float32 (channels, height, width)",
     write_pattern},
    {"png", "FILE.png", N_("Pattern as a picture"), "The pattern as a picture", write_png},
    {"metrics", "FILE.csv", N_("Curves as a table"), "The numbers of every step, a row a step",
     write_metrics},
    {"bundle", "FILE.hoarfrost", N_("Bundle"), "All of it, for another Hoarfrost", write_bundle},
    {"onnx", "FILE.onnx", N_("ONNX model"), "Pattern, model and alignment as one model", write_onnx},
};

const char *run_form_suffix(const RunForm *form) {
  return strchr(form->file, '.');
}

const RunForm *run_form_of(const char *file_name) {
  g_autofree char *lower = g_ascii_strdown(file_name, -1);
  for (int i = 0; i < N_RUN_FORMS; i++)
    if (g_str_has_suffix(lower, run_form_suffix(&run_forms[i])))
      return &run_forms[i];
  return NULL;
}

bool run_source_init(RunSource *source, RunStore *store, const RunRow *row, int step, GError **error) {
  *source = (RunSource){.store = store, .row = row, .step = step};
  source->spec = run_spec_parse(row->spec, row->id, false, error);
  return source->spec != NULL;
}

void run_source_clear(RunSource *source) {
  tensor_unref(source->pattern);
  run_spec_free(source->spec);
}
