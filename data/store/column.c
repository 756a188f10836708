#include "data/store/column.h"

#include "data/run-store.h"
#include "data/store/array.h"

static bool chosen(const Column *column, unsigned wanted, unsigned unwanted) {
  return (column->flags & wanted) == wanted && !(column->flags & unwanted);
}

char *columns_join(const Column *columns, unsigned wanted, unsigned unwanted, const char *pattern,
                   const char *separator) {
  GString *text = g_string_new(NULL);
  for (const Column *column = columns; column->name; column++)
    if (chosen(column, wanted, unwanted)) {
      g_auto(GStrv) parts = g_strsplit(pattern, "%s", -1);
      g_autofree char *one = g_strjoinv(column->name, parts);
      g_string_append_printf(text, "%s%s", text->len ? separator : "", one);
    }
  return g_string_free(text, FALSE);
}

char *columns_names(const Column *columns, unsigned wanted, unsigned unwanted) {
  return columns_join(columns, wanted, unwanted, "%s", ", ");
}

/* Each type: how it goes into a statement and comes out of one; read returns false for a damaged value. */
typedef struct {
  void (*bind)(sqlite3_stmt *statement, int i, const void *field);
  bool (*read)(sqlite3_stmt *statement, int i, void *field, GError **error);
} TypeInSql;

static void bind_int(sqlite3_stmt *statement, int i, const void *field) {
  sqlite3_bind_int(statement, i, *(const int *)field);
}

static bool read_int(sqlite3_stmt *statement, int i, void *field, GError **error) {
  *(int *)field = (int)CLAMP(sqlite3_column_int64(statement, i), G_MININT, G_MAXINT);
  return true;
}

static void bind_int64(sqlite3_stmt *statement, int i, const void *field) {
  sqlite3_bind_int64(statement, i, *(const int64_t *)field);
}

static bool read_int64(sqlite3_stmt *statement, int i, void *field, GError **error) {
  *(int64_t *)field = sqlite3_column_int64(statement, i);
  return true;
}

static void bind_time(sqlite3_stmt *statement, int i, const void *field) {
  if (*(const int64_t *)field)
    sqlite3_bind_int64(statement, i, *(const int64_t *)field);
}

static void bind_bool(sqlite3_stmt *statement, int i, const void *field) {
  sqlite3_bind_int(statement, i, *(const bool *)field);
}

static bool read_bool(sqlite3_stmt *statement, int i, void *field, GError **error) {
  *(bool *)field = sqlite3_column_int(statement, i) != 0;
  return true;
}

static void bind_real(sqlite3_stmt *statement, int i, const void *field) {
  sqlite3_bind_double(statement, i, *(const double *)field);
}

static bool read_real(sqlite3_stmt *statement, int i, void *field, GError **error) {
  *(double *)field = database_real(statement, i);
  return true;
}

static void bind_text(sqlite3_stmt *statement, int i, const void *field) {
  sqlite3_bind_text(statement, i, *(char *const *)field, -1, SQLITE_STATIC);
}

static bool read_text(sqlite3_stmt *statement, int i, void *field, GError **error) {
  g_free(*(char **)field);
  *(char **)field = database_text(statement, i);
  return true;
}

static void bind_status(sqlite3_stmt *statement, int i, const void *field) {
  sqlite3_bind_text(statement, i, run_status_name(*(const RunStatus *)field), -1, SQLITE_STATIC);
}

static bool read_status(sqlite3_stmt *statement, int i, void *field, GError **error) {
  const char *name = (const char *)sqlite3_column_text(statement, i);
  RunStatus status = run_status_find(name ? name : "");
  *(RunStatus *)field = status == N_STATUSES ? STATUS_STOPPED : status;
  return true;
}

static void bind_array(sqlite3_stmt *statement, int i, const void *field) {
  GArray *array = *(GArray *const *)field;
  g_autoptr(GBytes) packed = array_pack(array->data, array->len, g_array_get_element_size(array));
  gsize size = g_bytes_get_size(packed);
  sqlite3_bind_blob64(statement, i, g_bytes_unref_to_data(g_steal_pointer(&packed), &size), size, g_free);
}

static bool read_array(sqlite3_stmt *statement, int i, void *field, gsize element_size, GError **error) {
  const void *blob = sqlite3_column_blob(statement, i);
  GArray *array = array_unpack(blob, (gsize)sqlite3_column_bytes(statement, i), element_size, -1,
                               sqlite3_column_name(statement, i), error);
  if (!array)
    return false;
  g_clear_pointer((GArray **)field, g_array_unref);
  *(GArray **)field = array;
  return true;
}

static bool read_ints(sqlite3_stmt *statement, int i, void *field, GError **error) {
  return read_array(statement, i, field, sizeof(int), error);
}

static bool read_floats(sqlite3_stmt *statement, int i, void *field, GError **error) {
  return read_array(statement, i, field, sizeof(float), error);
}

static bool read_doubles(sqlite3_stmt *statement, int i, void *field, GError **error) {
  return read_array(statement, i, field, sizeof(double), error);
}

static const TypeInSql types[] = {
    [COLUMN_INT] = {bind_int, read_int},          [COLUMN_INT64] = {bind_int64, read_int64},
    [COLUMN_TIME] = {bind_time, read_int64},      [COLUMN_BOOL] = {bind_bool, read_bool},
    [COLUMN_REAL] = {bind_real, read_real},       [COLUMN_TEXT] = {bind_text, read_text},
    [COLUMN_STATUS] = {bind_status, read_status}, [COLUMN_FLOATS] = {bind_array, read_floats},
    [COLUMN_INTS] = {bind_array, read_ints},      [COLUMN_DOUBLES] = {bind_array, read_doubles},
};

void columns_bind(sqlite3_stmt *statement, int first, const Column *columns, unsigned wanted,
                  unsigned unwanted, const void *record) {
  for (const Column *column = columns; column->name; column++)
    if (chosen(column, wanted, unwanted))
      types[column->type].bind(statement, first++, (const char *)record + column->offset);
}

bool columns_read(sqlite3_stmt *statement, int first, const Column *columns, unsigned wanted,
                  unsigned unwanted, void *record, GError **error) {
  for (const Column *column = columns; column->name; column++)
    if (chosen(column, wanted, unwanted) &&
        !types[column->type].read(statement, first++, (char *)record + column->offset, error))
      return false;
  return true;
}

void columns_clear(const Column *columns, void *record) {
  for (const Column *column = columns; column->name; column++) {
    void *field = (char *)record + column->offset;
    if (column->type == COLUMN_TEXT)
      g_clear_pointer((char **)field, g_free);
    else if (column->type >= COLUMN_FLOATS)
      g_clear_pointer((GArray **)field, g_array_unref);
  }
}
