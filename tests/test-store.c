/* The run store in one process: what goes in comes out, lists, lookup, changes, merging. */
#include "tests/store-fixture.h"

#include "data/store/store.h"
#include "engine/error.h"

static void test_state(void) {
  g_autoptr(RunState) first = run_state_new();
  g_assert_cmpint(first->best_step, ==, -1);
  g_assert_true(isnan(first->no_prompt_test_accuracy) && isnan(first->max_test_accuracy));
  g_assert_cmpuint(first->parameters->len + first->moments[1]->len + first->counts->len, ==, 0);
  g_autoptr(RunState) state = state_at(7), copy = run_state_copy(state);
  assert_same_state(state, copy);
  g_array_index(copy->parameters, float, 3) = 99;
  g_assert_cmpfloat(g_array_index(state->parameters, float, 3), !=, 99);
}

static void post_all(RunWriter *writer, int first, int last) {
  for (int i = first; i <= last; i++) {
    RunStep step = step_at(i);
    g_autoptr(Tensor) pattern = tensor_at(i, SHAPE(3, 32, 30));
    g_autoptr(Tensor) omega = tensor_at(i / 5, SHAPE(26, 10)), bias = tensor_at(i, SHAPE(10));
    RunObserver observer = run_writer_observer(writer);
    observer.step(observer.data, &step);
    observer.pattern(observer.data, i, pattern);
    if (i % 5 == 0) {
      RunEvaluation evaluation = {i, i == 15 ? 0.5 : 0.25, NAN, i / 100.0, i * 2.0};
      observer.evaluation(observer.data, &evaluation);
      observer.map(observer.data, i, omega, bias, i);
    }
  }
}

static void test_round_trip(void) {
  char *folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  g_autoptr(RunRow) row = row_example();
  RunWriter *writer = writer_new(store, row);
  g_autofree char *id = g_strdup(run_writer_id(writer));
  g_autoptr(RunState) state = state_at(20);
  post_all(writer, 1, 20);
  run_writer_checkpoint(writer, state);
  g_autoptr(Tensor) own = tensor_at(7, SHAPE(4, 2)), own_bias = tensor_at(8, SHAPE(2));
  run_writer_baseline(writer, PROMPT_OFF, 0.125, 2.25, own, own_bias);
  run_writer_warning(writer, "first");
  run_writer_warning(writer, "a second");
  run_writer_warning(writer, "first");
  run_writer_status(writer, STATUS_FAILED, "the loss is not a number");
  writer_done(writer);

  g_autoptr(RunRow) read = run_store_get(store, id, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(read->name, ==, "border, ilm on fashion-mnist");
  g_assert_cmpstr(read->spec, ==, row->spec);
  g_assert_true(read->seed == row->seed);
  g_assert_cmpint(read->status, ==, STATUS_FAILED);
  g_assert_cmpstr(read->error, ==, "the loss is not a number");
  g_assert_cmpint(read->result.steps, ==, 20);
  g_assert_cmpfloat(read->result.seconds, ==, 5);
  g_assert_cmpfloat(read->result.best_validation_accuracy, ==, 0.5);
  g_autoptr(Tensor) kept = NULL, kept_bias = NULL, none = NULL;
  g_assert_true(run_store_baseline_map(store, id, PROMPT_OFF, &kept, &kept_bias, &error));
  assert_same_tensor(kept, own);
  assert_same_tensor(kept_bias, own_bias);
  g_assert_true(run_store_baseline_map(store, id, PROMPT_FULL_SIZE, &none, NULL, &error));
  g_assert_null(none);
  g_assert_cmpfloat(read->result.no_prompt_test_loss, ==, 2.25);
  g_assert_true(isnan(read->result.no_prompt_full_size_test_loss));
  g_assert_cmpfloat(read->result.best_test_accuracy, ==, 0.15);
  g_assert_cmpfloat(read->result.last_test_accuracy, ==, 0.2);
  g_assert_cmpfloat_with_epsilon(read->gain, 0.15 - 0.125, 1e-12);
  g_assert_true(isnan(read->result.no_prompt_full_size_test_accuracy));
  g_assert_cmpint(ABS(read->created - store_now()), <, 60000);

  g_autoptr(GArray) steps = run_store_steps(store, id, 10, &error);
  g_assert_cmpuint(steps->len, ==, 10);
  RunStep expected = step_at(11), got = g_array_index(steps, RunStep, 0);
  g_assert_true(got.step == 11 && got.epoch == 1);
  assert_same_number(got.loss, expected.loss);
  assert_same_number(got.train_accuracy, expected.train_accuracy);
  assert_same_number(got.seconds, expected.seconds);
  g_autoptr(GArray) evaluations = run_store_evaluations(store, id, -1, &error);
  g_assert_cmpuint(evaluations->len, ==, 4);
  g_assert_true(isnan(g_array_index(evaluations, RunEvaluation, 2).validation_loss));

  int found;
  g_autoptr(Tensor) pattern = run_store_pattern(store, id, 7, &found, &error),
                    wanted = tensor_at(7, SHAPE(3, 32, 30));
  g_assert_cmpint(found, ==, 7);
  assert_same_tensor(pattern, wanted);
  g_autoptr(GArray) pattern_steps = run_store_pattern_steps(store, id, &error);
  g_assert_cmpuint(pattern_steps->len, ==, 20);
  g_autoptr(GBytes) preview = run_store_preview(store, id, G_MAXINT, &error);
  g_assert_cmpmem((const char *)g_bytes_get_data(preview, NULL) + 1, 3, "PNG", 3);
  g_autoptr(Tensor) omega = NULL, bias = NULL, map = tensor_at(2, SHAPE(26, 10)),
                    shift = tensor_at(10, SHAPE(10));
  g_assert_true(run_store_map(store, id, 14, &omega, &bias, &found, &error));
  g_assert_cmpint(found, ==, 10);
  assert_same_tensor(omega, map);
  assert_same_tensor(bias, shift);
  g_autoptr(GPtrArray) warnings = run_store_warnings(store, id, &error);
  g_assert_cmpuint(warnings->len, ==, 2);
  g_assert_cmpstr(g_ptr_array_index(warnings, 0), ==, "first");

  g_autoptr(RunState) again = NULL;
  bool complete = false;
  g_assert_true(run_store_checkpoint(store, id, &again, &complete, &error) && complete);
  assert_same_state(state, again);
  folder_remove(folder);
}

/* A map in which target t is read from source sources[t]. */
static Tensor *map_of(const int *sources) {
  Tensor *omega = tensor_new(TENSOR_FLOAT32, &SHAPE(6, 3), NULL);
  for (int target = 0; target < 3; target++)
    tensor_floats(omega)[sources[target] * 3 + target] = 1;
  return omega;
}

static void test_map_changes(void) {
  char *folder = folder_new();
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  g_autoptr(RunRow) row = row_example();
  RunWriter *writer = writer_new(store, row);
  g_autofree char *id = g_strdup(run_writer_id(writer));
  static const int sources[][3] = {{0, 1, 2}, {0, 4, 2}, {5, 4, 1}};
  g_autoptr(Tensor) bias = tensor_at(0, SHAPE(3));
  for (int i = 0; i < 3; i++) {
    g_autoptr(Tensor) omega = map_of(sources[i]);
    run_writer_map(writer, i * 10, omega, bias, i);
  }
  writer_done(writer);
  g_autoptr(GArray) changes = map_changes(store, id);
  static const MapChange expected[] = {{10, 1, 1, 4}, {20, 0, 0, 5}, {20, 2, 2, 1}};
  g_assert_cmpmem(changes->data, changes->len * sizeof(MapChange), expected, sizeof expected);
  g_autoptr(GArray) steps = run_store_map_steps(store, id, NULL);
  g_assert_cmpuint(steps->len, ==, 3);
  g_assert_cmpint(g_array_index(steps, RunMapStep, 2).switches, ==, 2);
  folder_remove(folder);
}

/* Steps that are computed again must be the same; times may differ and the old ones stay. */
static void test_again(void) {
  char *folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  g_autoptr(RunRow) row = row_example();
  RunWriter *writer = writer_new(store, row);
  g_autofree char *id = g_strdup(run_writer_id(writer));
  post_all(writer, 1, 12);
  post_all(writer, 5, 15);
  RunStep late = step_at(3);
  late.seconds = 1000;
  run_writer_step(writer, &late);
  g_assert_true(run_writer_finish(writer, &error));
  run_writer_free(writer);

  static const int n_differing = 4;
  for (int i = 0; i < n_differing; i++) {
    g_autoptr(RunState) state = NULL;
    writer = run_writer_resume(store, id, &state, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_null(state);
    RunStep step = step_at(16 + i), other = step_at(4);
    g_autoptr(Tensor) pattern = tensor_at(99, SHAPE(3, 32, 30)), bias = tensor_at(5, SHAPE(10)),
                      omega = tensor_at(99, SHAPE(26, 10));
    other.loss = nextafter(other.loss, 2);
    RunEvaluation evaluation = {5, 0.25, 0.5, 0.05, 0};
    if (i == 0)
      run_writer_step(writer, &other);
    else if (i == 1)
      run_writer_pattern(writer, 4, pattern);
    else if (i == 2)
      run_writer_map(writer, 5, omega, bias, 0);
    else
      run_writer_evaluation(writer, &evaluation);
    run_writer_step(writer, &step);
    g_assert_false(run_writer_finish(writer, &error));
    g_assert_error(error, HOARFROST_ERROR, HOARFROST_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "differ"));
    g_clear_error(&error);
    run_writer_free(writer);
  }
  g_autoptr(GArray) steps = run_store_steps(store, id, -1, NULL);
  g_assert_cmpuint(steps->len, ==, 15 + n_differing);
  assert_same_number(g_array_index(steps, RunStep, 2).seconds, step_at(3).seconds);
  assert_same_number(g_array_index(steps, RunStep, 3).loss, step_at(4).loss);
  folder_remove(folder);
}

static void test_result(void) {
  char *folder = folder_new();
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  g_autoptr(RunRow) row = row_example();
  RunWriter *writer = writer_new(store, row);
  g_autofree char *id = g_strdup(run_writer_id(writer));
  char digest[] = "abc";
  RunResult result = {.steps = 90,
                      .best_test_accuracy = 0.75,
                      .last_test_accuracy = NAN,
                      .no_prompt_test_accuracy = 0.125,
                      .no_prompt_full_size_test_accuracy = 0.0625,
                      .last_test_loss = 1.25,
                      .no_prompt_test_loss = 2.5,
                      .frozen_parameters = 20000,
                      .pattern_sha256 = digest,
                      .pattern_norm = 3.25};
  run_writer_result(writer, &result);
  run_writer_status(writer, STATUS_FINISHED, NULL);
  writer_done(writer);
  g_autoptr(RunRow) read = run_store_get(store, id, NULL);
  g_assert_cmpint(read->status, ==, STATUS_FINISHED);
  g_assert_cmpint(read->result.steps, ==, 90);
  g_assert_cmpint(read->result.frozen_parameters, ==, 20000);
  g_assert_cmpstr(read->result.pattern_sha256, ==, "abc");
  assert_same_number(read->result.pattern_norm, 3.25);
  assert_same_number(read->gain, 0.75 - 0.125);

  g_autoptr(GError) error = NULL;
  g_autoptr(RunState) state = NULL;
  g_assert_null(run_writer_resume(store, id, &state, NULL, NULL, &error));
  g_assert_nonnull(strstr(error->message, "has finished"));
  folder_remove(folder);
}

static void test_changes(void) {
  char *folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) store = store_new(folder, "runs.db"), other = store_new(folder, "runs.db");
  g_autofree char *id = run_new_empty(store, STATUS_FINISHED);
  g_assert_true(run_store_changed(other));
  g_assert_false(run_store_changed(other));
  g_assert_true(run_store_rename(store, id, "my run", &error));
  g_assert_true(run_store_changed(other));
  g_assert_true(run_store_set_star(store, id, true, &error));
  g_assert_true(run_store_set_tags(store, id, " paper,first ,, paper", &error));
  g_assert_true(run_store_set_note(store, id, "looks like \xff frost", &error));
  g_autoptr(RunRow) row = run_store_get(other, id, &error);
  g_assert_cmpstr(row->name, ==, "my run");
  g_assert_true(row->star);
  g_assert_cmpstr(row->tags, ==, "first,paper");
  g_assert_true(g_utf8_validate(row->note, -1, NULL));
  g_assert_false(run_store_rename(store, "no-such-run", "x", &error));
  g_assert_nonnull(strstr(error->message, "no-such-run"));
  g_clear_error(&error);

  g_assert_true(run_store_delete(store, id, &error));
  g_assert_cmpint(run_store_count(store, NULL, &error), ==, 0);
  g_assert_cmpint(run_store_count(store, &(RunQuery){.deleted = true}, &error), ==, 1);
  int purged = -1;
  g_assert_true(run_store_purge(store, 3600000, &purged, &error));
  g_assert_cmpint(purged, ==, 0);
  g_assert_true(run_store_undelete(store, id, &error));
  g_assert_cmpint(run_store_count(store, NULL, &error), ==, 1);
  g_assert_true(run_store_delete(store, id, &error));
  g_assert_true(run_store_purge(store, 0, &purged, &error));
  g_assert_cmpint(purged, ==, 1);
  g_assert_null(run_store_get(store, id, &error));
  g_assert_nonnull(strstr(error->message, id));
  folder_remove(folder);
}

/* Purging takes all rows of the run with it, and the file shrinks. */
static void test_purge(void) {
  char *folder = folder_new();
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  g_autoptr(RunRow) row = row_example();
  RunWriter *writer = writer_new(store, row);
  g_autofree char *id = g_strdup(run_writer_id(writer));
  post_all(writer, 1, 60);
  writer_done(writer);
  GStatBuf before, after;
  run_store_purge(store, 0, NULL, NULL);
  g_assert_cmpint(g_stat(run_store_path(store), &before), ==, 0);
  g_assert_true(run_store_delete(store, id, NULL));
  g_assert_true(run_store_purge(store, 0, NULL, NULL));
  g_assert_cmpint(g_stat(run_store_path(store), &after), ==, 0);
  g_assert_cmpint(after.st_size, <, before.st_size / 2);
  gint64 left;
  g_assert_true(database_number(store->db, &left, -1, NULL,
                                "SELECT (SELECT count(*) FROM metrics) + (SELECT count(*) FROM patterns) + "
                                "(SELECT count(*) FROM maps) + (SELECT count(*) FROM map_changes)",
                                ""));
  g_assert_cmpint(left, ==, 0);
  folder_remove(folder);
}

static void test_find(void) {
  char *folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  g_assert_null(run_store_find(store, "last", &error));
  g_assert_nonnull(strstr(error->message, "no runs yet"));
  g_clear_error(&error);
  static const char *const ids[] = {
      "abcd0000-0000-4000-8000-000000000001", "abcd0000-0000-4000-8000-000000000002",
      "abce0000-0000-4000-8000-000000000003", "12340000-0000-4000-8000-000000000004"};
  for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
    g_autoptr(RunRow) row = row_example();
    row->id = g_strdup(ids[i]);
    writer_done(writer_new(store, row));
  }
  static const struct {
    const char *text;
    int found; /* index, or -1 */
    const char *sentence;
  } cases[] = {
      {"abce", 2},
      {"ABCE00", 2},
      {"abcd0000-0000-4000-8000-000000000002", 1},
      {"last", 3},
      {"abcd", -1,
       "several runs (abcd0000-0000-4000-8000-000000000001, abcd0000-0000-4000-8000-000000000002)"},
      {"abc", -1, "at least 4"},
      {"ffff", -1, "there is no run ffff"},
      {"ab'; DROP TABLE runs", -1, "does not name a run"},
      {"", -1, "does not name a run"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *id = run_store_find(store, cases[i].text, &error);
    g_assert_cmpstr(id, ==, cases[i].found < 0 ? NULL : ids[cases[i].found]);
    if (cases[i].found < 0)
      g_assert_nonnull(strstr(error->message, cases[i].sentence));
    g_clear_error(&error);
  }
  g_assert_true(run_store_delete(store, ids[0], &error));
  g_autofree char *only = run_store_find(store, "abcd", &error),
                  *deleted = run_store_find(store, ids[0], &error);
  g_assert_cmpstr(only, ==, ids[1]);
  g_assert_cmpstr(deleted, ==, ids[0]);
  folder_remove(folder);
}

static void test_merge(void) {
  char *folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) store = store_new(folder, "runs.db"), other = store_new(folder, "100% other?.db");
  g_autofree char *here = run_new_empty(store, STATUS_FINISHED),
                  *deleted = run_new_empty(other, STATUS_STOPPED);
  g_assert_true(run_store_delete(other, deleted, &error));
  g_autoptr(RunRow) row = row_example();
  RunWriter *writer = writer_new(other, row), *living = writer_new(other, row);
  g_autofree char *id = g_strdup(run_writer_id(writer));
  g_autoptr(RunState) state = state_at(12), merged_state = NULL;
  post_all(writer, 1, 12);
  run_writer_checkpoint(writer, state);
  run_writer_warning(writer, "z");
  run_writer_warning(writer, "a");
  writer_done(writer);
  MergeCount count;
  g_assert_true(run_store_merge(store, run_store_path(other), &count, &error));
  g_assert_no_error(error);
  g_assert_cmpint(count.added, ==, 1);
  g_assert_cmpint(count.skipped, ==, 2);
  g_autoptr(GArray) steps = run_store_steps(store, id, -1, &error),
                    none = run_store_steps(store, here, -1, &error);
  g_assert_cmpuint(steps->len, ==, 12);
  g_assert_cmpuint(none->len, ==, 0);
  g_autoptr(Tensor) pattern = run_store_pattern(store, id, 12, NULL, &error),
                    wanted = tensor_at(12, SHAPE(3, 32, 30));
  assert_same_tensor(pattern, wanted);
  g_assert_true(run_store_checkpoint(store, id, &merged_state, NULL, &error));
  assert_same_state(merged_state, state);
  g_autoptr(GPtrArray) warnings = run_store_warnings(store, id, &error);
  g_assert_cmpstr(g_ptr_array_index(warnings, 0), ==, "z");
  writer_done(living);
  g_assert_true(run_store_merge(store, run_store_path(other), &count, &error));
  g_assert_cmpint(count.added, ==, 1);
  g_assert_cmpint(count.skipped, ==, 2);
  g_assert_false(run_store_merge(store, run_store_path(store), &count, &error));
  g_clear_error(&error);
  g_assert_false(run_store_merge(store, "/nowhere/x.db", &count, &error));
  g_assert_nonnull(strstr(error->message, "/nowhere/x.db"));
  folder_remove(folder);
}

static void test_view(void) {
  char *folder = folder_new();
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  g_autofree char *id = run_new_empty(store, STATUS_FINISHED);
  g_autoptr(RunRow) row = run_store_get(store, id, NULL);
  sqlite3_stmt *statement =
      database_ask(store->db, NULL, "SELECT id, state, created, alignment_family FROM v_runs", "");
  g_assert_cmpint(database_row(store->db, statement, NULL), ==, 1);
  g_assert_cmpstr((const char *)sqlite3_column_text(statement, 1), ==, "finished");
  g_autoptr(GDateTime) created =
      g_date_time_new_from_iso8601((const char *)sqlite3_column_text(statement, 2), NULL);
  g_assert_cmpint(g_date_time_to_unix(created) * 1000 + g_date_time_get_microsecond(created) / 1000, ==,
                  row->created);
  database_done(statement);
  folder_remove(folder);
}

/* A pattern and a checkpoint that are more than may wait in memory, posted one behind the other. */
static void test_large(void) {
  const int count = 6 << 20; /* 24 MiB */
  char *folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  g_autoptr(RunRow) row = row_example();
  RunWriter *writer = writer_new(store, row);
  g_autofree char *id = g_strdup(run_writer_id(writer));
  g_autoptr(Tensor) pattern = tensor_new(TENSOR_FLOAT32, &SHAPE(count), NULL);
  g_autoptr(RunState) state = state_at(7), kept = NULL;
  g_array_set_size(state->parameters, count);
  memset(state->parameters->data, 0, (gsize)count * sizeof(float));
  for (int k = 0; k < 2; k++)
    g_array_set_size(state->moments[k], count);
  for (int step = 6; step <= 7; step++) {
    RunStep metrics = step_at(step);
    run_writer_pattern(writer, step, pattern);
    run_writer_step(writer, &metrics);
  }
  run_writer_checkpoint(writer, state);
  run_writer_status(writer, STATUS_STOPPED, NULL);
  g_assert_true(run_writer_finish(writer, &error));
  g_assert_no_error(error);
  run_writer_free(writer);
  g_assert_true(run_store_checkpoint(store, id, &kept, NULL, NULL));
  g_assert_cmpint(kept->step, ==, 7);
  g_assert_cmpuint(kept->moments[1]->len, ==, count);
  g_autoptr(GArray) patterns = run_store_pattern_steps(store, id, NULL);
  g_assert_cmpuint(patterns->len, ==, 2);
  folder_remove(folder);
}

/* A run that cannot go on is what it was. */
static void test_give_back(void) {
  static const struct {
    RunStatus status;
    const char *sentence;
  } cases[] = {{STATUS_FAILED, "the loss is not a number at step 4"}, {STATUS_STOPPED, NULL}};
  char *folder = folder_new();
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(RunRow) row = row_example();
    RunWriter *writer = writer_new(store, row);
    g_autofree char *id = g_strdup(run_writer_id(writer));
    run_writer_status(writer, cases[i].status, cases[i].sentence);
    g_assert_true(run_writer_finish(writer, NULL));
    run_writer_free(writer);
    g_autoptr(RunState) state = NULL;
    writer = run_writer_resume(store, id, &state, NULL, NULL, &error);
    g_assert_no_error(error);
    run_writer_give_back(writer);
    run_writer_free(writer);
    g_autoptr(RunRow) after = run_store_get(store, id, NULL);
    g_assert_cmpint(after->status, ==, cases[i].status);
    g_assert_cmpstr(after->error, ==, cases[i].sentence);
  }
  folder_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/state", test_state);
  g_test_add_func("/store/round-trip", test_round_trip);
  g_test_add_func("/store/map-changes", test_map_changes);
  g_test_add_func("/store/again", test_again);
  g_test_add_func("/store/result", test_result);
  g_test_add_func("/store/changes", test_changes);
  g_test_add_func("/store/purge", test_purge);
  g_test_add_func("/store/find", test_find);
  g_test_add_func("/store/merge", test_merge);
  g_test_add_func("/store/view", test_view);
  g_test_add_func("/store/large", test_large);
  g_test_add_func("/store/give-back", test_give_back);
  return g_test_run();
}
