/* A model of one's own in the program: handed over, asked about once, trained with, changed, taken off the
 * list; a file that cannot be used changes nothing.  Skips where no display or no session bus can be had. */
#include "data/model-card.h"
#include "tests/support/desktop.h"
#include "tests/support/tiny-onnx.h"

#include <string.h>

/* x (batch, 3, 16, 16) -> y (batch, 12); op: of its last node but two. */
static char *write_model(Desktop *program, const char *name, const char *op) {
  GByteArray *graph = g_byte_array_new();
  float weights[12 * 3];
  for (int i = 0; i < 36; i++)
    weights[i] = (float)(i * 7 % 5) - 2;
  wire_part(graph, GRAPH_NODE, tiny_node("Conv", "conv", "x w", "c"));
  wire_part(graph, GRAPH_NODE, tiny_node(op, "bend", "c", "r"));
  wire_part(graph, GRAPH_NODE, tiny_node("GlobalAveragePool", "pool", "r", "p"));
  wire_part(graph, GRAPH_NODE, tiny_node("Flatten", "flat", "p", "y"));
  wire_part(graph, GRAPH_INITIALISER,
            tiny_tensor("w", ONNX_FLOAT, (int64_t[]){12, 3, 1, 1, -1}, weights, sizeof weights));
  wire_part(graph, GRAPH_INPUT, tiny_port("x", ONNX_FLOAT, (int64_t[]){0, 3, 16, 16, -1}));
  wire_part(graph, GRAPH_OUTPUT, tiny_port("y", ONNX_FLOAT, (int64_t[]){0, 12, -1}));
  GByteArray *model = tiny_model(graph);
  char *path = folder_write(program->folder, name, model->data, model->len);
  g_byte_array_unref(model);
  return path;
}

static void answer(Desktop *program, const char *text) {
  const char *answers[] = {text, NULL};
  desktop_act(program, "answer-model", g_variant_new_strv(answers, -1));
}

/* The kept list of models.  (transfer full) */
static GKeyFile *kept(Desktop *program) {
  g_autofree char *path = g_build_filename(program->folder, "hoarfrost", "models.ini", NULL);
  GKeyFile *file = g_key_file_new();
  g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL);
  return file;
}

/* What is kept of the only model; NULL: nothing.  (transfer full) */
static char *kept_value(Desktop *program, const char *key) {
  g_autoptr(GKeyFile) file = kept(program);
  g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
  return groups[0] ? g_key_file_get_string(file, groups[0], key, NULL) : NULL;
}

static bool is_kept(Desktop *program, const char *key, const char *value) {
  g_autofree char *now = kept_value(program, key);
  return g_strcmp0(now, value) == 0;
}

static bool is_chosen(Desktop *program, const char *path) {
  g_autofree char *file = g_build_filename(program->folder, "hoarfrost", "choice.ini", NULL), *text = NULL;
  g_autofree char *line = g_strdup_printf("model = %s\n", path),
                  *short_line = g_strdup_printf("model=%s\n", path);
  return g_file_get_contents(file, &text, NULL, NULL) && (strstr(text, line) || strstr(text, short_line));
}

static void test_own(void) {
  Desktop program;
  desktop_open(&program, desktop_tiny);
  g_autofree char *path = write_model(&program, "my net.onnx", "Relu");
  desktop_act(&program, "open-file", g_variant_new_bytestring(path));
  desktop_wait(1000);
  g_assert_true(is_kept(&program, "path", NULL)); /* it asks first */
  answer(&program, "mean=0.5, 0.5");              /* too few: it goes on asking */
  desktop_wait(300);
  g_assert_true(is_kept(&program, "path", NULL));
  WAIT_UNTIL((answer(&program, "mean=0.5, 0.5, 0.5"), is_chosen(&program, path))); /* once it asks */
  g_assert_true(is_kept(&program, "path", path));
  g_assert_true(is_kept(&program, "card.mean", "[0.5, 0.5, 0.5]"));
  g_assert_true(is_kept(&program, "card.std", "[1, 1, 1]"));
  g_assert_true(is_kept(&program, "title", "my net"));
  const char *smaller[] = {"manipulation.image_size=8", "run.epochs=1", NULL};
  desktop_act(&program, "assign", g_variant_new_strv(smaller, -1));
  desktop_act(&program, "run", NULL);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'ended'"));
  g_autoptr(RunRow) row = desktop_only_run(&program);
  g_assert_cmpstr(row->model, ==, path);
  desktop_act_on(&program, "edit-model", path);
  WAIT_UNTIL((answer(&program, "mean=0.25, 0.5, 0.5"), is_kept(&program, "card.mean", "[0.25, 0.5, 0.5]")));
  desktop_act_on(&program, "forget-model", path);
  WAIT_UNTIL(is_kept(&program, "path", NULL));
  /* Known again without a question. */
  desktop_act(&program, "add-model", g_variant_new_bytestring(path));
  WAIT_UNTIL(is_kept(&program, "path", path));
  g_assert_true(is_kept(&program, "card.mean", "[0.25, 0.5, 0.5]"));
  desktop_quit(&program);
  desktop_check_store(&program);
  desktop_free(&program);
}

static void test_refused(void) {
  Desktop program;
  desktop_open(&program, desktop_tiny);
  g_autofree char *path = write_model(&program, "odd.onnx", "Bend");
  g_autofree char *cut = folder_write(program.folder, "cut.onnx", "\10\10\72\377\377", 5);
  desktop_act(&program, "open-file", g_variant_new_bytestring(path));
  desktop_act(&program, "open-file", g_variant_new_bytestring(cut));
  desktop_act(&program, "add-model", g_variant_new_bytestring("/nowhere/at-all.onnx"));
  desktop_act_on(&program, "forget-model", "/nowhere/at-all.onnx");
  answer(&program, "mean=1"); /* nothing is asked */
  desktop_wait(1500);
  g_assert_true(is_kept(&program, "path", NULL));
  g_assert_false(is_chosen(&program, path));
  g_assert_true(desktop_state_is(&program, "state", "'idle'"));
  desktop_assert_well(&program);
  desktop_act(&program, "step", NULL); /* what was chosen still works */
  WAIT_UNTIL(desktop_number(&program, "seek") == 1);
  desktop_quit(&program);
  desktop_free(&program);
}

/* On the command line. */
static void test_argument(void) {
  Desktop program;
  desktop_open(&program, desktop_tiny);
  desktop_quit(&program);
  g_autofree char *path = write_model(&program, "given.onnx", "Relu");
  desktop_start(&program, path);
  WAIT_UNTIL((answer(&program, "title=Given"), is_chosen(&program, path)));
  g_assert_true(is_kept(&program, "title", "Given"));
  desktop_quit(&program);
  desktop_free(&program);
}

/* In a spec, by its path: it comes on the list, and goes off it for good. */
static void test_spec(void) {
  Desktop program;
  desktop_open(&program, desktop_tiny);
  g_autofree char *path = write_model(&program, "in a spec.onnx", "Relu");
  g_autofree char *assignment = g_strdup_printf("run.model=%s", path);
  const char *assignments[] = {assignment, NULL};
  desktop_act(&program, "assign", g_variant_new_strv(assignments, -1));
  WAIT_UNTIL(is_kept(&program, "path", path));
  desktop_act_on(&program, "forget-model", path);
  WAIT_UNTIL(is_kept(&program, "path", NULL));
  static const char *const other[] = {"run.epochs=1", NULL};
  desktop_act(&program, "assign", g_variant_new_strv(other, -1));
  desktop_wait(500);
  g_assert_true(is_kept(&program, "path", NULL));
  desktop_quit(&program);
  desktop_free(&program);
}

int main(int argc, char **argv) {
  (g_test_init)(&argc, &argv, NULL);
  if (!desktop_can_be()) {
    g_print("1..0 # SKIP no display or no session bus\n");
    return 0;
  }
  g_test_add_func("/window-models/own", test_own);
  g_test_add_func("/window-models/refused", test_refused);
  g_test_add_func("/window-models/argument", test_argument);
  g_test_add_func("/window-models/spec", test_spec);
  return g_test_run();
}
