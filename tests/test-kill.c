/* SIGKILL anywhere in a run, and resume: the end is the same to the bit, and the store has every row once.
 *
 * A toy network and a toy task in files keep a run at about a second; it fits its label map again at the
 * start of each of its many epochs, so kills fall into steps, fits and evaluations alike. */
#include "data/onnx-write.h"
#include "tests/support/program.h"
#include "tests/support/toy.h"
#include "tests/temporary-folder.h"

#include <json-glib/json-glib.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILLS 20
#define STEPS 200 /* 40 epochs of 5 */

static const char *folder;

static void write_idx(const char *name, const SamplePart *part) {
  int n = sample_part_size(part);
  g_autoptr(GByteArray) images = g_byte_array_new(), labels = g_byte_array_new();
  const guint32 image_header[] = {GUINT32_TO_BE(0x803), GUINT32_TO_BE((guint32)n), GUINT32_TO_BE(8),
                                  GUINT32_TO_BE(8)};
  const guint32 label_header[] = {GUINT32_TO_BE(0x801), GUINT32_TO_BE((guint32)n)};
  g_byte_array_append(images, (const guint8 *)image_header, sizeof image_header);
  g_byte_array_append(labels, (const guint8 *)label_header, sizeof label_header);
  for (int i = 0; i < n; i++) {
    guint8 label = (guint8)g_array_index(part->labels, int, i);
    g_byte_array_append(images, g_array_index(part->pictures, Picture, i).pixels, 64);
    g_byte_array_append(labels, &label, 1);
  }
  g_autofree char *images_name = g_strdup_printf("toy/%s-images-idx3-ubyte", name);
  g_autofree char *labels_name = g_strdup_printf("toy/%s-labels-idx1-ubyte", name);
  g_free(folder_write(folder, images_name, images->data, images->len));
  g_free(folder_write(folder, labels_name, labels->data, labels->len));
}

static void write_task(void) {
  static const char spec[] =
      "[run]\nmodel = toy.onnx\ndataset = toy\ntrain = 90\nvalidation = 20\ntest = 40\nepochs = 40\n"
      "batch = 16\nthreads = 2\n[manipulation]\nmethod = border\nimage_size = 6\n"
      "[alignment]\nmethod = ilm\n[optimiser]\nrate = 0.1\n";
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = toy_model(1);
  g_autofree char *path = g_build_filename(folder, "toy.onnx", NULL);
  g_assert_true(onnx_write(path, model->graph, &(OnnxWriteOptions){.opset = 16}, &error));
  g_assert_no_error(error);
  g_autoptr(SampleSet) set = toy_set(120, 60, 9);
  write_idx("train", &set->train);
  write_idx("t10k", &set->test);
  g_free(folder_write(folder, "spec.ini", spec, strlen(spec)));
}

/* The number in the store that a query gives. */
static int store_count(const char *store, const char *query) {
  g_autofree char *path = g_build_filename(folder, store, NULL);
  sqlite3 *database;
  sqlite3_stmt *statement;
  g_assert_cmpint(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_prepare_v2(database, query, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
  int count = sqlite3_column_int(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return count;
}

/* Everything in the result but times and the run's name. */
static char *outcome_digest(const Outcome *outcome) {
  static const char *const members[] = {"steps",
                                        "best_test_accuracy",
                                        "last_test_accuracy",
                                        "max_test_accuracy",
                                        "best_validation_accuracy",
                                        "no_prompt_test_accuracy",
                                        "no_prompt_full_size_test_accuracy",
                                        "weights_digest_after",
                                        "pattern_sha256"};
  g_autoptr(JsonParser) parser = json_parser_new();
  g_assert_true(json_parser_load_from_data(parser, outcome->lines[outcome->n_lines - 1], -1, NULL));
  JsonObject *object = json_node_get_object(json_parser_get_root(parser));
  g_assert_cmpstr(json_object_get_string_member(object, "event"), ==, "result");
  GString *digest = g_string_new(NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
    g_autofree char *text = json_to_string(json_object_get_member(object, members[i]), FALSE);
    g_string_append_printf(digest, "%s=%s ", members[i], text);
  }
  return g_string_free(digest, FALSE);
}

/* Starts the run, reads `lines` events, waits a little more, and kills it. */
static void run_and_kill(const char *store, int lines, gulong microseconds) {
  int out;
  g_autofree char *arguments = g_strdup_printf("run spec.ini --store %s --json", store);
  GPid pid = program_start(arguments, &out);
  FILE *from = fdopen(out, "r");
  char *line = NULL;
  size_t room = 0;
  for (int i = 0; i < lines && getline(&line, &room, from) > 0; i++)
    ;
  free(line);
  g_usleep(microseconds);
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  fclose(from);
}

static void test_kill(void) {
  write_task();
  g_autoptr(Outcome) whole = program_run("run spec.ini --store whole.db --json");
  outcome_assert(whole, 0, "run");
  g_autofree char *wanted = outcome_digest(whole);
  int interrupted = 0;
  for (int trial = 0; trial < KILLS; trial++) {
    g_autofree char *store = g_strdup_printf("killed-%d.db", trial);
    int lines = g_test_rand_int_range(1, STEPS);
    run_and_kill(store, lines, (gulong)g_test_rand_int_range(0, 4000));
    g_autoptr(Outcome) list = program_run("runs list --store %s --status interrupted --json", store);
    interrupted += list->n_lines == 1;
    g_autoptr(Outcome) resumed = program_run("resume last --store %s --json", store);
    if (resumed->status == 1) /* it had ended before the signal came */
      continue;
    outcome_assert(resumed, 0, "resume");
    g_autofree char *got = outcome_digest(resumed);
    g_assert_cmpstr(got, ==, wanted);
    g_assert_cmpint(store_count(store, "SELECT count(*) FROM metrics"), ==, STEPS);
    g_assert_cmpint(store_count(store, "SELECT count(*) FROM patterns"), ==,
                    store_count("whole.db", "SELECT count(*) FROM patterns"));
    g_assert_cmpint(store_count(store, "SELECT count(*) FROM maps"), ==,
                    store_count("whole.db", "SELECT count(*) FROM maps"));
    g_assert_cmpint(store_count(store, "SELECT count(*) FROM evaluations"), ==,
                    store_count("whole.db", "SELECT count(*) FROM evaluations"));
  }
  g_test_message("%d of %d kills interrupted a run", interrupted, KILLS);
  g_assert_cmpint(interrupted, >, KILLS / 2);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_autoptr(TemporaryFolder) own = folder_new();
  folder = own;
  program_set_up(HOARFROST_PROGRAM, own);
  g_test_add_func("/kill/resume-keeps-bits", test_kill);
  return g_test_run();
}
