/* What one run has stored. */
#include "data/store/checkpoint.h"
#include "data/store/row.h"
#include "data/store/series.h"
#include "data/store/store.h"

static GArray *read_series(RunStore *store, const Series *series, const char *id, int after, GError **error) {
  gint64 run;
  return run_number(store->db, id, &run, error) ? series_read(store->db, series, run, after, error) : NULL;
}

GArray *run_store_steps(RunStore *store, const char *id, int after, GError **error) {
  return read_series(store, &series_metrics, id, after, error);
}

GArray *run_store_evaluations(RunStore *store, const char *id, int after, GError **error) {
  return read_series(store, &series_evaluations, id, after, error);
}

/* Rows of `n` whole numbers each, of the run ?1. */
static GArray *read_integers(RunStore *store, const char *id, const char *sql, int n, GError **error) {
  gint64 run;
  sqlite3_stmt *statement =
      run_number(store->db, id, &run, error) ? database_ask(store->db, error, sql, "l", run) : NULL;
  if (!statement)
    return NULL;
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, (guint)(sizeof(int) * (gsize)n));
  int row;
  while ((row = database_row(store->db, statement, error)) > 0) {
    g_array_set_size(rows, rows->len + 1);
    int *numbers = (int *)(void *)rows->data + (gsize)(rows->len - 1) * (gsize)n;
    for (int i = 0; i < n; i++)
      numbers[i] = sqlite3_column_int(statement, i);
  }
  return row == 0 ? g_steal_pointer(&rows) : NULL;
}

GArray *run_store_pattern_steps(RunStore *store, const char *id, GError **error) {
  return read_integers(store, id, "SELECT step FROM patterns WHERE run = ?1 ORDER BY step", 1, error);
}

G_STATIC_ASSERT(sizeof(RunMapStep) == 2 * sizeof(int));

GArray *run_store_map_steps(RunStore *store, const char *id, GError **error) {
  return read_integers(store, id, "SELECT step, switches FROM maps WHERE run = ?1 ORDER BY step", 2, error);
}

Tensor *run_store_pattern(RunStore *store, const char *id, int step, int *found, GError **error) {
  gint64 run;
  return run_number(store->db, id, &run, error) ? pattern_read(store->db, run, step, found, error) : NULL;
}

bool run_store_map(RunStore *store, const char *id, int step, Tensor **omega, Tensor **bias, int *found,
                   GError **error) {
  gint64 run;
  return run_number(store->db, id, &run, error) && map_read(store->db, run, step, omega, bias, found, error);
}

bool run_store_baseline_map(RunStore *store, const char *id, PromptMode mode, Tensor **omega, Tensor **bias,
                            GError **error) {
  gint64 run;
  return run_number(store->db, id, &run, error) &&
         baseline_map_read(store->db, run, mode, omega, bias, error);
}

GBytes *run_store_preview(RunStore *store, const char *id, int step, GError **error) {
  sqlite3_stmt *statement = database_ask(
      store->db, error,
      "SELECT preview FROM patterns WHERE run = (SELECT number FROM runs WHERE id = ?1) AND step <= ?2 "
      "ORDER BY step DESC LIMIT 1",
      "si", id, step);
  if (!statement || database_row(store->db, statement, error) <= 0)
    return NULL;
  int size = sqlite3_column_bytes(statement, 0);
  GBytes *preview = size > 0 ? g_bytes_new(sqlite3_column_blob(statement, 0), (gsize)size) : NULL;
  database_done(statement);
  return preview;
}

GPtrArray *run_store_warnings(RunStore *store, const char *id, GError **error) {
  gint64 run;
  sqlite3_stmt *statement =
      run_number(store->db, id, &run, error)
          ? database_ask(store->db, error, "SELECT sentence FROM warnings WHERE run = ?1 ORDER BY place", "l",
                         run)
          : NULL;
  if (!statement)
    return NULL;
  g_autoptr(GPtrArray) sentences = g_ptr_array_new_with_free_func(g_free);
  int row;
  while ((row = database_row(store->db, statement, error)) > 0)
    g_ptr_array_add(sentences, database_text(statement, 0));
  return row == 0 ? g_steal_pointer(&sentences) : NULL;
}

bool run_store_checkpoint(RunStore *store, const char *id, RunState **state, bool *complete, GError **error) {
  gint64 run;
  *state = NULL;
  return run_number(store->db, id, &run, error) && checkpoint_read(store->db, run, state, complete, error);
}
