/* The store's file: what is refused and left as it is, older and newer schemas, files that can only be read.
 */
#include "tests/store-fixture.h"

#include "data/store/file-check.h"
#include "data/store/row.h"
#include "data/store/schema.h"
#include "data/store/store.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

static char *write_file(const char *folder, const char *name, const void *bytes, gsize size) {
  char *path = g_build_filename(folder, name, NULL);
  g_assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
  return path;
}

static guint files_in(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  guint n = 0;
  while (g_dir_read_name(dir))
    n++;
  return n;
}

/* Refused with one sentence that names the file; nothing changes and nothing comes to lie beside it. */
static void assert_refused(const char *folder, const char *path, const char *sentence) {
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL, *after = NULL;
  gsize size_before = 0, size_after = 0;
  g_file_get_contents(path, &before, &size_before, NULL);
  guint files = files_in(folder);
  g_assert_null(run_store_open(path, &error));
  g_assert_nonnull(error);
  g_test_message("%s", error->message);
  g_assert_nonnull(strstr(error->message, sentence));
  g_assert_nonnull(strstr(error->message, path));
  g_assert_null(strchr(error->message, '\n'));
  g_file_get_contents(path, &after, &size_after, NULL);
  g_assert_cmpmem(before, size_before, after, size_after);
  g_assert_cmpuint(files_in(folder), ==, files);
}

static void execute(const char *path, const char *sql) {
  sqlite3 *handle;
  g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_exec(handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close(handle);
}

static void test_refused(void) {
  char *folder = folder_new();
  g_autofree char *text = write_file(folder, "text", "not a database, but longer than nothing", 39);
  assert_refused(folder, text, "is not a run store");
  char zeros[8192] = {0};
  g_autofree char *empty_pages = write_file(folder, "zeros", zeros, sizeof zeros);
  assert_refused(folder, empty_pages, "is not a run store");
  g_autofree char *foreign = g_build_filename(folder, "foreign.db", NULL);
  execute(foreign, "PRAGMA user_version = 1; PRAGMA journal_mode = WAL; CREATE TABLE bookmarks (url); INSERT "
                   "INTO bookmarks VALUES ('x')");
  assert_refused(folder, foreign, "database of another program");
  assert_refused(folder, folder, "is a folder");
  g_autofree char *pipe_path = g_build_filename(folder, "pipe", NULL);
  g_assert_cmpint(mkfifo(pipe_path, 0600), ==, 0);
  g_autoptr(GError) error = NULL;
  g_assert_null(run_store_open(pipe_path, &error));
  g_assert_nonnull(strstr(error->message, "device or pipe"));
  g_clear_error(&error);
  g_autofree char *nowhere = g_build_filename(folder, "no", "such", "runs.db", NULL);
  g_assert_null(run_store_open(nowhere, &error));
  g_assert_nonnull(strstr(error->message, "cannot be opened"));
  g_autofree char *nothing = write_file(folder, "nothing.db", "", 0);
  g_autoptr(RunStore) store = run_store_open(nothing, NULL);
  g_assert_nonnull(store);
  folder_remove(folder);
}

static void close_example(const char *folder, char **path) {
  RunStore *store = store_new(folder, "runs.db");
  for (int i = 0; i < 20; i++)
    g_free(run_new_empty(store, STATUS_FINISHED));
  *path = g_strdup(run_store_path(store));
  run_store_close(store);
}

static void test_truncated(void) {
  char *folder = folder_new();
  g_autofree char *path = NULL, *bytes = NULL;
  close_example(folder, &path);
  gsize size;
  g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
  static const double shares[] = {0.99, 0.5, 0.1, 0.001};
  for (gsize i = 0; i < G_N_ELEMENTS(shares); i++) {
    gsize kept = (gsize)((double)size * shares[i]);
    g_free(write_file(folder, "runs.db", bytes, kept));
    assert_refused(folder, path, "is cut short");
  }
  g_free(write_file(folder, "runs.db", bytes, 60));
  assert_refused(folder, path, "is not a run store");
  folder_remove(folder);
}

/* Pages of noise in the middle: sentences, never a crash. */
static void test_damaged(void) {
  char *folder = folder_new();
  g_autofree char *path = NULL, *bytes = NULL;
  close_example(folder, &path);
  gsize size;
  int errors = 0;
  g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
  for (gsize page = 0; page < size / 4096; page++) {
    g_autofree char *damaged = g_memdup2(bytes, size);
    for (gsize i = page ? 0 : 100; i < 4096; i++)
      damaged[page * 4096 + i] = (char)(number_at((int)page, (int)i) * 1000);
    g_free(write_file(folder, "runs.db", damaged, size));
    g_autoptr(GError) error = NULL;
    g_autoptr(RunStore) store = run_store_open(path, &error);
    g_autoptr(GPtrArray) rows = store ? run_store_list(store, NULL, &error) : NULL;
    g_autofree char *id = rows && rows->len ? g_strdup(((RunRow *)g_ptr_array_index(rows, 0))->id) : NULL;
    g_autoptr(RunRow) row = id ? run_store_get(store, id, &error) : NULL;
    g_assert_true(row || error);
    errors += error != NULL;
  }
  g_assert_cmpint(errors, >=, 2);
  folder_remove(folder);
}

static void test_newer(void) {
  char *folder = folder_new();
  g_autofree char *path = NULL;
  close_example(folder, &path);
  execute(path, "PRAGMA user_version = 99");
  assert_refused(folder, path, "newer Hoarfrost (schema 99");
  folder_remove(folder);
}

/* A store with a schema of its own: step 1 and the runs that a later test counts. */
static const char example_1[] =
    "CREATE TABLE runs (number INTEGER PRIMARY KEY, id TEXT); INSERT INTO runs VALUES (1, 'a')";
static const char example_2[] = "ALTER TABLE runs ADD COLUMN colour TEXT; UPDATE runs SET colour = 'blue'";
static const char example_wrong[] = "UPDATE runs SET colour = 'red'; CREATE TABLE runs (x)";

static void test_update(void) {
  static const char *const one[] = {example_1, NULL}, *const two[] = {example_1, example_2, NULL},
                           *const wrong[] = {example_1, example_2, example_wrong, NULL};
  char *folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(folder, "s.db", NULL),
                  *copy = g_strconcat(path, ".schema-1", NULL);
  g_autoptr(Database) db = database_open(path, &error);
  g_assert_true(schema_update(db, one, &error));
  g_assert_false(g_file_test(copy, G_FILE_TEST_EXISTS));
  g_assert_true(schema_update(db, two, &error));
  g_assert_true(g_file_test(copy, G_FILE_TEST_EXISTS));
  gint64 number;
  g_assert_true(
      database_number(db, &number, -1, &error, "SELECT count(*) FROM runs WHERE colour = 'blue'", ""));
  g_assert_cmpint(number, ==, 1);

  g_assert_false(schema_update(db, wrong, &error));
  g_assert_nonnull(error);
  g_clear_error(&error);
  g_assert_true(
      database_number(db, &number, -1, &error, "SELECT count(*) FROM runs WHERE colour = 'blue'", ""));
  g_assert_cmpint(number, ==, 1);
  g_assert_true(database_number(db, &number, -1, &error, "PRAGMA user_version", ""));
  g_assert_cmpint(number, ==, 2);

  g_autoptr(Database) older = database_open(copy, &error);
  g_assert_no_error(error);
  g_assert_true(database_number(older, &number, -1, &error, "PRAGMA user_version", ""));
  g_assert_cmpint(number, ==, 1);
  g_assert_false(database_do(older, NULL, "SELECT colour FROM runs", ""));
  folder_remove(folder);
}

/* Stores as they were written at each older schema, as SQL text. */
static void test_older(void) {
  for (int version = 1; schema_steps[version - 1]; version++) {
    char *folder = folder_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strdup_printf("%s/tests/store-schema-%d.sql", SOURCE_ROOT, version),
                    *sql = NULL;
    g_autofree char *path = g_build_filename(folder, "old.db", NULL);
    g_assert_true(g_file_get_contents(name, &sql, NULL, NULL));
    execute(path, sql);
    g_autoptr(RunStore) store = run_store_open(path, &error);
    g_assert_no_error(error);
    g_autofree char *id = run_store_find(store, "last", &error);
    g_autoptr(RunRow) row = run_store_get(store, id, &error);
    g_assert_cmpstr(row->name, ==, "a first run");
    g_assert_cmpint(row->status, ==, STATUS_STOPPED);
    g_autoptr(GArray) steps = run_store_steps(store, id, -1, &error),
                      evaluations = run_store_evaluations(store, id, -1, &error);
    g_assert_cmpuint(steps->len, ==, 3);
    double gradient = g_array_index(steps, RunStep, 0).gradient_norm;
    g_assert_true(version < 4 ? isnan(gradient) : gradient == step_at(1).gradient_norm);
    g_assert_cmpuint(evaluations->len, ==, 1);
    g_autoptr(Tensor) pattern = run_store_pattern(store, id, 2, NULL, &error),
                      wanted = tensor_at(2, SHAPE(3, 8, 8));
    assert_same_tensor(pattern, wanted);
    g_autoptr(Tensor) omega = NULL, map = tensor_at(3, SHAPE(4, 2));
    g_assert_true(run_store_map(store, id, 3, &omega, NULL, NULL, &error));
    assert_same_tensor(omega, map);
    g_autoptr(Tensor) own = NULL;
    g_assert_true(run_store_baseline_map(store, id, PROMPT_OFF, &own, NULL, &error));
    if (version > 1) /* the first schema had none */
      assert_same_tensor(own, map);
    g_autoptr(RunState) state = NULL, expected = state_at(3);
    g_assert_true(run_store_checkpoint(store, id, &state, NULL, &error));
    assert_same_state(state, expected);
    folder_remove(folder);
  }
}

/* The columns that the program names are those of the schema. */
static void test_columns(void) {
  char *folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  gint64 columns;
  g_assert_true(
      database_number(store->db, &columns, 0, &error, "SELECT count(*) FROM pragma_table_xinfo('runs')", ""));
  int named = 1; /* number */
  for (const Column *column = run_columns; column->name; column++)
    named++;
  g_assert_cmpint(columns, ==, named);
  gint64 sound;
  g_assert_true(database_number(store->db, &sound, 0, &error,
                                "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'",
                                ""));
  g_assert_cmpint(sound, ==, 1);
  folder_remove(folder);
}

/* Runs `body` in a child that may not write what is only the owner's: root gives its rights up first. */
static void as_nobody(void (*body)(const char *folder), const char *folder) {
  pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0)
      g_assert_true(setgroups(0, NULL) == 0 && setgid(NOBODY) == 0 && setuid(NOBODY) == 0);
    body(folder);
    _exit(0);
  }
  int status;
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void read_only_store(const char *folder) {
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  g_assert_true(run_store_read_only(store));
  g_assert_cmpint(run_store_count(store, NULL, &error), ==, 20);
  g_autofree char *id = run_store_find(store, "last", &error);
  g_autoptr(RunRow) row = run_store_get(store, id, &error);
  g_assert_no_error(error);
  g_assert_false(run_store_rename(store, id, "x", &error));
  g_assert_nonnull(strstr(error->message, "can only be read"));
  g_clear_error(&error);
  g_assert_null(run_writer_new(store, row, NULL, NULL, &error));
  g_assert_nonnull(strstr(error->message, "can only be read"));
}

static void refused_log(const char *folder) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(folder, "runs.db", NULL);
  g_assert_null(run_store_open(path, &error));
  g_assert_nonnull(strstr(error->message, "was not closed"));
}

static void test_read_only(void) {
  char *folder = folder_new(), *log_folder = folder_new();
  g_autofree char *path = NULL, *log = NULL, *copy = g_build_filename(log_folder, "runs.db", NULL);
  g_autofree char *log_copy = g_strconcat(copy, "-wal", NULL), *bytes = NULL;
  close_example(folder, &path);
  log = g_strconcat(path, "-wal", NULL);
  g_chmod(path, 0444);
  g_chmod(folder, 0555);
  as_nobody(read_only_store, folder);
  g_chmod(folder, 0777);
  as_nobody(read_only_store, folder);
  g_chmod(folder, 0755);
  g_chmod(path, 0644);

  /* While another program has it open, and has written what only the log holds. */
  RunStore *store = store_new(folder, "runs.db");
  g_autofree char *id = run_store_find(store, "last", NULL);
  g_assert_true(run_store_rename(store, id, "while open", NULL));
  if (geteuid() == 0)
    as_nobody(read_only_store, folder);
  gsize size;
  g_assert_true(g_file_get_contents(path, &bytes, &size, NULL) &&
                g_file_set_contents(copy, bytes, (gssize)size, NULL));
  g_free(g_steal_pointer(&bytes));
  g_assert_true(g_file_get_contents(log, &bytes, &size, NULL) &&
                g_file_set_contents(log_copy, bytes, (gssize)size, NULL));
  run_store_close(store);
  g_chmod(copy, 0444);
  g_chmod(log_copy, 0444);
  g_chmod(log_folder, 0555);
  as_nobody(refused_log, log_folder);
  g_chmod(log_folder, 0755);
  folder_remove(folder);
  folder_remove(log_folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/files/refused", test_refused);
  g_test_add_func("/store/files/truncated", test_truncated);
  g_test_add_func("/store/files/damaged", test_damaged);
  g_test_add_func("/store/files/newer", test_newer);
  g_test_add_func("/store/files/update", test_update);
  g_test_add_func("/store/files/older", test_older);
  g_test_add_func("/store/files/columns", test_columns);
  g_test_add_func("/store/files/read-only", test_read_only);
  return g_test_run();
}
