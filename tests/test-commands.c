/* The commands from outside: help, listings, arrays, and one sentence for each kind of bad input. */
#include "data/npy.h"
#include "tests/support/program.h"
#include "tests/temporary-folder.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

static const char *folder;

/* The object on a line.  (transfer full) */
static JsonParser *parse(const char *line, JsonObject **object) {
  JsonParser *parser = json_parser_new();
  g_autoptr(GError) error = NULL;
  json_parser_load_from_data(parser, line, -1, &error);
  g_assert_no_error(error);
  g_assert_true(JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)));
  *object = json_node_get_object(json_parser_get_root(parser));
  return parser;
}

static const char *const command_names[] = {
    "run",   "resume",  "models",  "datasets", "methods", "alignments", "optimisers", "presets",
    "check", "inspect", "forward", "gradient", "align",   "bench",      "prompt",     "runs"};

static void test_help(void) {
  g_autoptr(Outcome) top = program_run("--help");
  outcome_assert(top, 0, "--help");
  for (guint i = 0; i < G_N_ELEMENTS(command_names); i++) {
    g_autofree char *row = g_strdup_printf("\n  %s ", command_names[i]);
    g_assert_nonnull(strstr(top->out, row));
    g_autoptr(Outcome) help = program_run("%s --help", command_names[i]);
    outcome_assert(help, 0, command_names[i]);
    g_assert_true(g_str_has_prefix(help->out, "Usage:"));
    g_assert_cmpstr(help->err, ==, "");
  }
  static const char *const sub_names[] = {"list", "show", "export", "compare", "delete", "merge"};
  for (guint i = 0; i < G_N_ELEMENTS(sub_names); i++) {
    g_autoptr(Outcome) help = program_run("runs %s --help", sub_names[i]);
    outcome_assert(help, 0, sub_names[i]);
    g_assert_true(g_str_has_prefix(help->out, "Usage:"));
  }
  g_autoptr(Outcome) version = program_run("--version");
  outcome_assert(version, 0, "--version");
  g_assert_true(g_str_has_prefix(version->out, "hoarfrost "));
  g_assert_cmpuint(version->n_lines, ==, 1);
}

/* Each listing: a line an object, with the members that the contract names. */
static void test_listings(void) {
  static const struct {
    const char *command, *members;
    guint least;
  } cases[] = {
      {"models", "name title task path sha256 parameters classes", 1},
      {"datasets", "name title classes train test", 3},
      {"methods", "name title paper operator locations formats settings", 2},
      {"alignments", "name title paper family settings", 8},
      {"optimisers", "name title paper settings", 2},
      {"presets", "name title paper cell filed_as deviations needs", 1},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Outcome) text = program_run("%s", cases[i].command);
    outcome_assert(text, 0, cases[i].command);
    g_assert_cmpuint(text->n_lines, >, cases[i].least);
    g_autoptr(Outcome) json = program_run("%s --json", cases[i].command);
    outcome_assert(json, 0, cases[i].command);
    g_assert_cmpuint(json->n_lines, >=, cases[i].least);
    for (guint k = 0; k < json->n_lines; k++) {
      JsonObject *object;
      g_autoptr(JsonParser) parser = parse(json->lines[k], &object);
      g_auto(GStrv) members = g_strsplit(cases[i].members, " ", -1);
      for (char **member = members; *member; member++) {
        /* Identity and friends have no settings of their own. */
        if (strcmp(*member, "settings") == 0 && strcmp(cases[i].command, "alignments") == 0)
          continue;
        if (!json_object_has_member(object, *member))
          g_test_message("%s lacks %s: %s", cases[i].command, *member, json->lines[k]);
        g_assert_true(json_object_has_member(object, *member));
      }
    }
  }
}

static void test_inspect(void) {
  g_autoptr(Outcome) outcome = program_run("inspect objects-letters --json");
  outcome_assert(outcome, 0, "inspect");
  JsonObject *object;
  g_autoptr(JsonParser) parser = parse(outcome->out, &object);
  g_assert_true(json_object_get_boolean_member(object, "supported"));
  JsonObject *site = json_array_get_object_element(json_object_get_array_member(object, "sites"), 0);
  g_assert_cmpstr(json_object_get_string_member(site, "alias"), ==, "input");
  g_assert_cmpstr(json_object_get_string_member(site, "name"), ==, "pixels");
  JsonObject *card = json_object_get_object_member(object, "card");
  g_assert_cmpint(json_array_get_length(json_object_get_array_member(card, "classes")), ==, 36);
  PROGRAM_OK("inspect objects-letters");
}

static char *path_of(const char *name) {
  return g_build_filename(folder, name, NULL);
}

static void write_floats(const char *name, const Shape *shape, const float *numbers) {
  g_autofree char *path = path_of(name);
  g_autoptr(Tensor) tensor = tensor_from_floats(shape, numbers);
  g_autoptr(GError) error = NULL;
  npy_write(path, tensor, &error);
  g_assert_no_error(error);
}

static Tensor *read_array(const char *name) {
  g_autofree char *path = path_of(name);
  g_autoptr(GError) error = NULL;
  Tensor *tensor = npy_read(path, &error);
  g_assert_no_error(error);
  return tensor;
}

#define PIXELS (2 * 3 * 64 * 64)

/* Mean cross-entropy of class 3 for the picture as it lies in x.npy. */
static double loss_of_x(const float *x) {
  write_floats("x.npy", &SHAPE(2, 3, 64, 64), x);
  PROGRAM_OK("forward objects-letters --input x.npy --output logits=z.npy");
  g_autoptr(Tensor) z = read_array("z.npy");
  g_assert_true(shape_equal(&z->shape, &SHAPE(2, 36)));
  double loss = 0;
  for (int row = 0; row < 2; row++) {
    double sum = 0;
    for (int k = 0; k < 36; k++)
      sum += exp(tensor_floats(z)[row * 36 + k]);
    loss += (log(sum) - tensor_floats(z)[row * 36 + 3]) / 2;
  }
  return loss;
}

/* The gradient against a central difference along itself. */
static void test_gradient(void) {
  g_autofree float *x = g_new(float, PIXELS), *moved = g_new(float, PIXELS);
  for (int i = 0; i < PIXELS; i++)
    x[i] = (float)sin(i * 0.37);
  loss_of_x(x);
  PROGRAM_OK("gradient objects-letters --input pixels=x.npy --target 3 --output dx.npy");
  g_autoptr(Tensor) dx = read_array("dx.npy");
  g_assert_true(shape_equal(&dx->shape, &SHAPE(2, 3, 64, 64)));
  double square = 0, h = 1e-2, slope;
  for (int i = 0; i < PIXELS; i++)
    square += pow(tensor_floats(dx)[i], 2);
  g_assert_cmpfloat(square, >, 0);
  double losses[2];
  for (int side = 0; side < 2; side++) {
    for (int i = 0; i < PIXELS; i++)
      moved[i] = (float)(x[i] + (side ? h : -h) * tensor_floats(dx)[i] / sqrt(square));
    losses[side] = loss_of_x(moved);
  }
  slope = (losses[1] - losses[0]) / (2 * h);
  g_assert_cmpfloat(fabs(slope - sqrt(square)), <, 0.05 * sqrt(square));
  /* A site by its alias has a gradient of the site's shape. */
  PROGRAM_OK("gradient objects-letters --input x.npy --target 3 --site block6 --output ds.npy");
  PROGRAM_OK("forward objects-letters --input x.npy --site block6 --output-site s.npy");
  g_autoptr(Tensor) ds = read_array("ds.npy"), s = read_array("s.npy");
  g_assert_true(shape_equal(&ds->shape, &s->shape));
}

/* Three source and two target classes, counted by hand: answers 0, 0, 2, 1 with labels 1, 1, 0, 0. */
static void test_align(void) {
  write_floats("z4.npy", &SHAPE(4, 3), (float[]){9, 0, 0, 9, 0, 0, 0, 0, 9, 0, 9, 0});
  g_autofree char *path = path_of("y4.npy");
  g_autoptr(Tensor) labels = tensor_from_ints(&SHAPE(4), (int64_t[]){1, 1, 0, 0});
  g_assert_true(npy_write(path, labels, NULL));
  PROGRAM_OK("align ilm --logits z4.npy --labels y4.npy --targets 2 --output omega.npy");
  g_autoptr(Tensor) omega = read_array("omega.npy");
  const float wanted[] = {0, 1, 1, 0, 0, 0};
  g_assert_cmpmem(omega->data, tensor_bytes(omega), wanted, sizeof wanted);
  PROGRAM_OK("align linear --logits z4.npy --labels y4.npy --targets 2 --output w.npy --bias b.npy --set "
             "epochs=200");
  g_autoptr(Tensor) w = read_array("w.npy");
  const float *weights = tensor_floats(w);
  g_assert_cmpfloat(weights[1], >, weights[0]); /* answers 0 are target 1 */
  g_assert_cmpfloat(weights[4], >, weights[5]); /* answers 2 are target 0 */
}

static void test_bench(void) {
  g_autoptr(Outcome) outcome = program_run("bench objects-letters --batch 2 --steps 1 --threads 1 --json");
  outcome_assert(outcome, 0, "bench");
  JsonObject *object;
  g_autoptr(JsonParser) parser = parse(outcome->out, &object);
  static const char *const numbers[] = {"forward_ms", "step_ms", "items_per_second", "peak_rss_mib",
                                        "kept_bytes_per_item"};
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
    g_assert_cmpfloat(json_object_get_double_member_with_default(object, numbers[i], -1), >, 0);
  g_assert_cmpint(json_object_get_int_member(object, "batch"), ==, 2);
  g_assert_cmpint(json_object_get_int_member(object, "threads"), ==, 1);
  g_assert_nonnull(json_object_get_string_member(object, "blas_core"));
}

static void test_check(void) {
  g_autoptr(Outcome) outcome = program_run("check " SOURCE_ROOT "/data/specs/default.ini");
  outcome_assert(outcome, 0, "check");
  /* What it writes is a spec, and complete: checking it again gives the same text. */
  g_autofree char *again = folder_write(folder, "again.ini", outcome->out, strlen(outcome->out));
  g_autoptr(Outcome) second = program_run("check again.ini");
  outcome_assert(second, 0, "check again.ini");
  g_assert_cmpstr(outcome->out, ==, second->out);
}

/* Bad input and bad usage: the status, and exactly one line on standard error with a word that names the
 * fault. */
static const struct {
  const char *line;
  int status;
  const char *word;
} bad[] = {
    {"nonsense", 2, "nonsense"},
    {"run", 2, "missing"},
    {"run a.ini b.ini", 2, "b.ini"},
    {"run --bogus", 2, "bogus"},
    {"run good.ini --preset default", 2, "one of them"},
    {"run good.ini --seconds -1", 2, "--seconds"},
    {"run absent.ini", 1, "absent.ini"},
    {"run empty.ini", 1, "model"},
    {"run good.ini --set run.bogus=1", 1, "bogus"},
    {"run good.ini --set nonsense.key=1", 1, "nonsense"},
    {"run good.ini --set run.batch=-1", 1, "batch"},
    {"run good.ini --set run.batch=1000000000000", 1, "batch"},
    {"run good.ini --set run.batch=500", 1, "batch"},
    {"run good.ini --set run.train=100000000", 1, "train"},
    {"run good.ini --set manipulation.image_size=100000000", 1, "image_size"},
    {"run good.ini --set run.model=absent.onnx", 1, "absent.onnx"},
    {"run good.ini --set run.model=truncated.onnx", 1, "truncated.onnx"},
    {"run good.ini --set run.dataset=empty", 1, "empty"},
    {"run good.ini --set run.dataset=absent", 1, "absent"},
    {"run good.ini --store broken.db", 1, "broken.db"},
    {"run good.ini --store /proc/none/x.db", 1, "/proc/none"},
    {"run good.ini --set optimiser.rate=1e30 --store nan.db", 1, "rate"},
    {"run --preset nonsense", 1, "nonsense"},
    {"check good.ini --set alignment.method=nonsense", 1, "nonsense"},
    {"resume 12345678", 1, "12345678"},
    {"inspect truncated.onnx", 1, "truncated.onnx"},
    {"inspect", 2, "missing"},
    {"forward objects-letters", 2, "--output"},
    {"forward objects-letters --output z.npy", 1, "pixels"},
    {"forward objects-letters --input flat.npy --output z.npy", 1, "64"},
    {"forward objects-letters --input flat.npy --input flat.npy --output z.npy", 1, "pixels"},
    {"forward objects-letters --input whole.npy --output z.npy", 1, "int64"},
    {"forward objects-letters --input picture.npy --output /dev/full", 1, "/dev/full"},
    {"forward objects-letters --input picture.npy --site nonsense --output-site s.npy", 1, "nonsense"},
    {"forward truncated.onnx --input picture.npy --output z.npy", 1, "truncated.onnx"},
    {"gradient objects-letters --input picture.npy --output dx.npy", 2, "--target"},
    {"gradient objects-letters --input picture.npy --target 36 --output dx.npy", 1, "36"},
    {"align nonsense --logits a --labels b --targets 2 --output c", 1, "nonsense"},
    {"align ilm --logits absent.npy --labels b --targets 2 --output c", 1, "absent.npy"},
    {"align ilm --labels b --targets 2 --output c", 2, "--logits"},
    {"bench absent.onnx", 1, "absent.onnx"},
    {"bench objects-letters --batch -1", 2, "negative"},
    {"methods nonsense", 1, "nonsense"},
    {"runs", 2, "missing"},
    {"runs nonsense", 2, "nonsense"},
    {"runs show", 2, "missing"},
    {"runs show 12345678", 1, "12345678"},
    {"runs list --store absent.db", 1, "absent.db"},
    {"runs list --store broken.db", 1, "broken.db"},
    {"runs list --sort nonsense", 2, "nonsense"},
    {"runs export 12345678", 2, "--pattern"},
};

static void write_bad_files(void) {
  const char spec[] = "[run]\nmodel = objects-letters\ndataset = squares\ntrain = 64\nvalidation = 16\ntest "
                      "= 16\nepochs = 1\nbatch = 32\n";
  g_free(folder_write(folder, "good.ini", spec, strlen(spec)));
  g_free(folder_write(folder, "empty.ini", "", 0));
  g_free(folder_write(folder, "broken.db",
                      "no database at all, but long enough to be looked at ............................",
                      80));
  g_autofree char *empty = path_of("empty");
  g_assert_cmpint(g_mkdir(empty, 0700), ==, 0);
  g_autofree char *bytes = NULL;
  gsize size;
  g_assert_true(g_file_get_contents(SOURCE_ROOT "/data/models/objects-letters.onnx", &bytes, &size, NULL));
  g_free(folder_write(folder, "truncated.onnx", bytes, size / 2));
  write_floats("flat.npy", &SHAPE(2), (float[]){1, 2});
  g_autofree float *zeros = g_new0(float, PIXELS);
  write_floats("picture.npy", &SHAPE(1, 3, 64, 64), zeros);
  g_autofree char *path = path_of("whole.npy");
  g_autoptr(Tensor) whole = tensor_new(TENSOR_INT64, &SHAPE(1, 3, 64, 64), NULL);
  g_assert_true(npy_write(path, whole, NULL));
}

static void test_bad_input(void) {
  write_bad_files();
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(Outcome) outcome = program_run("%s", bad[i].line);
    g_test_message("%s: %s", bad[i].line, outcome->err);
    outcome_assert(outcome, bad[i].status, bad[i].line);
    char *end = strchr(outcome->err, '\n');
    g_assert_true(end && end[1] == 0);
    g_assert_true(g_str_has_prefix(outcome->err, "hoarfrost: "));
    g_assert_nonnull(strstr(outcome->err, bad[i].word));
  }
  /* What was refused has left nothing behind. */
  g_autofree char *output = path_of("c");
  g_assert_false(g_file_test(output, G_FILE_TEST_EXISTS));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_autoptr(TemporaryFolder) own = folder_new();
  folder = own;
  program_set_up(HOARFROST_PROGRAM, own);
  g_test_add_func("/commands/help", test_help);
  g_test_add_func("/commands/listings", test_listings);
  g_test_add_func("/commands/inspect", test_inspect);
  g_test_add_func("/commands/gradient", test_gradient);
  g_test_add_func("/commands/align", test_align);
  g_test_add_func("/commands/bench", test_bench);
  g_test_add_func("/commands/check", test_check);
  g_test_add_func("/commands/bad-input", test_bad_input);
  return g_test_run();
}
