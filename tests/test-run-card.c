/* What was said of a model without a card: it is kept with the run, so that the run stays the same when
 * people change their minds, and can be said on the command line. */
#include "app/session.h"
#include "data/own-models.h"
#include "tests/support/program.h"
#include "tests/support/tiny-onnx.h"
#include "tests/temporary-folder.h"

#include <string.h>

static const char *folder;

/* x (batch, 3, 16, 16) -> y (batch, 10), without a card.  (transfer full) */
static char *write_model(void) {
  g_autoptr(GByteArray) bytes = NULL;
  GByteArray *graph = g_byte_array_new();
  float weights[30];
  for (int i = 0; i < 30; i++)
    weights[i] = (float)((i * 7) % 11 - 5) / 5;
  wire_part(graph, GRAPH_NODE, tiny_node("Conv", "conv", "x w", "c"));
  wire_part(graph, GRAPH_NODE, tiny_node("Relu", "relu", "c", "r"));
  wire_part(graph, GRAPH_NODE, tiny_node("GlobalAveragePool", "pool", "r", "p"));
  wire_part(graph, GRAPH_NODE, tiny_node("Flatten", "flat", "p", "y"));
  wire_part(graph, GRAPH_INITIALISER,
            tiny_tensor("w", ONNX_FLOAT, (int64_t[]){10, 3, 1, 1, -1}, weights, sizeof weights));
  wire_part(graph, GRAPH_INPUT, tiny_port("x", ONNX_FLOAT, (int64_t[]){0, 3, 16, 16, -1}));
  wire_part(graph, GRAPH_OUTPUT, tiny_port("y", ONNX_FLOAT, (int64_t[]){0, 10, -1}));
  bytes = tiny_model(graph);
  return folder_write(folder, "plain.onnx", bytes->data, bytes->len);
}

/* (transfer full) */
static char *write_spec(const char *model, const char *card) {
  g_autofree char *text =
      g_strdup_printf("[run]\nmodel = %s\ndataset = squares\ntrain = 64\nvalidation = 16\ntest = 16\n"
                      "epochs = 1\nbatch = 16\n%s",
                      model, card);
  return folder_write(folder, "plain.ini", text, strlen(text));
}

static Session *open_spec(const char *text, char *const *assignments, GError **error) {
  g_autoptr(RunSpec) spec = run_spec_parse_with(text, "a test", assignments, true, error);
  return spec ? session_open_model(spec, NULL, error) : NULL;
}

static void test_spec_over_answers(void) {
  g_autofree char *path = write_model();
  g_autofree char *text = g_strdup_printf("[run]\nmodel = %s\n", path);
  g_autoptr(GError) error = NULL;
  g_autoptr(Session) silent = open_spec(text, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(silent->model->card.mean[1], ==, 0);
  g_autofree char *nothing = run_spec_text(silent->spec);
  g_assert_null(strstr(nothing, "[card]"));

  g_assert_true(own_models_keep(
      silent->model, (const char *const[]){"mean", "[0.5, 0.25, 0.5]", "title", "Plain", NULL}, &error));
  g_autoptr(Session) answered = open_spec(text, NULL, &error);
  g_assert_cmpfloat(answered->model->card.mean[1], ==, 0.25f);
  g_autofree char *kept = run_spec_text(answered->spec);
  g_assert_nonnull(strstr(kept, "\n[card]\nmean = [0.5, 0.25, 0.5]\n"));

  /* Another answer later changes nothing of the run that was kept. */
  g_assert_true(own_models_keep(silent->model, (const char *const[]){"mean", "[0, 0.75, 0]", NULL}, &error));
  g_autoptr(Session) again = open_spec(kept, NULL, &error), now = NULL;
  g_assert_cmpfloat(again->model->card.mean[1], ==, 0.25f);
  g_autofree char *same = run_spec_text(again->spec);
  g_assert_cmpstr(same, ==, kept);
  now = open_spec(text, NULL, &error);
  g_assert_cmpfloat(now->model->card.mean[1], ==, 0.75f);
  g_assert_true(own_models_keep(silent->model, (const char *const[]){"mean", "", NULL}, &error));
  g_assert_no_error(error);
}

/* Sessions share a model only where the same is said of it. */
static void test_shared(void) {
  g_autofree char *path = write_model();
  g_autofree char *text = g_strdup_printf("[run]\nmodel = %s\ndataset = squares\n", path);
  static char *const half[] = {"card.std=[0.5, 0.5, 0.5]", NULL};
  g_autoptr(RunSpec) plain = run_spec_parse(text, "a test", true, NULL),
                     divided = run_spec_parse_with(text, "a test", half, true, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(Session) first = session_open(plain, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(Session) same = session_open_like(plain, first, NULL, &error),
                     other = session_open_like(divided, first, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(same->model == first->model);
  g_assert_true(other->model != first->model);
  g_assert_cmpfloat(other->model->card.std[2], ==, 0.5f);
  g_assert_cmpfloat(first->model->card.std[2], ==, 1);
}

static void test_refused(void) {
  g_autofree char *path = write_model();
  g_autofree char *text = g_strdup_printf("[run]\nmodel = %s\n", path);
  static const struct {
    const char *assignment, *words;
  } cases[] = {
      {"card.mean=half", "JSON array"},
      {"card.std=[1, 1]", "2 numbers"},
      {"card.channel_order=GRB", "RGB|BGR"},
      {"card.classes=[\"a\", \"b\"]", "2 names"},
      {"card.men=[0, 0, 0]", "did you mean mean"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Session) session = open_spec(text, (char *[]){(char *)cases[i].assignment, NULL}, &error);
    g_assert_null(session);
    if (!strstr(error->message, cases[i].words))
      g_error("%s: %s", cases[i].assignment, error->message);
  }
}

/* The command line tells of a silent card, and what it advises can be typed; the pattern depends on it. */
static void test_command(void) {
  g_autofree char *path = write_model(), *spec = write_spec(path, "");
  g_autoptr(Outcome) silent = program_run("run %s --json", spec);
  outcome_assert(silent, 0, silent->err);
  g_assert_nonnull(strstr(silent->err, "--set 'card.mean=["));
  g_autofree char *said = write_spec(path, "[card]\nmean = [0.5, 0.5, 0.5]\nstd = [0.25, 0.25, 0.25]\n"
                                           "input_range = 0..1\n");
  g_autoptr(Outcome) told = program_run("run %s --json", said), twice = program_run("run %s --json", said);
  outcome_assert(told, 0, told->err);
  g_assert_null(strstr(told->err, "card"));
  const char *first = strstr(told->out, "pattern_sha256"), *second = strstr(twice->out, "pattern_sha256"),
             *without = strstr(silent->out, "pattern_sha256");
  g_assert_true(first && second && without);
  g_assert_cmpint(strncmp(first, second, 60), ==, 0);
  g_assert_cmpint(strncmp(first, without, 60), !=, 0);
  PROGRAM_OK("runs export last --spec %s/again.ini", folder);
  g_autofree char *exported = g_build_filename(folder, "again.ini", NULL), *text = NULL;
  g_assert_true(g_file_get_contents(exported, &text, NULL, NULL));
  g_assert_nonnull(strstr(text, "\n[card]\nmean = [0.5, 0.5, 0.5]\n"));
}

int main(int argc, char **argv) {
  g_autoptr(TemporaryFolder) own = folder_new();
  folder = own;
  g_setenv("XDG_DATA_HOME", own, TRUE); /* where answers are kept */
  (g_test_init)(&argc, &argv, NULL);
  program_set_up(HOARFROST_PROGRAM, own);
  g_test_add_func("/run-card/spec-over-answers", test_spec_over_answers);
  g_test_add_func("/run-card/shared", test_shared);
  g_test_add_func("/run-card/refused", test_refused);
  g_test_add_func("/run-card/command", test_command);
  return g_test_run();
}
