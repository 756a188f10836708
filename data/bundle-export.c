#include "data/bundle-contents.h"
#include "data/bundle-metrics.h"
#include "data/bundle.h"
#include "data/npy.h"
#include "data/store/row.h"
#include "data/store/series.h"

#include <string.h>

typedef struct {
  RunStore *store;
  const char *id;
  BundleOptions options;
} Export;

static bool add_text(ZipFile *zip, const char *name, const char *text, GError **error) {
  return zip_add(zip, name, text, strlen(text), error);
}

static bool add_bytes(ZipFile *zip, const char *name, GBytes *bytes, GError **error) {
  gsize size;
  const void *data = g_bytes_get_data(bytes, &size);
  return zip_add(zip, name, data, size, error);
}

static bool add_tensor(ZipFile *zip, const char *name, const Tensor *tensor, GError **error) {
  g_autoptr(GBytes) bytes = npy_to_bytes(tensor);
  return add_bytes(zip, name, bytes, error);
}

/* Takes the object over. */
static bool add_json(ZipFile *zip, const char *name, JsonObject *object, GError **error) {
  JsonNode *root = json_node_init_object(json_node_alloc(), object);
  g_autofree char *text = json_to_string(root, TRUE);
  json_node_unref(root);
  json_object_unref(object);
  g_autofree char *line = g_strconcat(text, "\n", NULL);
  return add_text(zip, name, line, error);
}

static bool add_result(ZipFile *zip, const Export *export, const RunRow *row, GError **error) {
  g_autoptr(GPtrArray) warnings = run_store_warnings(export->store, export->id, error);
  if (!warnings)
    return false;
  JsonObject *object = columns_to_json(run_columns, ROW_BUNDLE, row);
  JsonArray *sentences = json_array_new();
  for (guint i = 0; i < warnings->len; i++)
    json_array_add_string_element(sentences, g_ptr_array_index(warnings, i));
  json_object_set_array_member(object, "warnings", sentences);
  return add_json(zip, "result.json", object, error);
}

static bool add_versions(ZipFile *zip, const RunRow *row, GError **error) {
  JsonObject *object = json_object_new();
  json_object_set_int_member(object, "bundle", BUNDLE_VERSION);
  json_object_set_string_member(object, "program", row->program_version);
  json_object_set_string_member(object, "blas_core", row->blas_core);
  json_object_set_int_member(object, "threads", row->threads);
  return add_json(zip, "versions.json", object, error);
}

static bool add_metrics(ZipFile *zip, const Export *export, GError **error) {
  g_autoptr(GArray) steps = run_store_steps(export->store, export->id, -1, error);
  g_autoptr(GArray) evaluations = steps ? run_store_evaluations(export->store, export->id, -1, error) : NULL;
  g_autofree char *text = evaluations ? bundle_metrics_text(steps, evaluations) : NULL;
  return text && add_text(zip, "metrics.csv", text, error);
}

static bool add_pattern(ZipFile *zip, const Export *export, const char *name, int step, GError **error) {
  g_autoptr(Tensor) pattern = run_store_pattern(export->store, export->id, step, NULL, error);
  return pattern && add_tensor(zip, name, pattern, error);
}

static bool is_zero(const Tensor *tensor) {
  for (gint64 i = 0; i < tensor_count(tensor); i++)
    if (tensor_floats(tensor)[i] != 0)
      return false;
  return true;
}

/* NAME.npy, and NAME.bias.npy where there is a bias. */
static bool add_omega(ZipFile *zip, const char *name, const Tensor *omega, const Tensor *bias,
                      GError **error) {
  g_autofree char *omega_name = g_strconcat(name, ".npy", NULL),
                  *bias_name = g_strconcat(name, ".bias.npy", NULL);
  return add_tensor(zip, omega_name, omega, error) &&
         (is_zero(bias) || add_tensor(zip, bias_name, bias, error));
}

static bool add_map(ZipFile *zip, const Export *export, const char *name, int step, GError **error) {
  g_autoptr(Tensor) omega = NULL, bias = NULL;
  return run_store_map(export->store, export->id, step, &omega, &bias, NULL, error) &&
         add_omega(zip, name, omega, bias, error);
}

static bool add_parameters(ZipFile *zip, const Export *export, GError **error) {
  g_autoptr(RunState) state = NULL;
  if (!run_store_checkpoint(export->store, export->id, &state, NULL, error))
    return false;
  if (!state)
    return true;
  g_autoptr(Tensor) parameters =
      tensor_from_floats(&SHAPE(state->parameters->len), (float *)(void *)state->parameters->data);
  return add_tensor(zip, "parameters.npy", parameters, error);
}

static bool add_patterns(ZipFile *zip, const Export *export, GError **error) {
  g_autoptr(GArray) steps = run_store_pattern_steps(export->store, export->id, error);
  if (!steps)
    return false;
  guint most = (guint) export->options.most_patterns;
  guint kept = most > 0 && most < steps->len ? most : steps->len;
  for (guint i = 0; i < kept; i++) {
    int step = g_array_index(steps, int, kept > 1 ? i * (steps->len - 1) / (kept - 1) : steps->len - 1);
    g_autofree char *name = g_strdup_printf("patterns/%d.npy", step);
    if (!add_pattern(zip, export, name, step, error))
      return false;
  }
  return steps->len == 0 || add_pattern(zip, export, "pattern.npy", G_MAXINT, error);
}

static bool add_maps(ZipFile *zip, const Export *export, GError **error) {
  g_autoptr(GArray) steps = run_store_map_steps(export->store, export->id, error);
  if (!steps)
    return false;
  for (guint i = 0; i < steps->len; i++) {
    int step = g_array_index(steps, RunMapStep, i).step;
    g_autofree char *name = g_strdup_printf("maps/%d", step);
    if (!add_map(zip, export, name, step, error))
      return false;
  }
  return steps->len == 0 || add_map(zip, export, "map", G_MAXINT, error);
}

static bool add_baselines(ZipFile *zip, const Export *export, GError **error) {
  for (const PromptMode *mode = baseline_modes; *mode != PROMPT_ON; mode++) {
    g_autoptr(Tensor) omega = NULL, bias = NULL;
    if (!run_store_baseline_map(export->store, export->id, *mode, &omega, &bias, error))
      return false;
    g_autofree char *name = g_strconcat("baselines/", baseline_mode_name(*mode), NULL);
    if (omega && !add_omega(zip, name, omega, bias, error))
      return false;
  }
  return true;
}

static bool fill(ZipFile *zip, void *data, GError **error) {
  const Export *export = data;
  g_autoptr(RunRow) row = run_store_get(export->store, export->id, error);
  if (!row || !add_text(zip, "spec.ini", row->spec, error) || !add_result(zip, export, row, error) ||
      !add_versions(zip, row, error) || !add_metrics(zip, export, error) ||
      !add_parameters(zip, export, error) || !add_patterns(zip, export, error) ||
      !add_maps(zip, export, error) || !add_baselines(zip, export, error))
    return false;
  const BundleOptions *options = &export->options;
  for (int i = 0; i < options->n_files; i++)
    if (!add_bytes(zip, options->files[i].name, options->files[i].bytes, error))
      return false;
  return true;
}

bool bundle_export(RunStore *store, const char *id, const char *path, const BundleOptions *options,
                   GError **error) {
  Export export = {store, id, options ? *options : (BundleOptions){0}};
  return zip_write(path, fill, &export, error);
}
