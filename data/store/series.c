#include "data/store/series.h"

#include "engine/error.h"

#define AT_STEP(field)       offsetof(RunStep, field)
#define AT_EVALUATION(field) offsetof(RunEvaluation, field)

static const Column step_columns[] = {
    {"step", COLUMN_INT, AT_STEP(step)},
    {"epoch", COLUMN_INT, AT_STEP(epoch)},
    {"loss", COLUMN_REAL, AT_STEP(loss)},
    {"train_accuracy", COLUMN_REAL, AT_STEP(train_accuracy)},
    {"seconds", COLUMN_REAL, AT_STEP(seconds), COLUMN_TIMING},
    {"gradient_norm", COLUMN_REAL, AT_STEP(gradient_norm), COLUMN_LATER},
    {NULL},
};

static const Column evaluation_columns[] = {
    {"step", COLUMN_INT, AT_EVALUATION(step)},
    {"validation_accuracy", COLUMN_REAL, AT_EVALUATION(validation_accuracy)},
    {"validation_loss", COLUMN_REAL, AT_EVALUATION(validation_loss)},
    {"test_accuracy", COLUMN_REAL, AT_EVALUATION(test_accuracy)},
    {"seconds", COLUMN_REAL, AT_EVALUATION(seconds), COLUMN_TIMING},
    {NULL},
};

const Series series_metrics = {"metrics", step_columns, sizeof(RunStep)};
const Series series_evaluations = {"evaluations", evaluation_columns, sizeof(RunEvaluation)};

bool series_differs(Database *db, const char *what, int step, GError **error) {
  db->differs = true;
  return input_error(error,
                     "the %s of step %d computed now differ from those stored before, which stay: this "
                     "machine or build computes "
                     "other bits; start the run anew to compare",
                     what, step);
}

/* The columns of the key are part of the condition; ?1 is the run. */
static bool equals_stored(Database *db, const Series *series, gint64 run, const void *record,
                          GError **error) {
  g_autofree char *same = columns_join(series->columns, 0, COLUMN_TIMING | COLUMN_LATER, "%s IS ?", " AND ");
  g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM %s WHERE run = ? AND %s", series->table, same);
  sqlite3_stmt *statement = database_ask(db, error, sql, "l", run);
  if (!statement)
    return false;
  columns_bind(statement, 2, series->columns, 0, COLUMN_TIMING | COLUMN_LATER, record);
  if (database_row(db, statement, error) < 0)
    return false;
  bool equal = sqlite3_column_int(statement, 0) == 1;
  database_done(statement);
  return equal || series_differs(db, series->table,
                                 *(const int *)((const char *)record + series->columns->offset), error);
}

bool series_insert(Database *db, const Series *series, gint64 run, const void *record, GError **error) {
  g_autofree char *names = columns_names(series->columns, 0, 0);
  g_autofree char *values = columns_join(series->columns, 0, 0, "?", ", ");
  g_autofree char *sql =
      g_strdup_printf("INSERT INTO %s (run, %s) VALUES (?, %s) ON CONFLICT (run, step) DO NOTHING",
                      series->table, names, values);
  sqlite3_stmt *statement = database_ask(db, error, sql, "l", run);
  if (!statement)
    return false;
  columns_bind(statement, 2, series->columns, 0, 0, record);
  if (database_row(db, statement, error) < 0)
    return false;
  return sqlite3_changes(db->handle) == 1 || equals_stored(db, series, run, record, error);
}

GArray *series_read(Database *db, const Series *series, gint64 run, int after, GError **error) {
  g_autofree char *names = columns_names(series->columns, 0, 0);
  g_autofree char *sql =
      g_strdup_printf("SELECT %s FROM %s WHERE run = ?1 AND step > ?2 ORDER BY step", names, series->table);
  sqlite3_stmt *statement = database_ask(db, error, sql, "li", run, after);
  if (!statement)
    return NULL;
  g_autoptr(GArray) records = g_array_new(FALSE, TRUE, (guint)series->size);
  int row;
  while ((row = database_row(db, statement, error)) > 0) {
    g_array_set_size(records, records->len + 1);
    if (!columns_read(statement, 0, series->columns, 0, 0, records->data + (records->len - 1) * series->size,
                      error)) {
      database_done(statement);
      return NULL;
    }
  }
  return row == 0 ? g_steal_pointer(&records) : NULL;
}

bool warning_insert(Database *db, gint64 run, const char *sentence, GError **error) {
  return database_do(db, error,
                     "INSERT OR IGNORE INTO warnings (run, place, sentence) VALUES "
                     "(?1, 1 + (SELECT count(*) FROM warnings WHERE run = ?1), ?2)",
                     "ls", run, sentence);
}
