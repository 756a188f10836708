/* Stores with very many runs. */
#pragma once

#include "tests/store-fixture.h"

#include <sqlite3.h>

/* The ids are "%08x-0000-4000-8000-000000000000" of 1, 2, ...; the first is the oldest.  Every run has a
 * small pattern; accuracies go round, one in seven is not known; one in ten has a star. */
static inline void many_runs(RunStore *store, int n) {
  g_autofree char *first = NULL;
  {
    g_autoptr(RunRow) row = row_example();
    RunWriter *writer = writer_new(store, row);
    first = g_strdup(run_writer_id(writer));
    Tensor *pattern = tensor_at(1, SHAPE(3, 8, 8));
    run_writer_pattern(writer, 1, pattern);
    tensor_unref(pattern);
    run_writer_status(writer, STATUS_FINISHED, NULL);
    writer_done(writer);
  }
  g_autofree char *sql = g_strdup_printf(
      "PRAGMA synchronous = OFF; BEGIN;"
      "CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
      "SELECT i FROM n;"
      "INSERT INTO runs (id, name, format, location, operator, method, family, alignment, optimiser, model, "
      "dataset, "
      "seed, created, state, total_steps, steps, best_test_accuracy, no_prompt_test_accuracy, star, tags) "
      "SELECT printf('%%08x-0000-4000-8000-000000000000', i), printf('run %%d', i), format, location, "
      "operator, method, "
      "family, alignment, optimiser, model, dataset, i, 1700000000000 + i * 60000, 'finished', 100, 100, "
      "CASE WHEN i %% 7 THEN (i * 37 %% 100) / 100.0 END, 0.25, i %% 10 = 0, '' FROM n JOIN runs ON id = "
      "'%s';"
      "INSERT INTO specs (run, spec) SELECT number, '[run]' FROM runs WHERE id <> '%s';"
      "INSERT INTO patterns SELECT number, step, shape, preview, data FROM runs, patterns WHERE id <> '%s';"
      "DELETE FROM runs WHERE id = '%s'; COMMIT",
      n, first, first, first, first);
  sqlite3 *database;
  char *problem = NULL;
  g_assert_cmpint(sqlite3_open(run_store_path(store), &database), ==, SQLITE_OK);
  sqlite3_exec(database, sql, NULL, NULL, &problem);
  g_assert_cmpstr(problem, ==, NULL);
  sqlite3_close(database);
}

static inline char *many_runs_id(int i) {
  return g_strdup_printf("%08x-0000-4000-8000-000000000000", (guint)i);
}
