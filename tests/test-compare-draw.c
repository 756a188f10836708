/* Two runs side by side, drawn onto surfaces in memory: both curves in their inks, names at their ends, the
 * difference of patterns, the whole figure as a file. */
#include "ui/compare-curves.h"
#include "ui/compare-figure.h"
#include "ui/draw/export.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH  640
#define HEIGHT 220

/* A run whose validation accuracy goes from `from` to `to`.  (transfer full) */
static HfComparedRun *run_of(int total, double from, double to, double no_prompt) {
  HfComparedRun *run = hf_compared_run_new();
  run->name = g_strdup("border");
  run->total_steps = run->series->total_steps = total;
  run->series->no_prompt = no_prompt;
  for (int step = 0; step <= total; step++) {
    double share = (double)step / total, accuracy = from + share * (to - from);
    RunStep row = {.step = step, .loss = 2 - share, .train_accuracy = accuracy};
    g_array_append_val(run->series->steps, row);
    if (step % 10 == 0) {
      RunEvaluation evaluation = {.step = step,
                                  .validation_accuracy = accuracy,
                                  .validation_loss = 2 - share,
                                  .test_accuracy = accuracy};
      g_array_append_val(run->series->evaluations, evaluation);
      g_array_append_val(run->stored, step);
    }
  }
  return run;
}

static HfComparedMoment *moment_of(int edge, float number, float neutral) {
  HfComparedMoment *moment = hf_compared_moment_new();
  moment->pattern = tensor_new(TENSOR_FLOAT32, &SHAPE(3, edge, edge), NULL);
  moment->neutral = neutral;
  for (int i = 0; i < 3 * edge * edge; i++)
    tensor_floats(moment->pattern)[i] = number;
  return moment;
}

static Tensor *mask_of(int edge, int first) {
  Tensor *mask = tensor_new(TENSOR_FLOAT32, &SHAPE(3, edge, edge), NULL);
  for (int i = first; i < 3 * edge * edge; i++)
    tensor_floats(mask)[i] = 1;
  return mask;
}

typedef struct {
  HfComparedRun *runs[N_SIDES];
  CurveData data[N_SIDES];
  CompareCurves curves;
} Pair;

static void pair_init(Pair *pair, HfComparedRun *a, HfComparedRun *b) {
  *pair = (Pair){.runs = {a, b}, .curves = {.at = {-1, -1}}};
  for (int side = 0; side < N_SIDES; side++) {
    curve_data_init(&pair->data[side]);
    curve_data_set(&pair->data[side], pair->runs[side]->series);
    curve_data_update(&pair->data[side]);
    pair->curves.data[side] = &pair->data[side];
  }
}

static void pair_clear(Pair *pair) {
  for (int side = 0; side < N_SIDES; side++) {
    curve_data_clear(&pair->data[side]);
    hf_compared_run_free(pair->runs[side]);
  }
}

static bool near(const unsigned char *pixel, Ink ink) {
  return fabs(pixel[2] - 255 * ink.red) < 6 && fabs(pixel[1] - 255 * ink.green) < 6 &&
         fabs(pixel[0] - 255 * ink.blue) < 6;
}

typedef struct {
  int n, top, right; /* of the pixels in an ink */
} Found;

static Found find_ink(cairo_surface_t *surface, Ink ink, int x0, int x1) {
  Found found = {.top = G_MAXINT, .right = -1};
  cairo_surface_flush(surface);
  const unsigned char *rows = cairo_image_surface_get_data(surface);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = x0; x < x1; x++)
      if (near(rows + (size_t)y * cairo_image_surface_get_stride(surface) + 4 * (size_t)x, ink)) {
        found.n++;
        found.top = MIN(found.top, y);
        found.right = MAX(found.right, x);
      }
  return found;
}

static cairo_surface_t *drawn(const Pair *pair, const Palette *palette) {
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create(surface);
  ink_set(cr, palette->background);
  cairo_paint(cr);
  compare_curves_draw(cr, WIDTH, HEIGHT, palette, &pair->curves);
  g_assert_cmpint(cairo_status(cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy(cr);
  return surface;
}

static void test_curves(void) {
  for (int dark = 0; dark < 2; dark++) {
    Palette palette = palette_builtin(dark, false);
    Pair pair;
    pair_init(&pair, run_of(100, 0.3, 0.9, NAN), run_of(50, 0.2, 0.5, NAN));
    cairo_surface_t *surface = drawn(&pair, &palette);
    /* Left: accuracy, 34 .. 253.  A ends higher, and its line goes on to the end of the longer run. */
    Found a = find_ink(surface, palette.first, 36, 240), b = find_ink(surface, palette.second, 36, 240);
    g_assert_cmpint(a.n, >, 100);
    g_assert_cmpint(b.n, >, 50);
    g_assert_cmpint(a.top, <, b.top);
    g_assert_cmpint(a.right, >, b.right + 80);
    /* The names at the ends. */
    g_assert_cmpint(find_ink(surface, palette.first, 246, 370).n, >, 20);
    g_assert_cmpint(find_ink(surface, palette.second, 246, 370).n, >, 20);
    cairo_surface_destroy(surface);
    /* A mark is a line from top to bottom. */
    pair.curves.at[SIDE_B] = 20;
    surface = drawn(&pair, &palette);
    Ink line = ink_mix(palette.second, palette.background, 0.2); /* it is a little transparent */
    g_assert_cmpint(find_ink(surface, line, 36, 240).n, >, HEIGHT / 2);
    cairo_surface_destroy(surface);
    pair_clear(&pair);
  }
}

/* Pixels of names beside the curves that are in no run's ink, however thin it lies. */
static int count_grey_names(cairo_surface_t *surface) {
  int n = 0;
  cairo_surface_flush(surface);
  const unsigned char *rows = cairo_image_surface_get_data(surface);
  for (int y = 20; y < HEIGHT - 24; y++)
    for (int x = 262; x < 366; x++) {
      const unsigned char *pixel = rows + (size_t)y * cairo_image_surface_get_stride(surface) + 4 * (size_t)x;
      n += abs(pixel[0] - pixel[2]) < 12 && pixel[1] < 200;
    }
  return n;
}

/* One line in no run's ink where both baselines are the same, else one each. */
static void test_baselines(void) {
  Palette palette = palette_builtin(false, false);
  for (int apart = 0; apart < 2; apart++) {
    Pair pair;
    pair_init(&pair, run_of(100, 0.8, 0.8, 0.3), run_of(100, 0.9, 0.9, apart ? 0.2 : 0.3));
    cairo_surface_t *surface = drawn(&pair, &palette);
    g_assert_cmpint(count_grey_names(surface) > 20, ==, !apart);
    cairo_surface_destroy(surface);
    pair_clear(&pair);
  }
}

static void test_points(void) {
  Pair pair;
  pair_init(&pair, run_of(100, 0.3, 0.9, NAN), run_of(50, 0.2, 0.5, NAN));
  g_assert_cmpint(compare_curves_step_at(WIDTH, HEIGHT, &pair.curves, 34, 100), ==, 0);
  g_assert_cmpint(compare_curves_step_at(WIDTH, HEIGHT, &pair.curves, 600 - 30, 100), >, 90);
  g_assert_cmpint(compare_curves_step_at(WIDTH, HEIGHT, &pair.curves, -50, 100), ==, -1);
  /* One above the other: there is nothing on the right. */
  g_assert_cmpint(compare_curves_step_at(300, 400, &pair.curves, 299, 100), ==, -1);
  g_autofree char *words = compare_curves_words(&pair.curves, 20);
  g_assert_cmpstr(words, ==, "A 42.0 %, B 32.0 %");
  pair_clear(&pair);
}

static void test_shares(void) {
  g_autoptr(HfComparedRun) run = run_of(18, 0, 1, NAN);
  g_array_set_size(run->stored, 0);
  g_assert_cmpint(hf_compared_run_step_at(run, 1), ==, -1);
  for (int step = 0; step <= 18; step++)
    g_array_append_val(run->stored, step);
  for (int step = 0; step <= 18; step++)
    g_assert_cmpint(hf_compared_run_step_at(run, step / 18.0), ==, step);
  g_assert_cmpint(hf_compared_run_step_at(run, 0.5 + 0.04), ==, 9);
}

static void test_difference(void) {
  g_autoptr(HfComparedMoment) a = moment_of(4, 0.75f, 0.5f), b = moment_of(4, 0.1f, 0),
                              c = moment_of(5, 0, 0);
  g_autoptr(Tensor) difference = compared_difference(a, b);
  g_assert_cmpfloat_with_epsilon(tensor_floats(difference)[7], 0.1 - 0.25, 1e-6);
  g_assert_null(compared_mask(a, b));
  g_assert_null(compared_difference(a, c));
  a->mask = mask_of(4, 8);
  b->mask = mask_of(4, 4);
  g_autoptr(Tensor) masked = compared_difference(a, b);
  g_autoptr(Tensor) mask = compared_mask(a, b);
  g_assert_cmpfloat(tensor_floats(masked)[0], ==, 0);
  g_assert_cmpfloat_with_epsilon(tensor_floats(masked)[4], 0.1, 1e-6);
  g_assert_cmpfloat_with_epsilon(tensor_floats(masked)[8], -0.15, 1e-6);
  g_assert_cmpfloat(tensor_floats(mask)[3], ==, 0);
  g_assert_cmpfloat(tensor_floats(mask)[4], ==, 1);
}

static void test_figure(void) {
  static const HfCompareRow rows[] = {{"run.seed", "1", "2", NULL, true},
                                      {"run.batch", "64", "64", NULL, false}};
  g_autoptr(HfComparedRun) a = run_of(100, 0.3, 0.9, 0.2), b = run_of(50, 0.2, 0.5, 0.2);
  g_autoptr(HfComparedMoment) of_a = moment_of(8, 0.25f, 0), of_b = moment_of(8, -0.125f, 0);
  Palette palette = palette_builtin(false, false);
  CompareFigure figure = {
      .palette = &palette, .runs = {a, b}, .moments = {of_a, of_b}, .rows = rows, .n_rows = 2};
  double height = compare_figure_height(600, &figure);
  figure.n_rows = 1;
  g_assert_cmpfloat(compare_figure_height(600, &figure), ==, height); /* what is the same is left out */
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 600, (int)height);
  cairo_t *cr = cairo_create(surface);
  compare_figure_draw(cr, 600, height, &figure);
  g_assert_cmpint(cairo_status(cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy(cr);
  cairo_surface_flush(surface);
  /* The same range for both: A white, B dark grey; the difference is as low as it gets, blue. */
  const unsigned char *row =
      cairo_image_surface_get_data(surface) + (size_t)100 * cairo_image_surface_get_stride(surface);
  g_assert_cmpint(row[4 * 90], >, 250);
  g_assert_cmpint(abs(row[4 * 300] - 64), <, 3);
  g_assert_true(near(row + 4 * 500, (Ink){0, 0.447, 0.698}));
  cairo_surface_destroy(surface);
  Drawing drawing = {.draw = compare_figure_draw,
                     .plot = &figure,
                     .palette = &palette,
                     .width = 600,
                     .height = height,
                     .title = "two",
                     .spec = "[run]\nseed = 1\n"};
  static const char *const starts[N_EXPORT_FORMS] = {"\x89PNG", "<?xml", "%PDF"};
  for (int form = 0; form < N_EXPORT_FORMS; form++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = drawing_export(&drawing, form, &error);
    g_assert_no_error(error);
    g_assert_cmpint(g_bytes_get_size(bytes), >, 2000);
    g_assert_cmpint(memcmp(g_bytes_get_data(bytes, NULL), starts[form], 4), ==, 0);
  }
  /* Sizes that do not agree, and no pattern at all. */
  hf_compared_moment_free(of_b);
  of_b = moment_of(4, 0, 0);
  figure.moments[SIDE_B] = of_b;
  figure.moments[SIDE_A] = NULL;
  g_autoptr(GBytes) bytes = drawing_export(&drawing, EXPORT_PNG, NULL);
  g_assert_nonnull(bytes);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/compare-draw/curves", test_curves);
  g_test_add_func("/compare-draw/baselines", test_baselines);
  g_test_add_func("/compare-draw/points", test_points);
  g_test_add_func("/compare-draw/shares", test_shares);
  g_test_add_func("/compare-draw/difference", test_difference);
  g_test_add_func("/compare-draw/figure", test_figure);
  return g_test_run();
}
