/* Runs on texts from outside: kept, the same with any number of threads, stopped and resumed to the same
 * bits, exported, and one sentence for what is impossible; then the same behind the window's controller. */
#include "app/controller.h"
#include "data/npy.h"
#include "tests/support/program.h"
#include "tests/temporary-folder.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define MODEL     SOURCE_ROOT "/tests/references/characters.onnx"
#define MOST_WAIT 60 /* seconds */

static const char *folder;

/* (transfer full) */
static char *write_file(const char *name, const char *text) {
  char *path = g_build_filename(folder, name, NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  return path;
}

/* Words of the model's in another order. */
static char *write_story(void) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (int i = 0; i < 40; i++)
    g_string_append(text, i % 2 ? "a dog ran to the tree. " : "the red cat sat in a barn. ");
  return write_file("story.txt", text->str);
}

/* (transfer full) */
static char *write_spec(const char *name, const char *method, const char *location, const char *dataset,
                        const char *alignment) {
  g_autofree char *text = g_strdup_printf(
      "[run]\nmodel = %s\ndataset = %s\ntokens = 16\nbatch = 8\nepochs = 4\n"
      "[manipulation]\nlocation = %s\nmethod = %s\ntokens = 4\n[alignment]\n%s\n[optimiser]\nrate = 0.05\n",
      MODEL, dataset, location, method, alignment);
  return write_file(name, text);
}

/* The last line's object.  (transfer full) */
static JsonParser *result_of(const Outcome *outcome, JsonObject **object) {
  JsonParser *parser = json_parser_new();
  g_assert_cmpuint(outcome->n_lines, >, 0);
  g_assert_true(json_parser_load_from_data(parser, outcome->lines[outcome->n_lines - 1], -1, NULL));
  *object = json_node_get_object(json_parser_get_root(parser));
  g_assert_cmpstr(json_object_get_string_member(*object, "event"), ==, "result");
  return parser;
}

static void test_next_token(void) {
  static const char *const methods[][2] = {{"soft-prompt", "embedding"}, {"prefix", "hidden"}};
  g_autofree char *story = write_story();
  for (guint i = 0; i < G_N_ELEMENTS(methods); i++) {
    g_autofree char *spec = write_spec("next.ini", methods[i][0], methods[i][1], story, "method = identity");
    char *patterns[2] = {NULL};
    for (int threads = 1; threads <= 2; threads++) {
      g_autoptr(Outcome) outcome = program_run("run %s --json --set run.threads=%d", spec, threads);
      outcome_assert(outcome, 0, "run");
      JsonObject *result;
      g_autoptr(JsonParser) parser = result_of(outcome, &result);
      g_assert_cmpfloat(json_object_get_double_member(result, "last_test_loss"), <,
                        json_object_get_double_member(result, "no_prompt_test_loss") - 0.1);
      g_assert_cmpfloat(json_object_get_double_member(result, "no_prompt_test_accuracy"), >, 0);
      g_assert_cmpstr(json_object_get_string_member(result, "weights_digest_before"), ==,
                      json_object_get_string_member(result, "weights_digest_after"));
      g_assert_cmpint(json_object_get_int_member(result, "trainable_parameters"), ==, i ? 256 : 64);
      patterns[threads - 1] = g_strdup(json_object_get_string_member(result, "pattern_sha256"));
    }
    g_assert_cmpstr(patterns[0], ==, patterns[1]);
    /* Stopped at once and resumed. */
    g_autoptr(Outcome) begun = program_run("run %s --json --seconds 0.01", spec);
    outcome_assert(begun, 0, "run --seconds");
    g_autoptr(Outcome) resumed = program_run("resume last --json");
    outcome_assert(resumed, 0, "resume");
    JsonObject *result;
    g_autoptr(JsonParser) parser = result_of(resumed, &result);
    g_assert_cmpstr(json_object_get_string_member(result, "pattern_sha256"), ==, patterns[0]);
    g_free(patterns[0]);
    g_free(patterns[1]);
  }
}

static void test_exports(void) {
  g_autofree char *story = write_story();
  g_autofree char *spec = write_spec("next.ini", "soft-prompt", "embedding", story, "method = identity");
  PROGRAM_OK("run %s --set run.epochs=1", spec);
  PROGRAM_OK("runs show last");
  PROGRAM_OK("runs export last --pattern p.npy --spec s.ini --bundle b.hoarfrost");
  g_autofree char *path = g_build_filename(folder, "p.npy", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(Tensor) pattern = npy_read(path, &error);
  g_assert_no_error(error);
  g_assert_true(shape_equal(&pattern->shape, &SHAPE(4, 16)));
  PROGRAM_OK("check s.ini");
  PROGRAM_OK("bench %s --steps 2", spec);
  g_autoptr(Outcome) model = program_run("runs export last --onnx m.onnx");
  outcome_assert(model, 1, "export --onnx");
  g_assert_nonnull(strstr(model->err, "texts"));
}

/* Label words given as the numbers of tokens: 'o' and 'a' stand for the two animals. */
static void test_label_words(void) {
  g_autoptr(GString) lines = g_string_new(NULL);
  static const char *const places[] = {"sat on the mat", "ran to the barn", "sang in the tree",
                                       "sat in the old barn"};
  for (int i = 0; i < 48; i++)
    g_string_append_printf(lines, "%s\tthe %s %s\n", i % 2 ? "dog" : "cat", i % 2 ? "dog" : "cat",
                           places[i / 2 % 4]);
  g_autofree char *texts = write_file("animals.txt", lines->str),
                  *rule = write_file("words.txt", "dog: 11\ncat: 2\n");
  g_autofree char *words = g_strdup_printf("method = structural\nrule = %s", rule);
  g_autofree char *spec = write_spec("words.ini", "prefix", "hidden", texts, words);
  g_autoptr(Outcome) outcome = program_run("run %s --json --set run.epochs=30 --set run.tokens=32", spec);
  outcome_assert(outcome, 0, "run with label words");
  JsonObject *result;
  g_autoptr(JsonParser) parser = result_of(outcome, &result);
  g_assert_cmpfloat(json_object_get_double_member(result, "last_test_accuracy"), >=, 0.75);
}

static void test_refused(void) {
  g_autofree char *story = write_story();
  const struct {
    const char *assignment, *word;
  } cases[] = {
      {"alignment.method=ilm", "own tokens"},
      {"run.dataset=squares", "has none"},
      {"run.model=objects-letters", "no language model"},
      {"run.tokens=5000", "too few"},
      {"run.tokens=95", "96"},
      {"manipulation.init=ids", "manipulation.ids"},
      {"manipulation.site=block1", "embedding"},
      {"run.dataset=" MODEL, "UTF-8"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *spec = write_spec("next.ini", "soft-prompt", "embedding", story, "method = identity");
    g_autoptr(Outcome) outcome = program_run("run %s --set %s", spec, cases[i].assignment);
    outcome_assert(outcome, 1, cases[i].assignment);
    if (!strstr(outcome->err, cases[i].word))
      g_test_message("%s", outcome->err);
    g_assert_nonnull(strstr(outcome->err, cases[i].word));
  }
}

/* f receives four rows, and then the text. */
static void check_rows(const HfSnapshot *shown) {
  g_assert_cmpint(shown->tokens, >, 0);
  g_assert_cmpint(shown->tokens, <=, 16);
  g_assert_cmpint(shown->prompt_tokens, ==, 4);
  g_assert_nonnull(shown->text);
  g_assert_cmpint(strlen(shown->text), >=, shown->tokens);
  g_assert_null(strstr(shown->text, "\342\220\243"));
  g_assert_null(shown->received);
  g_assert_null(shown->picture);
}

typedef bool (*Condition)(HfController *controller);

static void wait_for(HfController *controller, Condition condition) {
  gint64 end = g_get_monotonic_time() + MOST_WAIT * G_TIME_SPAN_SECOND;
  while (!condition(controller)) {
    g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(g_get_monotonic_time(), <, end);
  }
}

static bool is_ready(HfController *controller) {
  return hf_controller_session(controller) && hf_controller_snapshot(controller);
}

static bool is_ended(HfController *controller) {
  return hf_controller_state(controller) == HF_STATE_ENDED;
}

static bool is_at_start(HfController *controller) {
  HfSnapshot *snapshot = hf_controller_snapshot(controller);
  return snapshot && snapshot->step == 0;
}

static gboolean tick(gpointer data) {
  return G_SOURCE_CONTINUE;
}

/* What the panes show of a text: its picture, tokens by name, curves, and any stored moment of the run. */
static void test_window(void) {
  g_autofree char *story = write_story();
  g_autofree char *spec = write_spec("next.ini", "soft-prompt", "embedding", story, "method = identity");
  g_autofree char *choice = g_build_filename(g_get_user_config_dir(), "hoarfrost", "choice.ini", NULL);
  g_autofree char *above = g_path_get_dirname(choice), *text = NULL;
  g_assert_true(g_file_get_contents(spec, &text, NULL, NULL));
  g_mkdir_with_parents(above, 0700);
  g_assert_true(g_file_set_contents(choice, text, -1, NULL));
  g_autofree char *store = g_build_filename(folder, "window.db", NULL);
  g_autoptr(GError) error = NULL;
  HfController *controller = hf_controller_new(store, &error);
  g_assert_no_error(error);
  guint source = g_timeout_add(5, tick, NULL);
  wait_for(controller, is_ready);
  g_assert_cmpint(hf_controller_snapshot(controller)->names->n_source, ==, 17);
  g_assert_cmpstr(hf_controller_snapshot(controller)->names->source[2], ==, "a");
  hf_controller_run(controller);
  wait_for(controller, is_ended);
  const HfSeries *series = hf_controller_series(controller);
  g_assert_cmpint(series->steps->len, ==, series->total_steps);
  g_assert_true(isfinite(series->no_prompt) && isnan(series->no_prompt_full_size));
  const HfSnapshot *last = hf_controller_snapshot(controller);
  check_rows(last);
  g_assert_cmpfloat(fabs(last->target_on[2] - last->target_off[2]), >, 0);
  hf_controller_seek(controller, 0);
  wait_for(controller, is_at_start);
  g_source_remove(source);
  hf_controller_close(controller);
  g_object_unref(controller);
  while (g_main_context_iteration(NULL, FALSE)) {
  }
}

int main(int argc, char **argv) {
  g_autoptr(TemporaryFolder) own = folder_new();
  folder = own;
  g_setenv("XDG_CONFIG_HOME", own, TRUE);
  g_setenv("XDG_DATA_HOME", own, TRUE);
  g_test_init(&argc, &argv, NULL);
  program_set_up(HOARFROST_PROGRAM, own);
  g_test_add_func("/text-run/next-token", test_next_token);
  g_test_add_func("/text-run/exports", test_exports);
  g_test_add_func("/text-run/label-words", test_label_words);
  g_test_add_func("/text-run/refused", test_refused);
  g_test_add_func("/text-run/window", test_window);
  return g_test_run();
}
