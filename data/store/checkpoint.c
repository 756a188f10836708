#include "data/store/checkpoint.h"

#include "data/store/column.h"

#define AT(field) offsetof(RunState, field)

static const Column columns[] = {
    {"step", COLUMN_INT, AT(step)},
    {"epoch", COLUMN_INT, AT(epoch)},
    {"batch_in_epoch", COLUMN_INT, AT(batch_in_epoch)},
    {"fitted_epoch", COLUMN_INT, AT(fitted_epoch)},
    {"evaluated_step", COLUMN_INT, AT(evaluated_step)},
    {"seconds", COLUMN_REAL, AT(seconds)},
    {"step_seconds", COLUMN_REAL, AT(step_seconds)},
    {"images", COLUMN_INT64, AT(images)},
    {"best_step", COLUMN_INT, AT(best_step)},
    {"best_validation_accuracy", COLUMN_REAL, AT(best_validation_accuracy)},
    {"best_test_accuracy", COLUMN_REAL, AT(best_test_accuracy)},
    {"max_test_accuracy", COLUMN_REAL, AT(max_test_accuracy)},
    {"last_validation_accuracy", COLUMN_REAL, AT(last_validation_accuracy)},
    {"last_test_accuracy", COLUMN_REAL, AT(last_test_accuracy)},
    {"no_prompt_test_accuracy", COLUMN_REAL, AT(no_prompt_test_accuracy)},
    {"no_prompt_full_size_test_accuracy", COLUMN_REAL, AT(no_prompt_full_size_test_accuracy)},
    {"last_test_loss", COLUMN_REAL, AT(last_test_loss)},
    {"no_prompt_test_loss", COLUMN_REAL, AT(no_prompt_test_loss)},
    {"no_prompt_full_size_test_loss", COLUMN_REAL, AT(no_prompt_full_size_test_loss)},
    {"parameters", COLUMN_FLOATS, AT(parameters)},
    {"moment_1", COLUMN_FLOATS, AT(moments[0])},
    {"moment_2", COLUMN_FLOATS, AT(moments[1])},
    {"omega", COLUMN_FLOATS, AT(omega)},
    {"bias", COLUMN_FLOATS, AT(bias)},
    {"counts", COLUMN_DOUBLES, AT(counts)},
    {"map_top", COLUMN_INTS, AT(map_top)},
    {NULL},
};
G_STATIC_ASSERT(OPTIMISER_MAX_MOMENTS == 2);

bool checkpoint_write(Database *db, gint64 run, const RunState *state, bool complete, GError **error) {
  g_autofree char *names = columns_names(columns, 0, 0);
  g_autofree char *values = columns_join(columns, 0, 0, "?", ", ");
  g_autofree char *sql = g_strdup_printf(
      "INSERT OR REPLACE INTO checkpoints (run, complete, %s) VALUES (?, ?, %s)", names, values);
  sqlite3_stmt *statement = database_ask(db, error, sql, "li", run, (int)complete);
  if (!statement)
    return false;
  columns_bind(statement, 3, columns, 0, 0, state);
  return database_row(db, statement, error) == 0;
}

bool checkpoint_read(Database *db, gint64 run, RunState **state, bool *complete, GError **error) {
  g_autofree char *names = columns_names(columns, 0, 0);
  g_autofree char *sql = g_strdup_printf("SELECT complete, %s FROM checkpoints WHERE run = ?1", names);
  sqlite3_stmt *statement = database_ask(db, error, sql, "l", run);
  int row = statement ? database_row(db, statement, error) : -1;
  *state = NULL;
  if (row <= 0)
    return row == 0;
  g_autoptr(RunState) found = run_state_new();
  bool good = columns_read(statement, 1, columns, 0, 0, found, error);
  if (complete)
    *complete = sqlite3_column_int(statement, 0) != 0;
  database_done(statement);
  if (good)
    *state = g_steal_pointer(&found);
  return good;
}
