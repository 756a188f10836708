/* Runs of another store. */
#include "data/store/file-check.h"
#include "data/store/row.h"
#include "data/store/schema.h"
#include "data/store/store.h"
#include "engine/error.h"

#include <sys/stat.h>

static const char *const child_tables[] = {"specs",       "metrics",  "evaluations", "patterns",      "maps",
                                           "map_changes", "warnings", "checkpoints", "baseline_maps", NULL};

/* The columns of a table but its number in this file and its run's.  (transfer full) */
static char *table_columns(Database *db, const char *table, GError **error) {
  sqlite3_stmt *statement = database_ask(db, error,
                                         "SELECT group_concat(name, ', ') FROM pragma_table_xinfo(?1) "
                                         "WHERE hidden = 0 AND name NOT IN ('number', 'run')",
                                         "s", table);
  if (!statement || database_row(db, statement, error) <= 0)
    return NULL;
  char *columns = database_text(statement, 0);
  database_done(statement);
  return columns;
}

static bool copy_run(Database *db, gint64 from, GError **error) {
  g_autofree char *columns = table_columns(db, "runs", error);
  if (!columns)
    return false;
  g_autofree char *sql = g_strdup_printf(
      "INSERT INTO main.runs (%s) SELECT %s FROM other.runs WHERE number = ?1", columns, columns);
  if (!database_do(db, error, sql, "l", from))
    return false;
  gint64 to = sqlite3_last_insert_rowid(db->handle);
  for (const char *const *table = child_tables; *table; table++) {
    g_autofree char *names = table_columns(db, *table, error);
    if (!names)
      return false;
    g_autofree char *child =
        g_strdup_printf("INSERT INTO main.%s (run, %s) SELECT ?2, %s FROM other.%s WHERE run = ?1", *table,
                        names, names, *table);
    if (!database_do(db, error, child, "ll", from, to))
      return false;
  }
  return true;
}

static GArray *runs_to_copy(Database *db, GError **error) {
  sqlite3_stmt *statement = database_ask(
      db, error,
      "SELECT number FROM other.runs WHERE deleted_at IS NULL AND id NOT IN (SELECT id FROM main.runs) "
      "AND shown_state(state, boot_id, pid, process_start) != 'running' ORDER BY number",
      "");
  if (!statement)
    return NULL;
  g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
  int row;
  while ((row = database_row(db, statement, error)) > 0) {
    gint64 number = sqlite3_column_int64(statement, 0);
    g_array_append_val(numbers, number);
  }
  return row == 0 ? g_steal_pointer(&numbers) : NULL;
}

static bool copy_runs(Database *db, void *data, GError **error) {
  MergeCount *count = data;
  gint64 all;
  g_autoptr(GArray) numbers = runs_to_copy(db, error);
  if (!numbers || !database_number(db, &all, 0, error, "SELECT count(*) FROM other.runs", ""))
    return false;
  for (guint i = 0; i < numbers->len; i++)
    if (!copy_run(db, g_array_index(numbers, gint64, i), error))
      return false;
  *count = (MergeCount){(int)numbers->len, (int)all - (int)numbers->len};
  return true;
}

static bool same_file(const char *a, const char *b) {
  struct stat at_a, at_b;
  return stat(a, &at_a) == 0 && stat(b, &at_b) == 0 && at_a.st_dev == at_b.st_dev &&
         at_a.st_ino == at_b.st_ino;
}

bool run_store_merge(RunStore *store, const char *other, MergeCount *count, GError **error) {
  StoreFile file = store_file_check(other, error);
  if (file == STORE_FILE_REFUSED)
    return false;
  if (file != STORE_FILE_STORE)
    return input_error(error, "there is no store %s to merge; give the file of another store", other);
  if (same_file(other, store->db->path))
    return input_error(error, "%s is this store itself; give the file of another store", other);
  g_autoptr(Database) from = schema_open(other, error);
  if (!from)
    return false;
  g_autofree char *uri = database_uri(from);
  if (!database_do(store->db, error, "ATTACH ?1 AS other", "s", uri))
    return false;
  MergeCount found = {0};
  bool done = database_change(store->db, copy_runs, &found, error);
  database_do(store->db, NULL, "DETACH other", "");
  if (done && count)
    *count = found;
  return done;
}
