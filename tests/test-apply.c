/* `apply` from outside: the numbers of the exported model, what a folder gives, bad input, and classes that
 * nobody names any more. */
#include "data/npy.h"
#include "engine/random.h"
#include "tests/support/program.h"
#include "tests/temporary-folder.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>
#include <string.h>

#define EDGE 32
#define N    5
#define SMALL                                                                                                \
  "--set run.dataset=squares --set run.train=64 --set run.validation=16 --set run.test=16 "                  \
  "--set run.batch=16 --set run.epochs=1 --set run.threads=2 --set manipulation.image_size=32"

static const char *folder;

static char *in_folder(const char *name) {
  return g_build_filename(folder, name, NULL);
}

/* A colour picture of noise that needs no resizing; its numbers in 0..1 go to planes (may be NULL). */
static void write_picture(const char *name, guint seed, float *planes) {
  g_autoptr(GdkPixbuf) picture = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, EDGE, EDGE);
  guchar *rows = gdk_pixbuf_get_pixels(picture);
  Random random = {seed, RANDOM_DRAWING, 0};
  for (int y = 0; y < EDGE; y++)
    for (int x = 0; x < EDGE; x++)
      for (int c = 0; c < 3; c++) {
        guchar value = (guchar)random_below(&random, (uint64_t)((y * EDGE + x) * 3 + c), 256);
        rows[y * gdk_pixbuf_get_rowstride(picture) + 3 * x + c] = value;
        if (planes)
          planes[(c * EDGE + y) * EDGE + x] = (float)value / 255;
      }
  g_autofree char *path = in_folder(name), *above = g_path_get_dirname(path);
  g_mkdir_with_parents(above, 0700);
  g_assert_true(gdk_pixbuf_save(picture, path, "png", NULL, NULL));
}

static char *read_text(const char *name) {
  g_autofree char *path = in_folder(name);
  char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_assert_true(g_utf8_validate(text, -1, NULL));
  return text;
}

static bool exists(const char *name) {
  g_autofree char *path = in_folder(name);
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* The run that all cases apply, made once. */
static void need_run(void) {
  if (!exists("apply.db"))
    PROGRAM_OK("run --preset default %s --store apply.db", SMALL);
}

static void softmax(float *row, int n) {
  double top = row[0], sum = 0;
  for (int i = 1; i < n; i++)
    top = MAX(top, (double)row[i]);
  for (int i = 0; i < n; i++)
    sum += exp((double)row[i] - top);
  for (int i = 0; i < n; i++)
    row[i] = (float)(exp((double)row[i] - top) / sum);
}

/* Field `i` of a line without quotes. */
static double number_at(char *const *fields, guint i) {
  g_assert_cmpuint(i, <, g_strv_length((char **)fields));
  return g_ascii_strtod(fields[i], NULL);
}

/* Answers of the last run of a store, compared with those of its exported model. */
static void compare_with_exported(const char *store) {
  g_autoptr(Tensor) pictures = tensor_new(TENSOR_FLOAT32, &SHAPE(N, 3, EDGE, EDGE), NULL);
  for (int i = 0; i < N; i++) {
    g_autofree char *name = g_strdup_printf("same/%d.png", i);
    write_picture(name, (guint)i, tensor_floats(pictures) + i * 3 * EDGE * EDGE);
  }
  g_autofree char *input = in_folder("same.npy"), *output = in_folder("answers.npy");
  g_assert_true(npy_write(input, pictures, NULL));
  PROGRAM_OK("runs export last --store %s --onnx same.onnx", store);
  PROGRAM_OK("forward same.onnx --input same.npy --output answers.npy");
  PROGRAM_OK("apply last --store %s --input same --output same.csv", store);
  g_autoptr(Tensor) answers = npy_read(output, NULL);
  g_assert_nonnull(answers);
  int n = (int)answers->shape.dim[1];
  g_autofree char *csv = read_text("same.csv");
  g_auto(GStrv) lines = g_strsplit(csv, "\n", -1);
  g_assert_true(g_str_has_prefix(
      lines[0], "file,prediction,confidence,second,second_confidence,plain_prediction,plain_confidence,error,"
                "p(1 square),p(2 squares),"));
  g_assert_cmpuint(g_strv_length(lines), ==, N + 2);
  for (int i = 0; i < N; i++) {
    g_auto(GStrv) fields = g_strsplit(lines[1 + i], ",", -1);
    float *row = tensor_floats(answers) + i * n;
    softmax(row, n);
    g_assert_cmpuint(g_strv_length(fields), ==, (guint)(8 + n));
    double best = 0;
    for (int k = 0; k < n; k++) {
      g_assert_cmpfloat_with_epsilon(number_at(fields, (guint)(8 + k)), (double)row[k], 1e-5);
      best = MAX(best, number_at(fields, (guint)(8 + k)));
    }
    g_assert_cmpfloat(number_at(fields, 2), ==, best);
    g_assert_cmpfloat(number_at(fields, 4), <=, best);
    g_assert_cmpstr(fields[5], !=, "");
    g_assert_cmpfloat(number_at(fields, 6), >, 0);
  }
}

static void test_exported(void) {
  need_run();
  compare_with_exported("apply.db");
}

/* Methods inside f, learnt and estimated. */
static void test_inside(void) {
  static const char *const names[] = {"steering-vector", "activation-addition", "ssf",
                                      "direft",          "vpt-shallow",         "vpt-deep"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *store = g_strconcat(names[i], ".db", NULL);
    PROGRAM_OK("run --preset %s " SMALL
               " --set run.train=16 --set run.validation=4 --set run.test=4 --store %s",
               names[i], store);
    compare_with_exported(store);
  }
}

/* A run on texts answers no pictures, and says so. */
static void test_texts(void) {
  GString *text = g_string_new(NULL);
  for (int i = 0; i < 60; i++)
    g_string_append(text, "the red cat sat in a barn. ");
  g_autofree char *path = folder_write(folder, "text.txt", text->str, (gssize)text->len);
  g_string_free(text, TRUE);
  write_picture("good.png", 1, NULL);
  PROGRAM_OK(
      "run --preset prompt-tuning --set run.model=%s/tests/references/characters.onnx "
      "--set run.dataset=%s --set run.tokens=8 --set run.train=8 --set run.validation=4 "
      "--set run.test=4 --set run.batch=4 --set run.epochs=1 --set manipulation.tokens=2 --store text.db",
      SOURCE_ROOT, path);
  g_autoptr(Outcome) outcome = program_run("apply last --store text.db --input good.png --output no.csv");
  outcome_assert(outcome, 1, "apply");
  g_assert_nonnull(strstr(outcome->err, "does not take pictures"));
  g_assert_false(exists("no.csv"));
}

/* A run that was stopped before its label map was counted answers nothing, and is no model. */
static void test_not_counted(void) {
  write_picture("good.png", 1, NULL);
  PROGRAM_OK("run --preset default " SMALL " --set run.train=4096 --seconds 0.001 --store early.db");
  static const char *const rows[] = {"apply last --store early.db --input good.png --output no.csv",
                                     "runs export last --store early.db --onnx no.csv"};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(Outcome) outcome = program_run("%s", rows[i]);
    outcome_assert(outcome, 1, rows[i]);
    g_assert_nonnull(strstr(outcome->err, "has nothing to apply yet; let it train first"));
    g_assert_false(exists("no.csv"));
  }
}

/* Pictures in folders of folders, in order; others are counted, broken ones have a row. */
static void test_folder(void) {
  need_run();
  write_picture("many/b.png", 1, NULL);
  write_picture("many/a, \"quoted\".png", 2, NULL);
  write_picture("many/not \xff utf-8.PNG", 3, NULL);
  write_picture("many/sub/c.png", 4, NULL);
  g_autofree char *broken = folder_write(folder, "many/broken.jpg", "\xff\xd8\xff nothing", 11),
                  *notes = folder_write(folder, "many/notes.txt", "notes", 5),
                  *hidden = folder_write(folder, "many/.hidden.png", "x", 1);
  g_autoptr(Outcome) outcome = program_run("apply last --store apply.db --input many --output many.csv");
  outcome_assert(outcome, 0, "apply");
  g_assert_nonnull(strstr(outcome->out, "4 pictures answered, 1 could not be read, 1 other file left out"));
  g_autofree char *csv = read_text("many.csv");
  g_auto(GStrv) lines = g_strsplit(csv, "\n", -1);
  static const char *const starts[] = {"file,",
                                       "\"many/a, \"\"quoted\"\".png\",",
                                       "many/b.png,",
                                       "many/broken.jpg,,,,,,,the JPEG picture many/broken.jpg ends early",
                                       "many/not \\xff utf-8.PNG,",
                                       "many/sub/c.png,",
                                       ""};
  g_assert_cmpuint(g_strv_length(lines), ==, G_N_ELEMENTS(starts));
  for (guint i = 0; i < G_N_ELEMENTS(starts); i++)
    if (!g_str_has_prefix(lines[i], starts[i]))
      g_error("line %u is %s", i, lines[i]);
  g_autoptr(Outcome) json = program_run("apply last --store apply.db --input many --json");
  outcome_assert(json, 0, "apply --json");
  g_assert_cmpuint(json->n_lines, ==, 5);
  g_assert_true(g_str_has_prefix(json->lines[1], "{\"file\":\"many/b.png\",\"prediction\":\""));
}

/* What is at fault: one sentence, its status, and no file. */
static void test_refused(void) {
  need_run();
  write_picture("good.png", 1, NULL);
  g_autofree char *bad = folder_write(folder, "bad.png", "not a picture", 13),
                  *text = folder_write(folder, "empty/notes.txt", "notes", 5),
                  *worse = folder_write(folder, "worse/bad.png", "no", 2),
                  *worst = folder_write(folder, "worse/bad2.png", "no", 2);
  static const struct {
    const char *arguments;
    int status;
    const char *words;
  } rows[] = {
      {"last --store apply.db --output no.csv", 2, "give --input PATH"},
      {"last --store apply.db --input good.png", 2, "give --output FILE.csv or --json"},
      {"--input good.png --output no.csv", 2, "an argument is missing"},
      {"last --store apply.db --input good.png --output no.csv --threads -1", 2, "--threads -1"},
      {"last --store none.db --input good.png --output no.csv", 1, "there is no run store none.db"},
      {"ffffffff --store apply.db --input good.png --output no.csv", 1, "ffffffff"},
      {"last --store apply.db --input nothing --output no.csv", 1, "there is no file and no folder nothing"},
      {"last --store apply.db --input bad.png --output no.csv", 1, "bad.png is not a PNG or JPEG picture"},
      {"last --store apply.db --input empty --output no.csv", 1, "holds no PNG or JPEG picture"},
      {"last --store apply.db --input worse --output no.csv", 1, "none of the 2 pictures in worse"},
      {"last --store apply.db --input good.png --output nowhere/no.csv", 1, "cannot write nowhere/no.csv"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(Outcome) outcome = program_run("apply %s", rows[i].arguments);
    outcome_assert(outcome, rows[i].status, rows[i].arguments);
    if (!strstr(outcome->err, rows[i].words))
      g_error("apply %s: %s", rows[i].arguments, outcome->err);
    g_assert_null(strchr(g_strchomp(outcome->err), '\n'));
    g_assert_false(exists("no.csv"));
  }
}

/* A run that came with a bundle answers with the same numbers. */
static void test_bundle(void) {
  need_run();
  write_picture("good.png", 1, NULL);
  PROGRAM_OK("runs export last --store apply.db --bundle run.hoarfrost");
  PROGRAM_OK("runs merge run.hoarfrost --store carried.db");
  PROGRAM_OK("apply last --store apply.db --input good.png --output here.csv");
  PROGRAM_OK("apply last --store carried.db --input good.png --output there.csv");
  g_autofree char *here = read_text("here.csv"), *there = read_text("there.csv");
  g_assert_cmpstr(here, ==, there);
}

/* The data set of a run is gone: it is applied all the same, with numbers for classes. */
static void test_without_data(void) {
  for (guint i = 0; i < 24; i++) {
    g_autofree char *name = g_strdup_printf("own/%s/%u.png", i % 2 ? "cat, big" : "dog", i);
    write_picture(name, i, NULL);
  }
  PROGRAM_OK("run --preset default --set run.dataset=own --set run.train=16 --set run.validation=2 "
             "--set run.test=0 --set run.batch=8 --set run.epochs=1 --set run.threads=2 --store own.db");
  write_picture("good.png", 1, NULL);
  PROGRAM_OK("apply last --store own.db --input good.png --output named.csv");
  g_autofree char *named = read_text("named.csv");
  g_assert_nonnull(strstr(named, ",error,\"p(cat, big)\",p(dog)\n"));
  g_autofree char *path = in_folder("own");
  folder_remove(path);
  g_autoptr(Outcome) outcome =
      program_run("apply last --store own.db --input good.png --output numbered.csv");
  outcome_assert(outcome, 0, "apply");
  g_assert_nonnull(strstr(outcome->err, "warning: the data set own, which names the classes"));
  g_autofree char *numbered = read_text("numbered.csv");
  g_assert_nonnull(strstr(numbered, ",error,p(0),p(1)\n"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_autoptr(TemporaryFolder) own = folder_new();
  folder = own;
  program_set_up(HOARFROST_PROGRAM, own);
  g_test_add_func("/apply/exported", test_exported);
  g_test_add_func("/apply/inside", test_inside);
  g_test_add_func("/apply/texts", test_texts);
  g_test_add_func("/apply/not-counted", test_not_counted);
  g_test_add_func("/apply/folder", test_folder);
  g_test_add_func("/apply/refused", test_refused);
  g_test_add_func("/apply/bundle", test_bundle);
  g_test_add_func("/apply/without-data", test_without_data);
  return g_test_run();
}
