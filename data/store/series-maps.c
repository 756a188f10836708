/* Stored label maps. */
#include "data/store/series.h"
#include "data/store/tensor-blob.h"
#include "engine/error.h"

int *map_top(const Tensor *omega) {
  gint64 sources = omega->shape.dim[0], targets = omega->shape.dim[1];
  int *top = g_new0(int, (gsize)targets + 1);
  const float *weights = tensor_floats(omega);
  for (gint64 source = 1; source < sources; source++)
    for (gint64 target = 0; target < targets; target++)
      if (weights[source * targets + target] > weights[top[target] * targets + target])
        top[target] = (int)source;
  return top;
}

static bool insert_changes(Database *db, gint64 run, int step, const Tensor *before, const Tensor *after,
                           GError **error) {
  if (!shape_equal(&before->shape, &after->shape))
    return series_differs(db, "classes of the label map", step, error);
  g_autofree int *old = map_top(before), *new = map_top(after);
  for (int target = 0; target < after->shape.dim[1]; target++)
    if (old[target] != new[target] &&
        !database_do(db, error,
                     "INSERT OR REPLACE INTO map_changes (run, step, target, source_before, source_after) "
                     "VALUES (?1, ?2, ?3, ?4, ?5)",
                     "liiii", run, step, target, old[target], new[target]))
      return false;
  return true;
}

bool map_insert(Database *db, gint64 run, int step, const Tensor *omega, const Tensor *bias, int switches,
                GError **error) {
  g_autoptr(Tensor) before = NULL, before_bias = NULL;
  gint64 earlier;
  int found = -1;
  if (!database_number(db, &earlier, 0, error, "SELECT count(*) FROM maps WHERE run = ?1 AND step <= ?2",
                       "li", run, step) ||
      (earlier > 0 && !map_read(db, run, step, &before, &before_bias, &found, error)))
    return false;
  if (found == step)
    return (tensor_same(before, omega) && tensor_same(before_bias, bias)) ||
           series_differs(db, "label map", step, error);
  g_autoptr(GBytes) packed = tensor_pack(omega), packed_bias = tensor_pack(bias);
  gsize size, bias_size;
  const void *bytes = g_bytes_get_data(packed, &size),
             *bias_bytes = g_bytes_get_data(packed_bias, &bias_size);
  return database_do(db, error,
                     "INSERT INTO maps (run, step, n_source, n_target, switches, omega, bias) "
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                     "liiiibb", run, step, (int)omega->shape.dim[0], (int)omega->shape.dim[1], switches,
                     bytes, size, bias_bytes, bias_size) &&
         (!before || insert_changes(db, run, step, before, omega, error));
}

/* The map in columns first: n_source, n_target, omega, bias. */
static bool unpack_map(sqlite3_stmt *statement, int first, Tensor **omega, Tensor **bias, GError **error) {
  Shape shape = SHAPE(sqlite3_column_int(statement, first), sqlite3_column_int(statement, first + 1));
  Shape targets = SHAPE(shape.dim[1]);
  g_autoptr(Tensor) weights = tensor_unpack(statement, first + 2, &shape, "a label map", error);
  g_autoptr(Tensor) shift =
      weights ? tensor_unpack(statement, first + 3, &targets, "a label map's bias", error) : NULL;
  if (!shift)
    return false;
  if (omega)
    *omega = g_steal_pointer(&weights);
  if (bias)
    *bias = g_steal_pointer(&shift);
  return true;
}

bool map_read(Database *db, gint64 run, int step, Tensor **omega, Tensor **bias, int *found, GError **error) {
  sqlite3_stmt *statement = database_ask(db, error,
                                         "SELECT step, n_source, n_target, omega, bias FROM maps "
                                         "WHERE run = ?1 AND step <= ?2 ORDER BY step DESC LIMIT 1",
                                         "li", run, step);
  int row = statement ? database_row(db, statement, error) : -1;
  if (row == 0)
    input_error(error, "the run has no stored label map yet; let it train a step");
  if (row <= 0)
    return false;
  if (found)
    *found = sqlite3_column_int(statement, 0);
  bool good = unpack_map(statement, 1, omega, bias, error);
  database_done(statement);
  return good;
}

const PromptMode baseline_modes[] = {PROMPT_OFF, PROMPT_FULL_SIZE, PROMPT_ON};

const char *baseline_mode_name(PromptMode mode) {
  return mode == PROMPT_OFF ? "no_prompt" : "no_prompt_full_size";
}

bool baseline_map_insert(Database *db, gint64 run, PromptMode mode, const Tensor *omega, const Tensor *bias,
                         GError **error) {
  g_autoptr(GBytes) packed = tensor_pack(omega), packed_bias = tensor_pack(bias);
  gsize size, bias_size;
  const void *bytes = g_bytes_get_data(packed, &size),
             *bias_bytes = g_bytes_get_data(packed_bias, &bias_size);
  return database_do(db, error,
                     "INSERT OR REPLACE INTO baseline_maps (run, mode, n_source, n_target, omega, bias) "
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                     "lsiibb", run, baseline_mode_name(mode), (int)omega->shape.dim[0],
                     (int)omega->shape.dim[1], bytes, size, bias_bytes, bias_size);
}

bool baseline_map_read(Database *db, gint64 run, PromptMode mode, Tensor **omega, Tensor **bias,
                       GError **error) {
  sqlite3_stmt *statement = database_ask(
      db, error, "SELECT n_source, n_target, omega, bias FROM baseline_maps WHERE run = ?1 AND mode = ?2",
      "ls", run, baseline_mode_name(mode));
  int row = statement ? database_row(db, statement, error) : -1;
  if (row <= 0)
    return row == 0;
  bool good = unpack_map(statement, 0, omega, bias, error);
  database_done(statement);
  return good;
}

bool map_set_bias(Database *db, gint64 run, int step, const Tensor *bias, GError **error) {
  g_autoptr(GBytes) packed = tensor_pack(bias);
  gsize size;
  const void *bytes = g_bytes_get_data(packed, &size);
  if (!database_do(db, error, "UPDATE maps SET bias = ?3 WHERE run = ?1 AND step = ?2 AND n_target = ?4",
                   "libl", run, step, bytes, size, tensor_count(bias)))
    return false;
  return sqlite3_changes(db->handle) == 1 || series_differs(db, "classes of the bias", step, error);
}

/* The steps of all maps, ascending.  (transfer full) */
static GArray *map_steps(Database *db, gint64 run, GError **error) {
  sqlite3_stmt *statement =
      database_ask(db, error, "SELECT step FROM maps WHERE run = ?1 ORDER BY step", "l", run);
  if (!statement)
    return NULL;
  g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(int));
  int row;
  while ((row = database_row(db, statement, error)) > 0) {
    int step = sqlite3_column_int(statement, 0);
    g_array_append_val(steps, step);
  }
  return row == 0 ? g_steal_pointer(&steps) : NULL;
}

bool map_recount(Database *db, gint64 run, GError **error) {
  g_autoptr(GArray) steps = map_steps(db, run, error);
  g_autoptr(Tensor) before = NULL;
  if (!steps || !database_do(db, error, "DELETE FROM map_changes WHERE run = ?1", "l", run))
    return false;
  for (guint i = 0; i < steps->len; i++) {
    g_autoptr(Tensor) omega = NULL;
    int step = g_array_index(steps, int, i);
    if (!map_read(db, run, step, &omega, NULL, NULL, error) ||
        (before && !insert_changes(db, run, step, before, omega, error)))
      return false;
    g_clear_pointer(&before, tensor_unref);
    before = g_steal_pointer(&omega);
  }
  return database_do(db, error,
                     "UPDATE maps SET switches = (SELECT count(*) FROM map_changes c "
                     "WHERE c.run = maps.run AND c.step = maps.step) WHERE run = ?1",
                     "l", run);
}
