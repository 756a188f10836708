/* Lists of runs: sorted, filtered, a page at a time. */
#include "data/store/row.h"
#include "data/store/store.h"
#include "engine/error.h"

#include <string.h>

#define SHOWN_STATE "shown_state(state, boot_id, pid, process_start)"

const char *const run_store_sorts[] = {
    "created",
    "name",
    "preset",
    "model",
    "dataset",
    "format",
    "location",
    "operator",
    "method",
    "family",
    "alignment",
    "optimiser",
    "state",
    "steps",
    "seconds",
    "best_test_accuracy",
    "best_validation_accuracy",
    "gain",
    "star",
    "deleted_at",
    NULL,
};

/* Sorts whose column is not the name itself. */
static const struct {
  const char *name, *sql;
} special_sorts[] = {{"name", "name COLLATE NOCASE"}, {"state", SHOWN_STATE}};

/* A text of the query that is compared with something, ?1 standing for it. */
static const struct {
  gsize offset;
  const char *sql;
} conditions[] = {
    {offsetof(RunQuery, text), "instr(lower(name || '\n' || note || '\n' || tags || '\n' || model || '\n' || "
                               "dataset || '\n' || method || '\n' || "
                               "alignment || '\n' || coalesce(preset, '')), lower(?)) > 0"},
    {offsetof(RunQuery, tag), "instr(',' || tags || ',', ',' || ? || ',') > 0"},
    {offsetof(RunQuery, status), SHOWN_STATE " = ?"},
    {offsetof(RunQuery, preset), "preset = ?"},
    {offsetof(RunQuery, model), "model = ?"},
    {offsetof(RunQuery, dataset), "dataset = ?"},
    {offsetof(RunQuery, format), "format = ?"},
    {offsetof(RunQuery, location), "location = ?"},
    {offsetof(RunQuery, operator), "operator = ?"},
    {offsetof(RunQuery, method), "method = ?"},
    {offsetof(RunQuery, family), "family = ?"},
    {offsetof(RunQuery, alignment), "alignment = ?"},
};

static const char *condition_text(const RunQuery *query, gsize i) {
  return *(const char *const *)((const char *)query + conditions[i].offset);
}

/* A linear map is drawn by chance before its first step, a counted one is not there before it is counted. */
static const char has_learnt[] =
    " AND EXISTS (SELECT 1 FROM checkpoints c WHERE c.run = number AND (c.step > 0 OR family <> 'linear'))"
    " AND EXISTS (SELECT 1 FROM maps m WHERE m.run = number)";

static void append_where(GString *sql, const RunQuery *query) {
  /* The plus sign leaves the index to the order: few runs are deleted. */
  g_string_append(sql, query->deleted ? " FROM runs WHERE deleted_at IS NOT NULL"
                                      : " FROM runs WHERE +deleted_at IS NULL");
  if (query->starred)
    g_string_append(sql, " AND star");
  if (query->learnt)
    g_string_append(sql, has_learnt);
  for (gsize i = 0; i < G_N_ELEMENTS(conditions); i++)
    if (condition_text(query, i))
      g_string_append_printf(sql, " AND %s", conditions[i].sql);
}

static bool append_order(GString *sql, const RunQuery *query, GError **error) {
  const char *sort = query->sort ? query->sort : run_store_sorts[0];
  if (!g_strv_contains(run_store_sorts, sort))
    return input_error(error, "runs cannot be sorted by %s; sort by created, name, gain or another column",
                       sort);
  for (gsize i = 0; i < G_N_ELEMENTS(special_sorts); i++)
    if (strcmp(sort, special_sorts[i].name) == 0)
      sort = special_sorts[i].sql;
  const char *way = query->ascending ? "ASC" : "DESC";
  const char *nulls = query->ascending ? " NULLS LAST" : "";
  g_string_append_printf(sql, " ORDER BY %s %s%s, number %s", sort, way, nulls, way);
  return true;
}

static sqlite3_stmt *ask(Database *db, const char *sql, const RunQuery *query, GError **error) {
  sqlite3_stmt *statement = database_ask(db, error, sql, "");
  int parameter = 1;
  for (gsize i = 0; statement && i < G_N_ELEMENTS(conditions); i++)
    if (condition_text(query, i))
      sqlite3_bind_text(statement, parameter++, condition_text(query, i), -1, SQLITE_STATIC);
  if (statement && sqlite3_bind_parameter_count(statement) >= parameter) {
    sqlite3_bind_int(statement, parameter, query->limit > 0 ? query->limit : -1);
    sqlite3_bind_int(statement, parameter + 1, query->offset);
  }
  return statement;
}

static const RunQuery all = {0};

GPtrArray *run_store_list(RunStore *store, const RunQuery *query, GError **error) {
  query = query ? query : &all;
  g_autofree char *names = columns_names(run_columns, ROW_LISTED, 0);
  g_autoptr(GString) sql = g_string_new("SELECT ");
  g_string_append(sql, names);
  append_where(sql, query);
  if (!append_order(sql, query, error))
    return NULL;
  g_string_append(sql, " LIMIT ? OFFSET ?");
  sqlite3_stmt *statement = ask(store->db, sql->str, query, error);
  if (!statement)
    return NULL;
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)run_row_free);
  int more;
  while ((more = database_row(store->db, statement, error)) > 0) {
    RunRow *row = run_row_read(store->db, statement, ROW_LISTED, error);
    if (!row) {
      database_done(statement);
      return NULL;
    }
    g_ptr_array_add(rows, row);
  }
  return more == 0 ? g_steal_pointer(&rows) : NULL;
}

int run_store_count(RunStore *store, const RunQuery *query, GError **error) {
  query = query ? query : &all;
  g_autoptr(GString) sql = g_string_new("SELECT count(*)");
  append_where(sql, query);
  sqlite3_stmt *statement = ask(store->db, sql->str, query, error);
  if (!statement || database_row(store->db, statement, error) < 0)
    return -1;
  int count = sqlite3_column_int(statement, 0);
  database_done(statement);
  return count;
}

RunRow *run_store_get(RunStore *store, const char *id, GError **error) {
  gint64 number;
  return run_number(store->db, id, &number, error) ? run_row_by_number(store->db, number, error) : NULL;
}
