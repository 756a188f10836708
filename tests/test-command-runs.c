/* `run`, `resume` and `runs` from outside: events, results, repeating, stopping and going on. */
#include "data/datasets.h"
#include "data/npy.h"
#include "tests/support/program.h"
#include "tests/temporary-folder.h"

#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The default experiment on very few pictures: two epochs of two steps. */
#define TEST 64
#define SMALL                                                                                                \
  "--set run.train=128 --set run.validation=32 --set run.test=" G_STRINGIFY(                                 \
      TEST) " --set run.epochs=2 --set run.threads=2"
#define SPEC SOURCE_ROOT "/data/specs/default.ini"

static const char *folder;

static JsonParser *parse(const char *line, JsonObject **object) {
  JsonParser *parser = json_parser_new();
  g_autoptr(GError) error = NULL;
  json_parser_load_from_data(parser, line, -1, &error);
  g_assert_no_error(error);
  *object = json_node_get_object(json_parser_get_root(parser));
  return parser;
}

static bool is_event(const char *line, const char *event) {
  g_autofree char *start = g_strdup_printf("{\"event\":\"%s\",", event);
  return g_str_has_prefix(line, start);
}

/* A text member of the last line.  (transfer full) */
static char *result_text(const Outcome *outcome, const char *member) {
  g_assert_cmpuint(outcome->n_lines, >, 1);
  const char *last = outcome->lines[outcome->n_lines - 1];
  g_assert_true(is_event(last, "result"));
  JsonObject *object;
  g_autoptr(JsonParser) parser = parse(last, &object);
  return g_strdup(json_object_get_string_member(object, member));
}

static double result_number(const Outcome *outcome, const char *member) {
  JsonObject *object;
  g_autoptr(JsonParser) parser = parse(outcome->lines[outcome->n_lines - 1], &object);
  return json_object_get_double_member_with_default(object, member, -1);
}

static bool data_is_absent(void) {
  g_autoptr(GPtrArray) missing = dataset_missing(dataset_find("fashion-mnist"));
  if (missing->len)
    g_test_skip("dataset-fashion-mnist is absent");
  return missing->len > 0;
}

/* "start" first, every step once and in order, "result" last with all that the contract names. */
static void test_events(void) {
  if (data_is_absent())
    return;
  g_autoptr(Outcome) outcome =
      program_run("run %s %s --store events.db --png pattern.png --json", SPEC, SMALL);
  outcome_assert(outcome, 0, "run");
  g_assert_true(is_event(outcome->lines[0], "start"));
  int steps = 0, evaluations = 0;
  for (guint i = 0; i < outcome->n_lines; i++) {
    JsonObject *object;
    g_autoptr(JsonParser) parser = parse(outcome->lines[i], &object);
    if (is_event(outcome->lines[i], "step")) {
      g_assert_cmpint(json_object_get_int_member(object, "step"), ==, ++steps);
      g_assert_cmpfloat(json_object_get_double_member(object, "loss"), >, 0);
      g_assert_true(json_object_has_member(object, "train_accuracy"));
    } else if (is_event(outcome->lines[i], "evaluation"))
      evaluations++;
  }
  g_assert_cmpint(steps, ==, 4);
  g_assert_cmpint(evaluations, ==, 3);
  static const char *const numbers[] = {"seconds",
                                        "images_per_second",
                                        "best_test_accuracy",
                                        "last_test_accuracy",
                                        "max_test_accuracy",
                                        "best_validation_accuracy",
                                        "no_prompt_test_accuracy",
                                        "no_prompt_full_size_test_accuracy",
                                        "trainable_parameters",
                                        "frozen_parameters"};
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
    g_assert_cmpfloat(result_number(outcome, numbers[i]), >, 0);
  g_assert_cmpfloat(result_number(outcome, "steps"), ==, 4);
  g_assert_cmpfloat(result_number(outcome, "trainable_parameters"), ==, 9216);
  g_autofree char *before = result_text(outcome, "weights_digest_before"),
                  *after = result_text(outcome, "weights_digest_after");
  g_assert_cmpuint(strlen(before), ==, 64);
  g_assert_cmpstr(before, ==, after);
  g_autofree char *png = g_build_filename(folder, "pattern.png", NULL), *bytes = NULL;
  gsize size = 0;
  g_assert_true(g_file_get_contents(png, &bytes, &size, NULL));
  g_assert_cmpuint(size, >, 1000);
  g_assert_cmpmem(bytes, 8, "\x89PNG\r\n\x1a\n", 8);
}

static char *file_sha256(const char *name) {
  g_autofree char *path = g_build_filename(folder, name, NULL), *bytes = NULL;
  gsize size = 0;
  g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
  return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size);
}

/* The run that the test before has stored: listed, shown, exported, and repeated bit for bit from its
 * exported spec. */
static void test_stored(void) {
  if (data_is_absent())
    return;
  g_autoptr(Outcome) list = program_run("runs list --store events.db --json");
  outcome_assert(list, 0, "runs list");
  g_assert_cmpuint(list->n_lines, ==, 1);
  g_autoptr(Outcome) show = program_run("runs show last --store events.db --json");
  outcome_assert(show, 0, "runs show");
  JsonObject *object;
  g_autoptr(JsonParser) parser = parse(show->out, &object);
  const char *digest = json_object_get_string_member(object, "pattern_sha256");
  g_assert_cmpstr(json_object_get_string_member(object, "status"), ==, "finished");
  g_assert_cmpint(json_array_get_length(json_object_get_array_member(object, "evaluations")), ==, 3);
  PROGRAM_OK("runs export last --store events.db --spec again.ini --pattern pattern.npy --png again.png");
  g_autofree char *exported = file_sha256("pattern.npy");
  g_assert_cmpstr(exported, ==, digest);
  g_autoptr(Outcome) again = program_run("run again.ini --set run.threads=1 --store events.db --json");
  outcome_assert(again, 0, "run again.ini");
  g_autofree char *repeated = result_text(again, "pattern_sha256");
  g_assert_cmpstr(repeated, ==, digest);
  g_autofree char *first = g_strndup(json_object_get_string_member(object, "run"), 8);
  g_autoptr(Outcome) compare = program_run("runs compare %s last --store events.db --json", first);
  outcome_assert(compare, 0, "runs compare");
  /* They differ in the number of threads only. */
  JsonObject *comparison;
  g_autoptr(JsonParser) comparison_parser = parse(compare->out, &comparison);
  JsonArray *differences = json_object_get_array_member(comparison, "differences");
  g_assert_cmpint(json_array_get_length(differences), ==, 1);
  g_assert_cmpstr(json_object_get_string_member(json_array_get_object_element(differences, 0), "key"), ==,
                  "run.threads");
  PROGRAM_OK("runs merge events.db --store merged.db");
  PROGRAM_OK("runs delete %s --store events.db", first);
  g_autoptr(Outcome) left = program_run("runs list --store events.db --json");
  g_assert_cmpuint(left->n_lines, ==, 1);
  g_autoptr(Outcome) merged = program_run("runs list --store merged.db --json");
  g_assert_cmpuint(merged->n_lines, ==, 2);
}

/* The stored run leaves as one ONNX model whose accuracy on the same test pictures is the run's own, to the
 * last picture. */
static void test_onnx(void) {
  if (data_is_absent())
    return;
  const int n = TEST, size = 32;
  g_autoptr(Outcome) show = program_run("runs show last --store events.db --json");
  outcome_assert(show, 0, "runs show");
  JsonObject *object;
  g_autoptr(JsonParser) parser = parse(show->out, &object);
  PROGRAM_OK("runs export last --store events.db --onnx reprogrammed.onnx");
  g_autoptr(GError) error = NULL;
  g_autoptr(SampleSet) set = dataset_load("fashion-mnist", 1, &error);
  g_assert_no_error(error);
  g_autoptr(Tensor) pictures = tensor_new(TENSOR_FLOAT32, &SHAPE(n, 3, size, size), NULL);
  for (int i = 0; i < n; i++)
    picture_resize(&g_array_index(set->test.pictures, Picture, i), size, size, 3,
                   tensor_floats(pictures) + i * 3 * size * size);
  g_autofree char *input = g_build_filename(folder, "pictures.npy", NULL),
                  *output = g_build_filename(folder, "answers.npy", NULL);
  g_assert_true(npy_write(input, pictures, NULL));
  PROGRAM_OK("forward reprogrammed.onnx --input pictures.npy --output answers.npy");
  g_autoptr(Tensor) answers = npy_read(output, NULL);
  g_assert_true(answers && shape_equal(&answers->shape, &SHAPE(n, 10)));
  int correct = 0;
  for (int i = 0; i < n; i++) {
    const float *row = tensor_floats(answers) + i * 10;
    int best = 0;
    for (int k = 1; k < 10; k++)
      best = row[k] > row[best] ? k : best;
    correct += best == g_array_index(set->test.labels, int, i);
  }
  g_assert_cmpfloat(json_object_get_double_member(object, "last_test_accuracy"), ==, (double)correct / n);
}

/* A bundle carries a run into another store. */
static void test_bundle(void) {
  if (data_is_absent())
    return;
  PROGRAM_OK("runs export last --store events.db --bundle run.hoarfrost --pattern original.npy");
  PROGRAM_OK("runs merge run.hoarfrost --store other.db");
  PROGRAM_OK("runs export last --store other.db --pattern carried.npy");
  g_autofree char *original = file_sha256("original.npy"), *carried = file_sha256("carried.npy");
  g_assert_cmpstr(original, ==, carried);
}

/* The curves as a table; a bundle with fewer patterns, which still ends in the last one. */
static void test_thinned(void) {
  if (data_is_absent())
    return;
  PROGRAM_OK(
      "runs export last --store events.db --metrics metrics.csv --bundle few.hoarfrost --most-patterns 2");
  PROGRAM_OK("runs merge few.hoarfrost --store few.db");
  PROGRAM_OK("runs export last --store few.db --pattern last.npy --metrics same.csv --onnx few.onnx");
  g_autofree char *original = file_sha256("original.npy"), *carried = file_sha256("last.npy"),
                  *metrics = file_sha256("metrics.csv"), *same = file_sha256("same.csv"),
                  *model = file_sha256("reprogrammed.onnx"), *few = file_sha256("few.onnx");
  g_assert_cmpstr(original, ==, carried);
  g_assert_cmpstr(metrics, ==, same);
  g_assert_cmpstr(model, ==, few);
  g_autoptr(Outcome) refused = program_run("runs export last --store few.db --bundle x --most-patterns 1");
  outcome_assert(refused, 2, "--most-patterns 1");
}

/* Reads until a line begins with the event; false at the end. */
static bool wait_for(FILE *from, const char *event) {
  char *line = NULL;
  size_t room = 0;
  bool found = false;
  while (!found && getline(&line, &room, from) > 0)
    found = is_event(line, event);
  free(line);
  return found;
}

/* Ctrl-C in the middle of training: status 0, a result, and resume ends with the bits of an uninterrupted
 * run. */
static void test_interrupt(void) {
  if (data_is_absent())
    return;
  g_autoptr(Outcome) whole = program_run("run %s %s --store whole.db --json", SPEC, SMALL);
  outcome_assert(whole, 0, "run");
  g_autofree char *wanted = result_text(whole, "pattern_sha256");
  int out;
  g_autofree char *line = g_strdup_printf("run %s %s --store stopped.db --json", SPEC, SMALL);
  GPid pid = program_start(line, &out);
  FILE *from = fdopen(out, "r");
  g_assert_true(wait_for(from, "step"));
  g_assert_cmpint(kill(pid, SIGINT), ==, 0);
  g_assert_true(wait_for(from, "result"));
  int status;
  g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
  g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  fclose(from);
  g_autoptr(Outcome) list = program_run("runs list --store stopped.db --status stopped --json");
  g_assert_cmpuint(list->n_lines, ==, 1);
  g_autoptr(Outcome) resumed = program_run("resume last --store stopped.db --json");
  outcome_assert(resumed, 0, "resume");
  g_autofree char *got = result_text(resumed, "pattern_sha256");
  g_assert_cmpstr(got, ==, wanted);
  g_autoptr(Outcome) twice = program_run("resume last --store stopped.db");
  outcome_assert(twice, 1, "resume of a finished run");
}

/* --seconds ends a run that would take hours. */
static void test_seconds(void) {
  if (data_is_absent())
    return;
  gint64 begun = g_get_monotonic_time();
  g_autoptr(Outcome) outcome =
      program_run("run %s %s --set run.epochs=100000 --seconds 1 --store seconds.db --json", SPEC, SMALL);
  outcome_assert(outcome, 0, "run --seconds");
  g_autofree char *status = result_text(outcome, "status");
  g_assert_cmpstr(status, ==, "stopped");
  g_assert_cmpint(g_get_monotonic_time() - begun, <, 60 * G_USEC_PER_SEC);
}

/* A reader that goes away stops the run quietly; a full disk behind the output is a fault. */
static void test_output(void) {
  if (data_is_absent())
    return;
  int out;
  g_autofree char *line =
      g_strdup_printf("run %s %s --set run.epochs=100000 --store pipe.db --json", SPEC, SMALL);
  GPid pid = program_start(line, &out);
  FILE *from = fdopen(out, "r");
  g_assert_true(wait_for(from, "step"));
  fclose(from);
  int status;
  g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
  g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  g_autoptr(Outcome) list = program_run("runs list --store pipe.db --status stopped --json");
  g_assert_cmpuint(list->n_lines, ==, 1);
  char *arguments[] = {"/bin/sh", "-c", "exec " HOARFROST_PROGRAM " methods --json >/dev/full", NULL};
  g_autofree char *err = NULL;
  g_assert_true(
      g_spawn_sync(folder, arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &err, &status, NULL));
  g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
  g_assert_true(g_str_has_prefix(err, "hoarfrost: the output cannot be written"));
}

/* Without a terminal: lines, no bar, and the words that people look for. */
static void test_text(void) {
  if (data_is_absent())
    return;
  g_autoptr(Outcome) outcome = program_run("run --preset default %s --store text.db", SMALL);
  outcome_assert(outcome, 0, "run");
  g_assert_null(strchr(outcome->out, '\r'));
  g_assert_cmpstr(outcome->err, ==, "");
  static const char *const words[] = {"test accuracy", "best by validation", "no prompt, full size",
                                      "label map", "kept as"};
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    g_assert_nonnull(strstr(outcome->out, words[i]));
  PROGRAM_OK("runs list --store text.db");
  PROGRAM_OK("runs show last --store text.db");
}

/* A run that diverges: status 1, one sentence with the remedy, and the run is kept as failed. */
static void test_not_a_number(void) {
  g_autoptr(Outcome) outcome = program_run("run %s --set run.dataset=squares --set run.train=128 --set "
                                           "run.validation=16 --set run.test=16 --set run.batch=32 "
                                           "--set run.epochs=20 --set manipulation.operator=additive --set "
                                           "manipulation.method=overlay --set manipulation.start=random "
                                           "--set manipulation.norm=1 --set alignment.method=rlm --set "
                                           "optimiser.method=sgd --set optimiser.rate=1000 "
                                           "--set optimiser.weight_decay=1 --store nan.db --json",
                                           SPEC);
  outcome_assert(outcome, 1, "run");
  g_assert_nonnull(strstr(outcome->err, "the loss is not a number at step"));
  g_assert_nonnull(strstr(outcome->err, "[optimiser] rate"));
  g_assert_null(strchr(g_strchomp(outcome->err), '\n'));
  g_autoptr(Outcome) list = program_run("runs list --store nan.db --status failed --json");
  g_assert_cmpuint(list->n_lines, ==, 1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_autoptr(TemporaryFolder) own = folder_new();
  folder = own;
  program_set_up(HOARFROST_PROGRAM, own);
  g_test_add_func("/command-runs/events", test_events);
  g_test_add_func("/command-runs/stored", test_stored);
  g_test_add_func("/command-runs/onnx", test_onnx);
  g_test_add_func("/command-runs/bundle", test_bundle);
  g_test_add_func("/command-runs/thinned", test_thinned);
  g_test_add_func("/command-runs/interrupt", test_interrupt);
  g_test_add_func("/command-runs/seconds", test_seconds);
  g_test_add_func("/command-runs/output", test_output);
  g_test_add_func("/command-runs/text", test_text);
  g_test_add_func("/command-runs/not-a-number", test_not_a_number);
  return g_test_run();
}
