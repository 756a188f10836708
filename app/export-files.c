#include "app/export-files.h"

#include "app/run-exports.h"
#include "data/file.h"
#include "data/npy.h"
#include "engine/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define DRAWING                                                                                              \
  { ".png", ".svg", ".pdf" }

const ExportKind export_kinds[N_EXPORT_KINDS] = {
    {"pictures", N_("Save the Pictures as a Figure"), DRAWING, NEEDS_MOMENT},
    {"sample", N_("Save the Sample"), DRAWING, NEEDS_MOMENT},
    {"pattern", N_("Save the Pattern"), {".png", ".npy", ".svg", ".pdf"}, NEEDS_MOMENT},
    {"received", N_("Save What f Sees"), DRAWING, NEEDS_MOMENT},
    {"difference", N_("Save the Difference"), DRAWING, NEEDS_MOMENT},
    {"confidence", N_("Save the Confidence"), DRAWING, NEEDS_MOMENT},
    {"label-map", N_("Save the Label Map"), DRAWING, NEEDS_MOMENT},
    {"curves", N_("Save the Curves"), {".png", ".svg", ".pdf", ".csv"}, NEEDS_RUN},
    {"bundle", N_("Save the Run as a Bundle"), {".hoarfrost"}, NEEDS_RUN},
    {"onnx", N_("Save the Reprogrammed Model"), {".onnx"}, NEEDS_RUN},
    {"spec", N_("Save the Spec"), {".ini"}, NEEDS_MOMENT},
    {"metrics", N_("Save the Curves as a Table"), {".csv"}, NEEDS_RUN},
};

const ExportKind *export_kind_find(const char *what) {
  for (int i = 0; i < N_EXPORT_KINDS; i++)
    if (g_str_equal(export_kinds[i].what, what))
      return &export_kinds[i];
  return NULL;
}

/* A path's last part, in letters, digits and dashes. */
static void append_word(GString *name, const char *text) {
  g_autofree char *word = g_path_get_basename(text);
  char *dot = strrchr(word, '.');
  if (dot && dot != word)
    *dot = 0;
  g_strcanon(word, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-", '-');
  g_string_append_printf(name, "%s%s", name->len ? "-" : "", word);
}

/* "border-ilm-fashion-mnist-seed-1" (transfer full) */
static GString *base_name(const RunSpec *spec) {
  const ManipulationSpec *first = g_ptr_array_index(spec->manipulations, 0);
  GString *name = g_string_new(NULL);
  append_word(name, first->kind ? first->kind->name : "run");
  append_word(name, spec->alignment->name);
  append_word(name, spec->dataset);
  g_string_append_printf(name, "-seed-%" G_GUINT64_FORMAT, spec->seed);
  return name;
}

char *export_file_name(const ExportKind *kind, const RunSpec *spec, int step) {
  GString *name = base_name(spec);
  bool whole_run =
      run_form_of(kind->suffixes[0]) != NULL && export_form_of(kind->suffixes[0]) == N_EXPORT_FORMS;
  if (!whole_run)
    g_string_append_printf(name, "-step-%d-%s", step, kind->what);
  g_string_append(name, kind->suffixes[0]);
  return g_string_free(name, FALSE);
}

char *export_run_name(const RunSpec *spec, const char *suffix) {
  return g_string_free(g_string_append(base_name(spec), suffix), FALSE);
}

/* False, with a sentence that lists them, where the kind has no form of this suffix. */
static bool check_suffix(const ExportKind *kind, const char *path, GError **error) {
  g_autofree char *lower = g_ascii_strdown(path, -1), *known = g_strjoinv(", ", (char **)kind->suffixes);
  for (const char *const *suffix = kind->suffixes; *suffix; suffix++)
    if (g_str_has_suffix(lower, *suffix))
      return true;
  g_autofree char *name = g_filename_display_basename(path);
  return input_error(error, "%s ends with no suffix that is known for this; end it with one of %s", name,
                     known);
}

static bool write_bytes(GBytes *bytes, const char *path, GError **error) {
  return file_replace(path, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error);
}

bool export_write_run(const char *store_path, const char *run_id, const char *path, GError **error) {
  const RunForm *form = run_form_of(path);
  if (!form)
    return input_error(error, "a run is saved as .hoarfrost, .ini, .npy, .png, .csv or .onnx; end the file's "
                              "name with one of them");
  g_autoptr(RunStore) store = run_store_open(store_path, error);
  g_autoptr(RunRow) row = store ? run_store_get(store, run_id, error) : NULL;
  g_auto(RunSource) source = {0};
  return row && run_source_init(&source, store, row, G_MAXINT, error) && form->write(&source, path, error);
}

bool export_write(const ExportKind *kind, ShownMoment *moment, const char *store_path, const char *path,
                  GError **error) {
  if (!check_suffix(kind, path, error))
    return false;
  ExportForm form = export_form_of(path);
  if (form != N_EXPORT_FORMS) {
    g_autoptr(GBytes) file = shown_moment_draw(moment, kind->what, form, error);
    return file && write_bytes(file, path, error);
  }
  if (g_str_equal(kind->what, "pattern")) {
    g_autoptr(Tensor) pattern = shown_moment_pattern(moment, error);
    return pattern && npy_write(path, pattern, error);
  }
  if (shown_moment_run(moment))
    return export_write_run(store_path, shown_moment_run(moment), path, error);
  g_autofree char *spec = shown_moment_spec(moment, error);
  return spec && file_replace(path, spec, strlen(spec), error);
}
