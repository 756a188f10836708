/* Stored patterns. */
#include "data/store/series.h"
#include "data/store/tensor-blob.h"
#include "engine/error.h"

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

bool pattern_insert(Database *db, gint64 run, int step, const Tensor *pattern, GBytes *preview,
                    GError **error) {
  g_autofree char *shape = shape_to_text(&pattern->shape);
  g_autoptr(GBytes) data = tensor_pack(pattern);
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
    pattern = tensor_unpack(statement, 2, &shape, "a pattern", error);
  else
    input_error(error, "a pattern in the store has no shape; put back a copy of the store");
  if (found)
    *found = sqlite3_column_int(statement, 0);
  database_done(statement);
  return pattern;
}
