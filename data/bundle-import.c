#include "data/bundle-contents.h"
#include "data/bundle.h"
#include "data/store/checkpoint.h"
#include "data/store/preview.h"
#include "data/store/row.h"
#include "data/store/series.h"
#include "data/store/store.h"
#include "engine/error.h"

#include <string.h>

#define LAST_DATE (G_GINT64_CONSTANT(253402300799) * 1000) /* the end of year 9999, milliseconds */

typedef struct {
  BundleContents contents;
  Database *db;
  gint64 number;      /* of the run in the store */
  Shape pattern, map; /* of all of them; rank 0: none has come yet */
} Import;

/* The patterns of a run have one shape, and so have its maps. */
static bool same_shape(const Import *import, const char *name, const Tensor *tensor, Shape *all,
                       GError **error) {
  if (all->rank == 0)
    *all = tensor->shape;
  return (all->rank > 0 && shape_equal(&tensor->shape, all)) ||
         input_error(error, "%s in %s has another shape than its like; export the run again", name,
                     import->contents.path);
}

static bool is_map(Import *import, const char *name, const Tensor *omega, GError **error) {
  if (!same_shape(import, name, omega, &import->map, error))
    return false;
  const int64_t *dim = omega->shape.dim;
  return (dim[0] > 0 && dim[1] > 0) ||
         input_error(error, "%s in %s has no classes; export the run again", name, import->contents.path);
}

/* The step of "FOLDER/STEP.npy"; -1 for another name. */
static int step_of(const char *name, const char *folder) {
  g_autofree char *digits =
      g_str_has_prefix(name, folder) && g_str_has_suffix(name, ".npy")
          ? g_strndup(name + strlen(folder), strlen(name) - strlen(folder) - strlen(".npy"))
          : g_strdup("");
  guint64 step;
  return g_ascii_string_to_unsigned(digits, 10, 0, G_MAXINT - 1, &step, NULL) ? (int)step : -1;
}

static bool wants_array(const char *name) {
  return step_of(name, "patterns/") >= 0 || step_of(name, "maps/") >= 0;
}

static bool wants_bias(const char *name) {
  return g_str_has_prefix(name, "maps/") && g_str_has_suffix(name, ".bias.npy");
}

static bool insert_map(Import *import, int step, const Tensor *omega, GError **error) {
  g_autoptr(Tensor) zeros = tensor_new(TENSOR_FLOAT32, &SHAPE(omega->shape.dim[1]), error);
  return zeros && map_insert(import->db, import->number, step, omega, zeros, 0, error);
}

static bool array_entry(const char *name, const void *bytes, gsize size, void *data, GError **error) {
  Import *import = data;
  int step = step_of(name, "patterns/");
  g_autoptr(Tensor) tensor = bundle_floats(&import->contents, name, bytes, size, step >= 0 ? -1 : 2, error);
  if (!tensor)
    return false;
  if (step < 0)
    return is_map(import, name, tensor, error) && insert_map(import, step_of(name, "maps/"), tensor, error);
  if (!same_shape(import, name, tensor, &import->pattern, error))
    return false;
  g_autoptr(GBytes) preview = preview_new(tensor, import->contents.row->neutral,
                                          g_strcmp0(import->contents.row->channel_order, "BGR") == 0);
  return pattern_insert(import->db, import->number, step, tensor, preview, error);
}

static bool bias_entry(const char *name, const void *bytes, gsize size, void *data, GError **error) {
  Import *import = data;
  g_autofree char *omega_name = g_strndup(name, strlen(name) - strlen(".bias.npy"));
  g_autofree char *whole = g_strconcat(omega_name, ".npy", NULL);
  g_autoptr(Tensor) bias = bundle_floats(&import->contents, name, bytes, size, 1, error);
  return bias && map_set_bias(import->db, import->number, step_of(whole, "maps/"), bias, error);
}

/* "baselines/MODE.npy" or, with a bias, "baselines/MODE.bias.npy"; PROMPT_ON for another name. */
static PromptMode baseline_of(const char *name, const char *suffix) {
  const PromptMode *mode = baseline_modes;
  for (; *mode != PROMPT_ON; mode++) {
    g_autofree char *wanted = g_strconcat("baselines/", baseline_mode_name(*mode), suffix, NULL);
    if (g_str_equal(name, wanted))
      break;
  }
  return *mode;
}

static bool wants_baseline(const char *name) {
  return baseline_of(name, ".npy") != PROMPT_ON;
}

static bool wants_baseline_bias(const char *name) {
  return baseline_of(name, ".bias.npy") != PROMPT_ON;
}

static bool baseline_entry(const char *name, const void *bytes, gsize size, void *data, GError **error) {
  Import *import = data;
  g_autoptr(Tensor) omega = bundle_floats(&import->contents, name, bytes, size, 2, error);
  bool good = omega && is_map(import, name, omega, error);
  g_autoptr(Tensor) zeros = good ? tensor_new(TENSOR_FLOAT32, &SHAPE(omega->shape.dim[1]), error) : NULL;
  return zeros &&
         baseline_map_insert(import->db, import->number, baseline_of(name, ".npy"), omega, zeros, error);
}

static bool baseline_bias_entry(const char *name, const void *bytes, gsize size, void *data, GError **error) {
  Import *import = data;
  PromptMode mode = baseline_of(name, ".bias.npy");
  g_autoptr(Tensor) omega = NULL, zeros = NULL;
  g_autoptr(Tensor) bias = bundle_floats(&import->contents, name, bytes, size, 1, error);
  if (!bias || !baseline_map_read(import->db, import->number, mode, &omega, &zeros, error))
    return false;
  if (!omega || omega->shape.dim[1] != tensor_count(bias))
    return input_error(error, "%s in %s has no map that it belongs to; export the run again", name,
                       import->contents.path);
  return baseline_map_insert(import->db, import->number, mode, omega, bias, error);
}

/* In the order of reading: a bias comes after its map. */
static const struct {
  bool (*wants)(const char *name);
  bool (*take)(const char *name, const void *bytes, gsize size, void *data, GError **error);
} passes[] = {
    {wants_array, array_entry},
    {wants_bias, bias_entry},
    {wants_baseline, baseline_entry},
    {wants_baseline_bias, baseline_bias_entry},
};

static void settle_row(RunRow *row) {
  g_autofree char *tags = g_steal_pointer(&row->tags), *id = g_steal_pointer(&row->id);
  row->tags = store_tags(tags);
  row->id = g_ascii_strdown(id, -1);
  if (row->status == STATUS_RUNNING || row->status == STATUS_INTERRUPTED)
    row->status = STATUS_STOPPED;
  if (row->created <= 0 || row->created > LAST_DATE)
    row->created = store_now();
}

static bool insert_series(const Import *import, GError **error) {
  for (guint i = 0; i < import->contents.steps->len; i++)
    if (!series_insert(import->db, &series_metrics, import->number,
                       &g_array_index(import->contents.steps, RunStep, i), error))
      return false;
  for (guint i = 0; i < import->contents.evaluations->len; i++)
    if (!series_insert(import->db, &series_evaluations, import->number,
                       &g_array_index(import->contents.evaluations, RunEvaluation, i), error))
      return false;
  for (guint i = 0; i < import->contents.warnings->len; i++)
    if (!warning_insert(import->db, import->number, g_ptr_array_index(import->contents.warnings, i), error))
      return false;
  return true;
}

static bool insert_arrays(Import *import, GError **error) {
  for (guint i = 0; i < G_N_ELEMENTS(passes); i++)
    if (!zip_read(import->contents.path, &bundle_limits, passes[i].wants, passes[i].take, import, error))
      return false;
  return true;
}

static void take_floats(GArray *floats, const Tensor *tensor) {
  g_array_append_vals(floats, tensor->data, (guint)tensor_count(tensor));
}

/* The last map, where there is one. */
static bool take_map(const Import *import, RunState *state, GError **error) {
  g_autoptr(Tensor) omega = NULL, bias = NULL;
  gint64 maps;
  if (!database_number(import->db, &maps, 0, error, "SELECT count(*) FROM maps WHERE run = ?1", "l",
                       import->number))
    return false;
  if (maps == 0)
    return true;
  if (!map_read(import->db, import->number, G_MAXINT, &omega, &bias, NULL, error))
    return false;
  take_floats(state->omega, omega);
  take_floats(state->bias, bias);
  return true;
}

/* Parameters and map as a checkpoint that nothing can go on from. */
static bool insert_checkpoint(const Import *import, GError **error) {
  RunState *state = import->contents.state;
  if (!state)
    return true;
  const RunResult *result = &import->contents.row->result;
  state->step = result->steps;
  state->seconds = result->seconds;
  state->best_validation_accuracy = result->best_validation_accuracy;
  state->best_test_accuracy = result->best_test_accuracy;
  state->max_test_accuracy = result->max_test_accuracy;
  state->last_test_accuracy = result->last_test_accuracy;
  state->no_prompt_test_accuracy = result->no_prompt_test_accuracy;
  state->no_prompt_full_size_test_accuracy = result->no_prompt_full_size_test_accuracy;
  state->last_test_loss = result->last_test_loss;
  state->no_prompt_test_loss = result->no_prompt_test_loss;
  state->no_prompt_full_size_test_loss = result->no_prompt_full_size_test_loss;
  return take_map(import, state, error) && checkpoint_write(import->db, import->number, state, false, error);
}

static bool insert_all(Database *db, void *data, GError **error) {
  Import *import = data;
  import->db = db;
  return run_row_insert(db, import->contents.row, 0, &import->number, error) &&
         insert_series(import, error) && insert_arrays(import, error) && insert_checkpoint(import, error) &&
         map_recount(db, import->number, error);
}

char *bundle_import(RunStore *store, const char *path, bool *was_there, GError **error) {
  Import import = {0};
  gint64 here = -1;
  bool done = bundle_contents_read(&import.contents, path, error);
  const RunRow *row = import.contents.row;
  if (done) {
    settle_row(import.contents.row);
    done =
        database_number(store->db, &here, -1, error, "SELECT number FROM runs WHERE id = ?1", "s", row->id) &&
        (here >= 0 || database_change(store->db, insert_all, &import, error));
  }
  if (was_there)
    *was_there = here >= 0;
  char *id = done ? g_strdup(row->id) : NULL;
  bundle_contents_clear(&import.contents);
  return id;
}
