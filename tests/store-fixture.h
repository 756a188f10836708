/* Runs to put into stores, for the tests of the store and of bundles. */
#pragma once

#include "data/run-store.h"
#include "data/run-writer.h"
#include "data/store/store.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* A new folder, and its removal with all that is in it. */
static inline char *folder_new(void) {
  g_autoptr(GError) error = NULL;
  char *folder = g_dir_make_tmp("hoarfrost-test-XXXXXX", &error);
  g_assert_no_error(error);
  return folder;
}

static inline void folder_remove(char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_unlink(path);
  }
  g_rmdir(folder);
  g_free(folder);
}

static inline RunStore *store_new(const char *folder, const char *name) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(folder, name, NULL);
  RunStore *store = run_store_open(path, &error);
  g_assert_no_error(error);
  g_assert_nonnull(store);
  return store;
}

typedef struct {
  int step, target, before, after; /* source classes, largest weight, lowest index on ties */
} MapChange;

/* By step and target.  (transfer full) (element-type MapChange) */
static inline GArray *map_changes(RunStore *store, const char *id) {
  GArray *changes = g_array_new(FALSE, FALSE, sizeof(MapChange));
  sqlite3_stmt *statement =
      database_ask(store->db, NULL,
                   "SELECT step, target, source_before, source_after FROM map_changes "
                   "WHERE run = (SELECT number FROM runs WHERE id = ?1) ORDER BY step, target",
                   "s", id);
  g_assert_nonnull(statement);
  while (database_row(store->db, statement, NULL) > 0) {
    MapChange change = {sqlite3_column_int(statement, 0), sqlite3_column_int(statement, 1),
                        sqlite3_column_int(statement, 2), sqlite3_column_int(statement, 3)};
    g_array_append_val(changes, change);
  }
  return changes;
}

static inline RunRow *row_example(void) {
  RunRow *row = run_row_new();
  row->spec = g_strdup("[run]\nmodel=objects-letters\ndataset=fashion-mnist\n");
  row->format = g_strdup("learnable");
  row->location = g_strdup("input");
  row->operator= g_strdup("concatenative");
  row->method = g_strdup("border");
  row->family = g_strdup("statistical");
  row->alignment = g_strdup("ilm");
  row->optimiser = g_strdup("adam");
  row->model = g_strdup("objects-letters");
  row->result.model_sha256 = g_strdup("00ff");
  row->channel_order = g_strdup("RGB");
  row->dataset = g_strdup("fashion-mnist");
  row->neutral = 0.5;
  row->seed = 0x8000000000000001u;
  row->total_steps = 100;
  row->program_version = g_strdup("0.1.0");
  row->blas_core = g_strdup("Haswell");
  row->threads = 2;
  return row;
}

static inline RunWriter *writer_new(RunStore *store, const RunRow *row) {
  g_autoptr(GError) error = NULL;
  RunWriter *writer = run_writer_new(store, row, NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_nonnull(writer);
  return writer;
}

static inline void writer_done(RunWriter *writer) {
  g_autoptr(GError) error = NULL;
  g_assert_true(run_writer_finish(writer, &error));
  g_assert_no_error(error);
  run_writer_free(writer);
}

/* Stores a run without rows; its id.  (transfer full) */
static inline char *run_new_empty(RunStore *store, RunStatus status) {
  g_autoptr(RunRow) row = row_example();
  RunWriter *writer = writer_new(store, row);
  char *id = g_strdup(run_writer_id(writer));
  run_writer_status(writer, status, NULL);
  writer_done(writer);
  return id;
}

/* Numbers of many bits that depend on step and index. */
static inline float number_at(int step, int i) {
  return (float)sin(step * 100.0 + i);
}

static inline Tensor *tensor_at(int step, Shape shape) {
  Tensor *tensor = tensor_new(TENSOR_FLOAT32, &shape, NULL);
  for (int i = 0; i < tensor_count(tensor); i++)
    tensor_floats(tensor)[i] = number_at(step, i);
  return tensor;
}

static inline void assert_same_tensor(const Tensor *a, const Tensor *b) {
  g_assert_true(shape_equal(&a->shape, &b->shape));
  g_assert_cmpmem(a->data, tensor_bytes(a), b->data, tensor_bytes(b));
}

static inline RunStep step_at(int step) {
  return (RunStep){step, (step - 1) / 10, 1.0 / step, number_at(step, 0), step * 0.25, 1.0 / (step + 2)};
}

static inline void fill_floats(GArray *array, int step, guint n) {
  for (guint i = 0; i < n; i++) {
    float number = number_at(step, (int)i);
    g_array_append_val(array, number);
  }
}

static inline RunState *state_at(int step) {
  RunState *state = run_state_new();
  state->step = step;
  state->epoch = step / 10;
  state->batch_in_epoch = step % 10;
  state->fitted_epoch = state->epoch;
  state->evaluated_step = step - 1;
  state->seconds = step * 0.1;
  state->step_seconds = step / 7.0;
  state->images = (int64_t)step << 33;
  state->best_step = step - 1;
  state->best_validation_accuracy = 1 / 3.0;
  state->best_test_accuracy = 2 / 3.0;
  state->no_prompt_test_accuracy = 0.1;
  fill_floats(state->parameters, step, 1000);
  fill_floats(state->moments[0], step + 1, 1000);
  fill_floats(state->moments[1], step + 2, 1000);
  fill_floats(state->omega, step + 3, 260);
  fill_floats(state->bias, step + 4, 10);
  for (int i = 0; i < 260; i++) {
    double count = (double)step / (i + 1);
    int top = i * step;
    g_array_append_val(state->counts, count);
    if (i < 10)
      g_array_append_val(state->map_top, top);
  }
  return state;
}

static inline void assert_same_array(GArray *a, GArray *b) {
  g_assert_cmpuint(g_array_get_element_size(a), ==, g_array_get_element_size(b));
  gsize size = g_array_get_element_size(a);
  g_assert_cmpmem(a->data, a->len * size, b->data, b->len * size);
}

static inline void assert_same_number(double a, double b) {
  g_assert_true(isnan(a) ? isnan(b) : memcmp(&a, &b, sizeof a) == 0);
}

/* Every field, bit for bit. */
static inline void assert_same_state(const RunState *a, const RunState *b) {
  g_assert_cmpint(a->step, ==, b->step);
  g_assert_cmpint(a->epoch, ==, b->epoch);
  g_assert_cmpint(a->batch_in_epoch, ==, b->batch_in_epoch);
  g_assert_cmpint(a->fitted_epoch, ==, b->fitted_epoch);
  g_assert_cmpint(a->evaluated_step, ==, b->evaluated_step);
  g_assert_cmpint(a->best_step, ==, b->best_step);
  g_assert_cmpint(a->images, ==, b->images);
  assert_same_number(a->seconds, b->seconds);
  assert_same_number(a->step_seconds, b->step_seconds);
  assert_same_number(a->best_validation_accuracy, b->best_validation_accuracy);
  assert_same_number(a->best_test_accuracy, b->best_test_accuracy);
  assert_same_number(a->max_test_accuracy, b->max_test_accuracy);
  assert_same_number(a->last_validation_accuracy, b->last_validation_accuracy);
  assert_same_number(a->last_test_accuracy, b->last_test_accuracy);
  assert_same_number(a->no_prompt_test_accuracy, b->no_prompt_test_accuracy);
  assert_same_number(a->no_prompt_full_size_test_accuracy, b->no_prompt_full_size_test_accuracy);
  assert_same_number(a->last_test_loss, b->last_test_loss);
  assert_same_number(a->no_prompt_test_loss, b->no_prompt_test_loss);
  assert_same_array(a->parameters, b->parameters);
  for (int i = 0; i < OPTIMISER_MAX_MOMENTS; i++)
    assert_same_array(a->moments[i], b->moments[i]);
  assert_same_array(a->omega, b->omega);
  assert_same_array(a->bias, b->bias);
  assert_same_array(a->counts, b->counts);
  assert_same_array(a->map_top, b->map_top);
}
