#include "data/store/row.h"

#include "data/store/process.h"
#include "engine/error.h"

#include <math.h>
#include <string.h>

#define AT(field) offsetof(RunRow, field)
#define L         ROW_LISTED
#define S         ROW_START
#define R         ROW_RESULT
#define B         ROW_BUNDLE
#define N         ROW_NEEDED

const Column run_columns[] = {
    {"id", COLUMN_TEXT, AT(id), L | S | B | N},
    {"name", COLUMN_TEXT, AT(name), L | S | B | N},
    {"preset", COLUMN_TEXT, AT(preset), L | S | B},
    {"format", COLUMN_TEXT, AT(format), L | S | B | N},
    {"location", COLUMN_TEXT, AT(location), L | S | B | N},
    {"operator", COLUMN_TEXT, AT(operator), L | S | B | N},
    {"method", COLUMN_TEXT, AT(method), L | S | B | N},
    {"family", COLUMN_TEXT, AT(family), L | S | B | N},
    {"alignment", COLUMN_TEXT, AT(alignment), L | S | B | N},
    {"optimiser", COLUMN_TEXT, AT(optimiser), L | S | B},
    {"model", COLUMN_TEXT, AT(model), L | S | B | N},
    {"model_sha256", COLUMN_TEXT, AT(result.model_sha256), S | R | B},
    {"channel_order", COLUMN_TEXT, AT(channel_order), S | B},
    {"dataset", COLUMN_TEXT, AT(dataset), L | S | B | N},
    {"drawn_sha256", COLUMN_TEXT, AT(drawn_sha256), S | B},
    {"neutral", COLUMN_REAL, AT(neutral), S | B},
    {"seed", COLUMN_INT64, AT(seed), L | S | B},
    {"created", COLUMN_INT64, AT(created), L | S | B},
    {"state", COLUMN_STATUS, AT(status), L | S | B},
    {"error", COLUMN_TEXT, AT(error), L | B},
    {"boot_id", COLUMN_TEXT, AT(boot_id), L | S},
    {"pid", COLUMN_INT, AT(pid), L | S},
    {"process_start", COLUMN_INT64, AT(process_start), L | S},
    {"total_steps", COLUMN_INT, AT(total_steps), L | S | B},
    {"steps", COLUMN_INT, AT(result.steps), L | R | B},
    {"seconds", COLUMN_REAL, AT(result.seconds), L | R | B},
    {"images_per_second", COLUMN_REAL, AT(result.images_per_second), R | B},
    {"best_test_accuracy", COLUMN_REAL, AT(result.best_test_accuracy), L | R | B},
    {"last_test_accuracy", COLUMN_REAL, AT(result.last_test_accuracy), L | R | B},
    {"max_test_accuracy", COLUMN_REAL, AT(result.max_test_accuracy), R | B},
    {"best_validation_accuracy", COLUMN_REAL, AT(result.best_validation_accuracy), L | R | B},
    {"no_prompt_test_accuracy", COLUMN_REAL, AT(result.no_prompt_test_accuracy), L | R | B},
    {"no_prompt_full_size_test_accuracy", COLUMN_REAL, AT(result.no_prompt_full_size_test_accuracy),
     L | R | B},
    {"last_test_loss", COLUMN_REAL, AT(result.last_test_loss), R | B},
    {"no_prompt_test_loss", COLUMN_REAL, AT(result.no_prompt_test_loss), R | B},
    {"no_prompt_full_size_test_loss", COLUMN_REAL, AT(result.no_prompt_full_size_test_loss), R | B},
    {"trainable_parameters", COLUMN_INT64, AT(result.trainable_parameters), L | R | B},
    {"frozen_parameters", COLUMN_INT64, AT(result.frozen_parameters), R | B},
    {"weights_digest_before", COLUMN_TEXT, AT(result.weights_digest_before), R | B},
    {"weights_digest_after", COLUMN_TEXT, AT(result.weights_digest_after), R | B},
    {"pattern_sha256", COLUMN_TEXT, AT(result.pattern_sha256), R | B},
    {"pattern_norm", COLUMN_REAL, AT(result.pattern_norm), R | B},
    {"gain", COLUMN_REAL, AT(gain), L | ROW_DERIVED},
    {"star", COLUMN_BOOL, AT(star), L | B},
    {"tags", COLUMN_TEXT, AT(tags), L | S | B},
    {"note", COLUMN_TEXT, AT(note), L | S | B},
    {"deleted_at", COLUMN_TIME, AT(deleted_at), L},
    {"program_version", COLUMN_TEXT, AT(program_version), S | B},
    {"blas_core", COLUMN_TEXT, AT(blas_core), S | B},
    {"threads", COLUMN_INT, AT(threads), S | B},
    {NULL},
};

static const char *const status_names[N_STATUSES] = {"running", "finished", "stopped", "failed",
                                                     "interrupted"};

const char *run_status_name(RunStatus status) {
  return status_names[status];
}

RunStatus run_status_find(const char *name) {
  int i = 0;
  while (i < N_STATUSES && strcmp(status_names[i], name) != 0)
    i++;
  return (RunStatus)i;
}

RunRow *run_row_new(void) {
  RunRow *row = g_new0(RunRow, 1);
  for (const Column *column = run_columns; column->name; column++)
    if (column->type == COLUMN_REAL)
      *(double *)((char *)row + column->offset) = NAN;
  row->tags = g_strdup("");
  row->note = g_strdup("");
  return row;
}

void run_row_free(RunRow *row) {
  if (!row)
    return;
  columns_clear(run_columns, row);
  g_free(row->spec);
  g_free(row);
}

RunRow *run_row_read(Database *db, sqlite3_stmt *statement, unsigned wanted, GError **error) {
  g_autoptr(RunRow) row = run_row_new();
  if (!columns_read(statement, 0, run_columns, wanted, 0, row, error))
    return NULL;
  if (row->status == STATUS_RUNNING && !process_lives(row->boot_id, row->pid, row->process_start))
    row->status = STATUS_INTERRUPTED;
  return g_steal_pointer(&row);
}

bool run_row_insert(Database *db, const RunRow *row, unsigned wanted, gint64 *number, GError **error) {
  g_autofree char *names = columns_names(run_columns, wanted, ROW_DERIVED);
  g_autofree char *values = columns_join(run_columns, wanted, ROW_DERIVED, "?", ", ");
  g_autofree char *sql = g_strdup_printf("INSERT INTO runs (%s) VALUES (%s)", names, values);
  sqlite3_stmt *statement = database_ask(db, error, sql, "");
  if (!statement)
    return false;
  columns_bind(statement, 1, run_columns, wanted, ROW_DERIVED, row);
  if (database_row(db, statement, error) < 0)
    return false;
  *number = sqlite3_last_insert_rowid(db->handle);
  return database_do(db, error, "INSERT INTO specs (run, spec) VALUES (?1, ?2)", "ls", *number, row->spec);
}

bool run_number(Database *db, const char *id, gint64 *number, GError **error) {
  if (!database_number(db, number, -1, error, "SELECT number FROM runs WHERE id = ?1", "s", id))
    return false;
  return *number >= 0 ||
         input_error(error, "there is no run %s in the store %s; see `hoarfrost runs list`", id, db->path);
}

RunRow *run_row_by_number(Database *db, gint64 number, GError **error) {
  g_autofree char *names = columns_names(run_columns, 0, 0);
  g_autofree char *sql =
      g_strdup_printf("SELECT %s, spec FROM runs JOIN specs ON run = number WHERE number = ?1", names);
  sqlite3_stmt *statement = database_ask(db, error, sql, "l", number);
  int found = statement ? database_row(db, statement, error) : -1;
  if (found == 0)
    input_error(error, "a run in the store %s has lost its spec; put back a copy of the store", db->path);
  if (found <= 0)
    return NULL;
  RunRow *row = run_row_read(db, statement, 0, error);
  if (row)
    row->spec = database_text(statement, sqlite3_column_count(statement) - 1);
  database_done(statement);
  return row;
}

static void shown_state(sqlite3_context *context, int n, sqlite3_value **values) {
  const char *state = (const char *)sqlite3_value_text(values[0]);
  if (g_strcmp0(state, status_names[STATUS_RUNNING]) == 0 &&
      !process_lives((const char *)sqlite3_value_text(values[1]), sqlite3_value_int(values[2]),
                     sqlite3_value_int64(values[3])))
    state = status_names[STATUS_INTERRUPTED];
  sqlite3_result_text(context, state, -1, SQLITE_TRANSIENT);
}

void run_row_add_functions(Database *db) {
  sqlite3_create_function(db->handle, "shown_state", 4, SQLITE_UTF8, NULL, shown_state, NULL, NULL);
}
