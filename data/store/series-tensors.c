/* Patterns and label maps. */
#include "data/store/array.h"
#include "data/store/series.h"
#include "engine/error.h"

#include <string.h>

static char *shape_to_text(const Shape *shape) {
  GString *text = g_string_new(NULL);
  for (int i = 0; i < shape->rank; i++)
    g_string_append_printf(text, "%s%" G_GINT64_FORMAT, i ? "," : "", shape->dim[i]);
  return g_string_free(text, FALSE);
}

static bool shape_from_text(const char *text, Shape *shape) {
  g_auto(GStrv) parts = g_strsplit(text ? text : "?", ",", TENSOR_MAX_RANK + 1);
  *shape = (Shape){0};
  for (; parts[shape->rank]; shape->rank++)
    if (shape->rank == TENSOR_MAX_RANK ||
        !g_ascii_string_to_signed(parts[shape->rank], 10, 0, G_MAXINT64, &shape->dim[shape->rank], NULL))
      return false;
  return shape_count(shape) >= 0;
}

static GBytes *pack(const Tensor *tensor) {
  return array_pack(tensor->data, (gsize)tensor_count(tensor), sizeof(float));
}

static Tensor *unpack(sqlite3_stmt *statement, int column, const Shape *shape, const char *what,
                      GError **error) {
  const void *blob = sqlite3_column_blob(statement, column);
  g_autoptr(GArray) numbers = array_unpack(blob, (gsize)sqlite3_column_bytes(statement, column),
                                           sizeof(float), shape_count(shape), what, error);
  return numbers ? tensor_from_floats(shape, (const float *)(void *)numbers->data) : NULL;
}

/* The same shape and the same bits. */
static bool tensor_same(const Tensor *a, const Tensor *b) {
  return shape_equal(&a->shape, &b->shape) && memcmp(a->data, b->data, tensor_bytes(a)) == 0;
}

bool pattern_insert(Database *db, gint64 run, int step, const Tensor *pattern, GBytes *preview,
                    GError **error) {
  g_autofree char *shape = shape_to_text(&pattern->shape);
  g_autoptr(GBytes) data = pack(pattern);
  gsize preview_size = 0, size;
  const void *picture = preview ? g_bytes_get_data(preview, &preview_size) : NULL;
  const void *bytes = g_bytes_get_data(data, &size);
  if (!database_do(db, error,
                   "INSERT INTO patterns (run, step, shape, preview, data) VALUES (?1, ?2, ?3, ?4, ?5) "
                   "ON CONFLICT (run, step) DO NOTHING",
                   "lisbb", run, step, shape, picture, preview_size, bytes, size))
    return false;
  if (sqlite3_changes(db->handle) == 1)
    return true;
  g_autoptr(Tensor) stored = pattern_read(db, run, step, NULL, error);
  return stored && (tensor_same(stored, pattern) || series_differs(db, "pattern", step, error));
}

Tensor *pattern_read(Database *db, gint64 run, int step, int *found, GError **error) {
  sqlite3_stmt *statement = database_ask(
      db, error,
      "SELECT step, shape, data FROM patterns WHERE run = ?1 AND step <= ?2 ORDER BY step DESC LIMIT 1", "li",
      run, step);
  int row = statement ? database_row(db, statement, error) : -1;
  if (row == 0)
    input_error(error, "the run has no stored pattern yet; let it train a step");
  if (row <= 0)
    return NULL;
  Shape shape;
  Tensor *pattern = NULL;
  if (shape_from_text((const char *)sqlite3_column_text(statement, 1), &shape))
    pattern = unpack(statement, 2, &shape, "a pattern", error);
  else
    input_error(error, "a pattern in the store has no shape; put back a copy of the store");
  if (found)
    *found = sqlite3_column_int(statement, 0);
  database_done(statement);
  return pattern;
}

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
  g_autoptr(GBytes) packed = pack(omega), packed_bias = pack(bias);
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
  Shape shape = SHAPE(sqlite3_column_int(statement, 1), sqlite3_column_int(statement, 2));
  Shape targets = SHAPE(shape.dim[1]);
  g_autoptr(Tensor) weights = unpack(statement, 3, &shape, "a label map", error);
  g_autoptr(Tensor) shift = weights ? unpack(statement, 4, &targets, "a label map's bias", error) : NULL;
  if (found)
    *found = sqlite3_column_int(statement, 0);
  database_done(statement);
  if (!shift)
    return false;
  if (omega)
    *omega = g_steal_pointer(&weights);
  if (bias)
    *bias = g_steal_pointer(&shift);
  return true;
}
