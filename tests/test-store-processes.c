/* The store between processes and on bad days: killed writers, living ones, two at once, full disks, held
 * files. */
#include "tests/store-fixture.h"

#include "data/file.h"
#include "data/input-file.h"
#include "data/store/process.h"
#include "data/store/store.h"
#include "data/store/writer.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define CANNOT 77 /* exit status of a child that is not allowed to do its part */

/* What a child tells: a step was posted at this time. */
typedef struct {
  int step;
  gint64 time;
} Posted;

static void post_step(RunWriter *writer, int i) {
  RunStep step = step_at(i);
  run_writer_step(writer, &step);
  if (i % 10 == 0) {
    g_autoptr(RunState) state = state_at(i);
    g_autoptr(Tensor) pattern = tensor_at(i, SHAPE(3, 16, 16)), omega = tensor_at(i, SHAPE(26, 10)),
                      bias = tensor_at(0, SHAPE(10));
    run_writer_pattern(writer, i, pattern);
    run_writer_map(writer, i, omega, bias, 0);
    run_writer_checkpoint(writer, state);
  }
}

/* Trains for ever, telling each step on `out`. */
static void train(const char *folder, const char *id, int out) {
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  g_autoptr(RunRow) row = row_example();
  row->id = g_strdup(id);
  RunWriter *writer = writer_new(store, row);
  for (int i = 1;; i++) {
    Posted posted = {i, g_get_monotonic_time()};
    post_step(writer, i);
    if (write(out, &posted, sizeof posted) != sizeof posted)
      _exit(1);
    g_usleep(1000);
  }
}

static const char run_id[] = "0f0e0d0c-0000-4000-8000-000000000001";

static void assert_status(RunStore *store, const char *id, RunStatus status) {
  g_autoptr(GError) error = NULL;
  g_autoptr(RunRow) row = run_store_get(store, id, &error);
  g_assert_no_error(error);
  g_assert_cmpint(row->status, ==, status);
  g_assert_cmpint(run_store_count(store, &(RunQuery){.status = run_status_name(status)}, NULL), ==, 1);
}

/* Every row that was posted over a second before the end is there, and the checkpoint is not ahead of them.
 */
static void assert_kept(RunStore *store, int told, gint64 killed) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) steps = run_store_steps(store, run_id, -1, &error);
  g_autoptr(GArray) patterns = run_store_pattern_steps(store, run_id, &error);
  g_autoptr(GArray) maps = run_store_map_steps(store, run_id, &error);
  g_autoptr(RunState) state = NULL;
  g_assert_true(run_store_checkpoint(store, run_id, &state, NULL, &error));
  int last = (int)steps->len, posted = 0;
  for (int i = 0; i < last; i++)
    g_assert_cmpint(g_array_index(steps, RunStep, i).step, ==, i + 1);
  for (Posted one; read(told, &one, sizeof one) == sizeof one; posted++)
    if (one.time < killed - G_TIME_SPAN_SECOND)
      g_assert_cmpint(last, >=, one.step);
  g_test_message("%d steps posted, %d kept, checkpoint at %d", posted, last, state->step);
  g_assert_cmpint(last, >, 100);
  /* Pattern, map and checkpoint follow their step, each perhaps in the next transaction. */
  g_assert_true(last / 10 - (int)patterns->len <= 1 && last / 10 - state->step / 10 <= 1);
  g_assert_cmpuint(patterns->len, >=, maps->len);
  g_assert_cmpint((int)maps->len, >=, state->step / 10);
  g_autoptr(RunState) expected = state_at(state->step);
  assert_same_state(state, expected);
}

static void go_on(RunStore *store) {
  g_autoptr(GError) error = NULL;
  g_autoptr(RunState) state = NULL;
  RunWriter *writer = run_writer_resume(store, run_id, &state, NULL, NULL, &error);
  g_assert_no_error(error);
  assert_status(store, run_id, STATUS_RUNNING);
  for (int i = state->step + 1; i <= state->step + 20; i++)
    post_step(writer, i);
  run_writer_status(writer, STATUS_FINISHED, NULL);
  writer_done(writer);
  assert_status(store, run_id, STATUS_FINISHED);
}

static void test_kill(void) {
  char *folder = folder_new();
  int ends[2];
  g_assert_cmpint(pipe(ends), ==, 0);
  pid_t child = fork();
  if (child == 0)
    train(folder, run_id, ends[1]);
  close(ends[1]);
  g_usleep(700000);
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  g_autoptr(RunState) state = NULL;
  assert_status(store, run_id, STATUS_RUNNING);
  g_assert_false(run_store_delete(store, run_id, &error));
  g_assert_nonnull(strstr(error->message, "still training"));
  g_clear_error(&error);
  g_assert_null(run_writer_resume(store, run_id, &state, NULL, NULL, &error));
  g_assert_nonnull(strstr(error->message, "trained by another process"));
  g_usleep(1000000);

  gint64 killed = g_get_monotonic_time();
  g_assert_cmpint(kill(child, SIGKILL), ==, 0);
  siginfo_t ended;
  g_assert_cmpint(waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT), ==, 0);
  assert_status(store, run_id, STATUS_INTERRUPTED);
  g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
  assert_status(store, run_id, STATUS_INTERRUPTED);
  assert_kept(store, ends[0], killed);
  close(ends[0]);
  go_on(store);
  folder_remove(folder);
}

static void test_marks(void) {
  ProcessMark self = process_mark_self();
  g_assert_cmpint(self.pid, ==, getpid());
  g_assert_true(process_lives(self.boot_id, self.pid, self.started));
  g_assert_false(process_lives(self.boot_id, self.pid, self.started + 1));
  g_assert_false(process_lives("another boot", self.pid, self.started));
  g_assert_false(process_lives(NULL, 0, 0));
  pid_t child = fork();
  if (child == 0)
    _exit(0);
  g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
  g_assert_false(process_lives(self.boot_id, child, self.started));
  process_mark_clear(&self);
}

#define MAKERS  12
#define WRITERS 4
#define STEPS   150

static void train_to_the_end(const char *folder, int which) {
  g_autoptr(RunStore) store = store_new(folder, "new.db");
  g_autoptr(RunRow) row = row_example();
  row->id = g_strdup_printf("00000000-0000-4000-8000-%012d", which);
  RunWriter *writer = writer_new(store, row);
  for (int i = 1; i <= STEPS; i++) {
    post_step(writer, i);
    g_usleep(3000);
  }
  run_writer_status(writer, STATUS_FINISHED, NULL);
  writer_done(writer);
}

/* Many make one store at the same moment: all find it whole. */
static void test_making(void) {
  for (int round = 0; round < 5; round++) {
    char *folder = folder_new();
    int start[2];
    pid_t children[MAKERS];
    g_assert_cmpint(pipe(start), ==, 0);
    for (int i = 0; i < MAKERS; i++) {
      children[i] = fork();
      if (children[i] == 0) {
        char byte;
        close(start[1]);
        g_assert_cmpint(read(start[0], &byte, 1), ==, 0); /* until the parent closes its end */
        run_store_close(store_new(folder, "new.db"));
        _exit(0);
      }
    }
    close(start[0]);
    close(start[1]);
    for (int i = 0; i < MAKERS; i++) {
      int status;
      g_assert_cmpint(waitpid(children[i], &status, 0), ==, children[i]);
      g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    folder_remove(folder);
  }
}

/* All make the store at the same moment, then write while this process lists. */
static void test_together(void) {
  char *folder = folder_new();
  pid_t children[WRITERS];
  for (int i = 0; i < WRITERS; i++) {
    children[i] = fork();
    if (children[i] == 0) {
      train_to_the_end(folder, i);
      _exit(0);
    }
  }
  g_autoptr(RunStore) store = store_new(folder, "new.db");
  g_autoptr(GError) error = NULL;
  int finished = 0, listed = 0;
  for (gint64 end = g_get_monotonic_time() + 60 * G_TIME_SPAN_SECOND; finished < WRITERS; listed++) {
    g_assert_cmpint(g_get_monotonic_time(), <, end);
    g_autoptr(GPtrArray) rows = run_store_list(store, &(RunQuery){.status = "finished"}, &error);
    g_assert_no_error(error);
    finished = (int)rows->len;
    g_usleep(2000);
  }
  g_test_message("listed %d times meanwhile", listed);
  for (int i = 0; i < WRITERS; i++) {
    int status;
    g_assert_cmpint(waitpid(children[i], &status, 0), ==, children[i]);
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    g_autofree char *id = g_strdup_printf("00000000-0000-4000-8000-%012d", i);
    g_autoptr(GArray) steps = run_store_steps(store, id, -1, &error);
    g_assert_cmpuint(steps->len, ==, STEPS);
  }
  folder_remove(folder);
}

typedef struct {
  atomic_int times;
  char sentence[400];
} Told;

static void be_told(void *data, const char *sentence) {
  Told *told = data;
  g_strlcpy(told->sentence, sentence, sizeof told->sentence);
  atomic_fetch_add(&told->times, 1);
}

static bool wait_for(Told *told) {
  for (int i = 0; i < 1000 && atomic_load(&told->times) == 0; i++)
    g_usleep(10000);
  return atomic_load(&told->times) == 1;
}

static void assert_sound(RunStore *store) {
  gint64 sound;
  g_assert_true(database_number(store->db, &sound, 0, NULL,
                                "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'",
                                ""));
  g_assert_cmpint(sound, ==, 1);
}

/* Posts more than `make_small` leaves room for; the run must not be held up.  With room again all is written.
 */
static void fill(const char *folder, void (*make_small)(const char *), void (*make_large)(const char *),
                 const char *sentence) {
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  g_autoptr(RunRow) row = row_example();
  Told told = {0};
  RunWriter *writer = run_writer_new(store, row, be_told, &told, &error);
  g_assert_no_error(error);
  g_autofree char *id = g_strdup(run_writer_id(writer));
  make_small(folder);
  gint64 longest = 0;
  g_autoptr(RunState) state = state_at(60);
  g_array_set_size(state->parameters, 300000);
  memset(state->parameters->data, 1, 300000 * sizeof(float));
  for (int i = 0; i < 60; i++) {
    g_autoptr(Tensor) pattern = tensor_at(i, SHAPE(3, 100, 100));
    gint64 start = g_get_monotonic_time();
    run_writer_pattern(writer, i, pattern);
    run_writer_checkpoint(writer, state);
    longest = MAX(longest, g_get_monotonic_time() - start);
    g_usleep(10000);
  }
  g_assert_true(wait_for(&told));
  g_test_message("%s", told.sentence);
  g_assert_cmpint(longest, <, 200000);
  g_assert_nonnull(strstr(told.sentence, sentence));
  g_assert_nonnull(strstr(told.sentence, run_store_path(store)));
  g_assert_null(strchr(told.sentence, '\n'));
  g_autoptr(GArray) before = run_store_pattern_steps(store, id, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(before->len, <, 60);
  assert_sound(store);
  if (make_large) {
    make_large(folder);
    g_assert_true(run_writer_finish(writer, &error));
    g_assert_no_error(error);
  } else {
    g_assert_false(run_writer_finish(writer, &error));
    g_assert_nonnull(strstr(error->message, sentence));
    g_clear_error(&error);
  }
  g_autoptr(GArray) after = run_store_pattern_steps(store, id, &error);
  g_assert_cmpuint(after->len, ==, make_large ? 60 : before->len);
  g_autoptr(Tensor) pattern = run_store_pattern(store, id, G_MAXINT, NULL, make_large ? &error : NULL);
  g_autoptr(Tensor) wanted = tensor_at(59, SHAPE(3, 100, 100));
  if (make_large)
    assert_same_tensor(pattern, wanted);
  assert_sound(store);
  run_writer_free(writer);
}

static void limit_files(const char *folder) {
  struct rlimit limit;
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = 1 << 20;
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

static void free_files(const char *folder) {
  struct rlimit limit;
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = limit.rlim_max;
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

static void limited(const char *folder) {
  fill(folder, limit_files, free_files, "cannot be read or written");
}

static void limited_for_ever(const char *folder) {
  fill(folder, limit_files, NULL, "cannot be read or written");
}

static void do_nothing(const char *folder) {
}

static void enlarge(const char *folder) {
  g_assert_cmpint(mount(NULL, folder, NULL, MS_REMOUNT, "size=64m"), ==, 0);
}

/* A file system of a megabyte, seen by this child only. */
static void mount_small(const char *folder) {
  if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount("hoarfrost", folder, "tmpfs", 0, "size=1m") != 0)
    _exit(CANNOT);
}

static void full_disk(const char *folder) {
  mount_small(folder);
  fill(folder, do_nothing, NULL, "is full");
}

static void full_then_free(const char *folder) {
  mount_small(folder);
  fill(folder, do_nothing, enlarge, "is full");
}

static void test_full(const void *data) {
  static void (*const bodies[])(const char *) = {limited, limited_for_ever, full_disk, full_then_free};
  char *folder = folder_new();
  pid_t child = fork();
  if (child == 0) {
    bodies[GPOINTER_TO_INT(data)](folder);
    _exit(0);
  }
  int status;
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_assert_true(WIFEXITED(status));
  if (WEXITSTATUS(status) == CANNOT)
    g_test_skip("this user may not mount a small file system");
  else
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
  folder_remove(folder);
}

/* Another program holds the file: rows wait in memory up to a bound, then are left out, and no checkpoint is
 * written that is ahead of what is there. */
static void test_held(void) {
  char *folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) store = store_new(folder, "runs.db"), holder = store_new(folder, "runs.db");
  g_autoptr(RunRow) row = row_example();
  RunWriter *writer = writer_new(store, row);
  g_autofree char *id = g_strdup(run_writer_id(writer));
  g_assert_true(database_do(holder->db, &error, "BEGIN IMMEDIATE", ""));
  for (int i = 1; i <= 20; i++) {
    g_autoptr(Tensor) pattern = tensor_new(TENSOR_FLOAT32, &SHAPE(1, 1024, 1024), NULL);
    g_autoptr(RunState) state = state_at(i);
    RunStep step = step_at(i);
    run_writer_pattern(writer, i, pattern);
    run_writer_step(writer, &step);
    run_writer_checkpoint(writer, state);
    g_assert_cmpuint(atomic_load(&writer->waiting), <=, 64 << 20);
  }
  g_assert_true(database_do(holder->db, &error, "ROLLBACK", ""));
  g_assert_false(run_writer_finish(writer, &error));
  g_test_message("%s", error->message);
  g_assert_nonnull(strstr(error->message, "lacks what came from step"));
  g_autoptr(GArray) steps = run_store_steps(store, id, -1, NULL),
                    patterns = run_store_pattern_steps(store, id, NULL);
  g_autoptr(RunState) state = NULL;
  g_assert_true(run_store_checkpoint(store, id, &state, NULL, NULL));
  g_assert_cmpuint(steps->len, ==, 15);
  g_assert_cmpuint(patterns->len, ==, 15);
  g_assert_cmpint(state->step, ==, 15);
  g_assert_cmpuint(atomic_load(&writer->waiting), ==, 0);
  assert_status(store, id, STATUS_STOPPED);
  run_writer_free(writer);
  folder_remove(folder);
}

/* Another process closes a store that nobody has locked, as the last one: it writes the log back and removes
 * it under the hands of those that use it.  A second connection of a process must not take the lock away when
 * it goes. */
static void test_locks(void) {
  char *folder = folder_new();
  g_autofree char *path = g_build_filename(folder, "runs.db", NULL);
  g_autoptr(RunStore) first = store_new(folder, "runs.db");
  g_assert_cmpint(run_store_count(first, &(RunQuery){0}, NULL), ==, 0);
  run_store_close(run_store_open(path, NULL));
  /* Nor may the store be read, or written over, as if it were a file of the user's. */
  static const char *const ends[] = {"", "-wal", "-shm"};
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
    g_autofree char *file = g_strconcat(path, ends[i], NULL);
    g_autoptr(GError) refused = NULL;
    g_assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
    g_assert_null(input_file_read(file, 1 << 20, &refused));
    g_assert_nonnull(strstr(refused->message, "is the run store that is open"));
    g_assert_null(file_map(file, NULL));
    g_assert_false(file_replace(file, "x", 1, NULL));
  }
  pid_t child = fork();
  if (child == 0) {
    /* https://sqlite.org/src/file/src/os.h: the range that readers lock. */
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000002, .l_len = 510};
    int file = open(path, O_RDWR);
    _exit(file < 0 || fcntl(file, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK);
  }
  int status;
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  folder_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/processes/kill", test_kill);
  g_test_add_func("/store/processes/marks", test_marks);
  g_test_add_func("/store/processes/making", test_making);
  g_test_add_func("/store/processes/together", test_together);
  g_test_add_data_func("/store/processes/file-limit", GINT_TO_POINTER(0), test_full);
  g_test_add_data_func("/store/processes/file-limit-for-ever", GINT_TO_POINTER(1), test_full);
  g_test_add_data_func("/store/processes/full-disk", GINT_TO_POINTER(2), test_full);
  g_test_add_data_func("/store/processes/full-disk-then-free", GINT_TO_POINTER(3), test_full);
  g_test_add_func("/store/processes/held", test_held);
  g_test_add_func("/store/processes/locks", test_locks);
  return g_test_run();
}
