/* The draw functions on surfaces in memory: what stands where, and small reference pictures.
 *
 * HOARFROST_WRITE_REFERENCES=1 writes tests/references/draw anew; look at them before they are kept. */
#include "tests/support/drawn.h"
#include "ui/draw/confidence.h"
#include "ui/draw/curve-captions.h"
#include "ui/draw/curve-line.h"
#include "ui/draw/export.h"
#include "ui/draw/label-map.h"
#include "ui/draw/pattern-picture.h"
#include "ui/draw/picture-words.h"
#include "ui/draw/ticks.h"

#include <math.h>
#include <string.h>

static char *targets[] = {"coat", "bag", "boot", NULL}, *sources[] = {"A", "B", "C", "D", NULL};

static void test_confidence(void) {
  const float on[] = {0.15f, 0.8f, 0.05f}, off[] = {0.2f, 0.3f, 0.5f}, f_on[] = {0.1f, 0.6f, 0.1f, 0.2f};
  for (int dark = 0; dark < 2; dark++) {
    Palette palette = palette_builtin(dark, false);
    ConfidencePlot plot = {&palette, targets, on, off, 3, 1, sources, f_on, f_on, 4};
    cairo_surface_t *surface = drawn(300, 150, draw_confidence, &plot, &palette);
    /* The surest row stands first and its bar is the longest. */
    int first = count_ink(surface, palette.accent, 0, 0, 300, 34),
        second = count_ink(surface, palette.accent, 0, 36, 300, 70);
    g_assert_cmpint(first, >, 4 * second);
    g_assert_cmpint(second, >, 20);
    /* Grey: the last row's is the longest. */
    g_assert_cmpint(count_ink(surface, palette.without, 0, 71, 300, 105), >,
                    count_ink(surface, palette.without, 0, 0, 300, 34));
    compare_with_reference(surface, dark ? "confidence-dark" : "confidence");
    cairo_surface_destroy(surface);
    g_autofree char *verdict = confidence_verdict(&plot), *words = confidence_words(&plot);
    g_assert_cmpstr(verdict, ==, "right: bag .80");
    g_assert_cmpstr(words, ==,
                    "right: bag .80; without the pattern: boot .50; f itself says B .60, D .20, A .10");
    plot.label = 2;
    g_autofree char *wrong = confidence_verdict(&plot);
    g_assert_cmpstr(wrong, ==, "wrong: bag .80, it is boot");
    plot.source_tokens = plot.target_tokens = true;
    g_autofree char *tokens = confidence_words(&plot);
    g_assert_cmpstr(tokens, ==,
                    "wrong: “bag” .80, it is “boot”; without the pattern: “boot” .50; f itself says “B” .60, "
                    "“D” .20, “A” .10");
    plot.off = plot.source_on = plot.source_off = NULL;
    cairo_surface_destroy(drawn(300, 150, draw_confidence, &plot, &palette));
    plot.n = 0;
    cairo_surface_destroy(drawn(300, 150, draw_confidence, &plot, &palette));
    /* No map yet: no class, no sign, but a word on why. */
    plot.waits = "once it is counted";
    surface = drawn(300, 150, draw_confidence, &plot, &palette);
    g_assert_cmpint(count_ink(surface, palette.right, 0, 0, 300, 150), ==, 0);
    g_assert_cmpint(count_ink(surface, palette.dim, 60, 30, 240, 120), >, 20);
    cairo_surface_destroy(surface);
    g_autofree char *waits = confidence_words(&plot);
    g_assert_cmpstr(waits, ==, "once it is counted");
  }
}

/* Tiles of one colour each: a red, a green, a blue and a yellow one. */
static const uint32_t four_tiles[] = {0xffff0000, 0xff00ff00, 0xff0000ff, 0xffffff00};
static const Ink tile_inks[] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 0}};

/* f's own answers stand beside the pictures of their classes, the surest three. */
static void test_class_pictures(void) {
  const float on[] = {0.15f, 0.8f, 0.05f}, f_on[] = {0.1f, 0.6f, 0.05f, 0.25f};
  Palette palette = palette_builtin(false, false);
  ConfidencePlot plot = {.palette = &palette,
                         .names = targets,
                         .on = on,
                         .off = on,
                         .n = 3,
                         .label = 1,
                         .source_names = sources,
                         .source_on = f_on,
                         .n_source = 4,
                         .tiles = {four_tiles, 4, 1}};
  for (int wide = 0; wide < 2; wide++) {
    int width = wide ? 400 : 200;
    cairo_surface_t *surface = drawn(width, 200, draw_confidence, &plot, &palette);
    for (int i = 0; i < 4; i++)
      g_assert_true((count_ink(surface, tile_inks[i], 0, 60, width, 200) > 200) == (i != 2));
    cairo_surface_destroy(surface);
  }
  const float omega[] = {1, 0, 0, /**/ 0, 1, 0, /**/ 0, 0, 0, /**/ 0, 0, 1};
  LabelMapPlot map = {.palette = &palette,
                      .omega = omega,
                      .n_source = 4,
                      .n_target = 3,
                      .source_names = sources,
                      .target_names = targets,
                      .selected = -1,
                      .tiles = {four_tiles, 4, 1}};
  cairo_surface_t *surface = drawn(240, 180, draw_label_map, &map, &palette);
  for (int i = 0; i < 4; i++)
    g_assert_true((count_ink(surface, tile_inks[i], 0, 0, 120, 180) > 80) == (i != 2));
  cairo_surface_destroy(surface);
}

static void test_label_map(void) {
  const float counts[] = {0, 0.9f, 0, /**/ 0, 0, 0, /**/ 1, 0, 0, /**/ 0, 0.1f, 1};
  Palette palette = palette_builtin(false, false);
  LabelMapPlot plot = {&palette, counts, 4, 3, sources, targets, -1};
  int rows[4];
  g_assert_cmpint(label_map_rows(&plot, 4, rows), ==, 3);
  g_assert_cmpint(rows[0], ==, 0);
  g_assert_cmpint(rows[1], ==, 2);
  g_assert_cmpint(rows[2], ==, 3);
  g_assert_cmpint(label_map_assigned(&plot, 0), ==, 2);
  g_autofree char *words = label_map_words(&plot);
  g_assert_cmpstr(words, ==, "coat from C, bag from A, boot from D");
  plot.source_tokens = true;
  g_autofree char *tokens = label_map_words(&plot), *weight = label_map_weight_words(&plot, 3, 1);
  g_assert_cmpstr(tokens, ==, "coat from “C”, bag from “A”, boot from “D”");
  g_assert_cmpstr(weight, ==, "weight of “D” for bag: 0.1");
  plot.source_tokens = false;
  cairo_surface_t *surface = drawn(240, 180, draw_label_map, &plot, &palette);
  compare_with_reference(surface, "label-map");
  /* Each cell that is found below a point has the ink of its weight, and the assigned ones an outline. */
  int found = 0, source, target;
  for (int y = 4; y < 180; y += 8)
    for (int x = 4; x < 240; x += 8)
      if (label_map_at(240, 180, &plot, x, y, &source, &target) && source == 2 && target == 0) {
        found++;
        g_assert_cmpint(distance(pixel(surface, x, y), ink_pixel(palette.accent)), <, 140);
      }
  g_assert_cmpint(found, >, 3);
  g_assert_cmpint(count_ink(surface, palette.mark, 0, 0, 240, 180), >, 3 * 60);
  cairo_surface_destroy(surface);

  const float weights[] = {-2, 1, 0.5f, /**/ 2, -1, 0, /**/ 0, 0, 0, /**/ 1, 1, -0.25f};
  plot.omega = weights;
  plot.selected = 1;
  surface = drawn(240, 180, draw_label_map, &plot, &palette);
  compare_with_reference(surface, "label-map-signed");
  cairo_surface_destroy(surface);
  /* More rows than fit: the assigned ones stay. */
  g_assert_cmpint(label_map_rows(&plot, 2, rows), ==, 2);
  g_assert_cmpint(rows[0], ==, 0);
  g_assert_cmpint(rows[1], ==, 1);
}

/* Cells are shaded by the share of each class's samples, and answers that are given often have a row. */
static void test_label_map_counts(void) {
  const float omega[] = {0, 1, 0, /**/ 0, 0, 0, /**/ 1, 0, 0, /**/ 0, 0, 1},
              counts[] = {10, 60, 0, /**/ 30, 0, 0, /**/ 60, 1, 3, /**/ 0, 39, 1};
  Palette palette = palette_builtin(false, false);
  LabelMapPlot plot = {&palette, omega, 4, 3, sources, targets, -1, .counts = counts};
  int rows[4], source, target, shades[3] = {0};
  g_assert_cmpint(label_map_rows(&plot, 4, rows), ==, 4);
  g_assert_cmpint(label_map_read(&plot), ==, 3);
  g_assert_cmpfloat_with_epsilon(label_map_share(&plot, 1, 0), 0.3, 1e-9);
  cairo_surface_t *surface = drawn(240, 220, draw_label_map, &plot, &palette);
  for (int y = 4; y < 220; y += 3)
    for (int x = 4; x < 240; x += 3)
      if (label_map_at(240, 220, &plot, x, y, &source, &target) && target == 0 && source < 2)
        shades[source] = MAX(shades[source], distance(pixel(surface, x, y), ink_pixel(palette.background)));
  g_assert_cmpint(shades[0], >, 0);
  g_assert_cmpint(shades[1], >, shades[0]);
  cairo_surface_destroy(surface);
}

/* (transfer full) */
static char **numbered(const char *word, int n) {
  char **names = g_new0(char *, n + 1);
  for (int i = 0; i < n; i++)
    names[i] = g_strdup_printf("%s %d", word, i);
  return names;
}

/* Many classes that are the task's own are words; up to 40 are a picture. */
static void test_as_is(void) {
  Palette palette = palette_builtin(false, false);
  g_auto(GStrv) names = numbered("word", 512);
  for (int n = 40; n <= 512; n += 472) {
    g_autofree float *omega = g_new0(float, (gsize)n *(gsize)n);
    for (int i = 0; i < n; i++)
      omega[i * n + i] = 1;
    LabelMapPlot plot = {&palette, omega, n, n, names, names, 6};
    int source, target;
    bool words = n > 40;
    g_assert_true(label_map_as_is(&plot) == words);
    g_assert_true(label_map_at(240, 400, &plot, 120, 100, &source, &target) == !words);
    cairo_surface_t *surface = drawn(240, 400, draw_label_map, &plot, &palette);
    g_assert_true((count_ink(surface, palette.mark, 0, 0, 240, 400) == 0) == words);
    if (words) /* two lines in the middle, nothing else */
      g_assert_cmpint(count_ink(surface, palette.background, 0, 0, 240, 170) +
                          count_ink(surface, palette.background, 0, 230, 240, 400),
                      ==, 240 * 340);
    if (words)
      compare_with_reference(surface, "label-map-as-is");
    cairo_surface_destroy(surface);
    surface = drawn(150, 200, draw_label_map, &plot, &palette); /* lines break where there is little room */
    if (words)
      compare_with_reference(surface, "label-map-as-is-narrow");
    cairo_surface_destroy(surface);
    g_autofree char *said = label_map_words(&plot);
    if (words)
      g_assert_cmpstr(said, ==, "f’s 512 answers are taken as they are");
    omega[1] = 0.5f;
    g_assert_false(label_map_as_is(&plot));
    g_autofree char *each = label_map_words(&plot);
    g_assert_true(g_str_has_suffix(each, ", and 472 more") == words);
  }
}

/* Where columns are narrower than names, names are left out, never the selected one. */
static void test_many_columns(void) {
  enum { N = 120 };
  Palette palette = palette_builtin(false, false);
  g_auto(GStrv) names = numbered("class", N), rows = numbered("source", 200);
  g_autofree float *omega = g_new0(float, 200 * N);
  for (int t = 0; t < N; t++)
    omega[(t * 7 % 200) * N + t] = 1;
  LabelMapPlot plot = {&palette, omega, 200, N, rows, names, 50};
  cairo_surface_t *surface = drawn(300, 300, draw_label_map, &plot, &palette);
  compare_with_reference(surface, "label-map-many");
  cairo_surface_destroy(surface);
  /* No room at all. */
  cairo_surface_destroy(drawn(60, 40, draw_label_map, &plot, &palette));
}

static void test_ticks(void) {
  const struct {
    double low, high;
    int most;
    double first, step;
    int n, digits;
  } cases[] = {
      {0, 1, 6, 0, 0.2, 6, 1},      {0, 62, 4, 0, 20, 4, 0}, {-0.3, 0.34, 5, -0.2, 0.2, 3, 1},
      {0, 25000, 6, 0, 5000, 6, 0}, {2, 2, 4, 2, 1, 0, 0},   {0.001, 0.0034, 5, 0.001, 0.0005, 5, 4},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    Ticks ticks = ticks_round(cases[i].low, cases[i].high, cases[i].most);
    g_test_message("%g .. %g", cases[i].low, cases[i].high);
    g_assert_cmpfloat_with_epsilon(ticks.first, cases[i].first, 1e-9);
    g_assert_cmpfloat_with_epsilon(ticks.step, cases[i].step, 1e-9);
    g_assert_cmpint(ticks.n, ==, cases[i].n);
    g_assert_cmpint(ticks.digits, ==, cases[i].digits);
  }
}

static void test_places(void) {
  double places[] = {50, 52, 53, 95};
  places_apart(places, 4, 10, 0, 100);
  for (int i = 1; i < 4; i++)
    g_assert_cmpfloat(places[i] - places[i - 1], >=, 10 - 1e-9);
  g_assert_cmpfloat(places[3], <=, 100);
  g_assert_cmpfloat(places[0], ==, 50);
}

/* A spike among 100000 steps is drawn, a gap is not bridged. */
static void test_decimation(void) {
  enum { N = 100000 };
  g_autofree double *steps = g_new(double, N), *values = g_new(double, N);
  for (int i = 0; i < N; i++) {
    steps[i] = i;
    values[i] = i == 77777 ? 1 : i > 30000 && i < 50000 ? NAN : 0.2;
  }
  Curve curve = {"c", steps, values, N, {1, 0, 0}, 2, 1};
  CurveFrame frame = {0, 0, 200, 100, N, 0, 1};
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 200, 100);
  cairo_t *cr = cairo_create(surface);
  curve_stroke(cr, &frame, &curve, 1);
  cairo_destroy(cr);
  cairo_surface_flush(surface);
  g_assert_cmpint(count_ink(surface, (Ink){1, 0, 0}, 153, 5, 158, 60), >, 40);
  g_assert_cmpint(count_ink(surface, (Ink){0, 0, 0}, 64, 0, 96, 100), ==, 32 * 100);
  g_assert_cmpint(count_ink(surface, (Ink){1, 0, 0}, 0, 78, 60, 82), >, 100);
  cairo_surface_destroy(surface);
  double found;
  g_assert_cmpfloat(curve_value_at(&curve, 40000, &found), ==, 0.2);
  g_assert_cmpfloat(found, ==, 30000);
  g_assert_true(isnan(curve_value_at(&curve, -1, NULL)));
}

static void test_curves(void) {
  const double steps[] = {0, 10, 20, 30, 40}, values[] = {0.3, 0.5, NAN, 0.7, 0.72},
               faint[] = {0.2, 0.4, 0.5, 0.6, 0.7};
  for (int dark = 0; dark < 2; dark++) {
    Palette palette = palette_builtin(dark, dark);
    const Curve curves[] = {{"batches", steps, faint, 5, palette.accent, 1.6, 0.4},
                            {"validation", steps, values, 5, palette.accent, 2.4, 1, .points = true}};
    const CurveLevel levels[] = {{"no prompt", 0.35}, {"full size", 0.36}, {"unknown", NAN}};
    CurvesPlot plot = {&palette, "Accuracy, %", curves, 2, levels, 3, 50, 0, 1, true, 25, -1};
    cairo_surface_t *surface = drawn(260, 180, draw_curves, &plot, &palette);
    compare_with_reference(surface, dark ? "curves-high-contrast-dark" : "curves");
    int step = curves_step_at(260, 180, &plot, 34 + 108, 60);
    g_assert_cmpint(step, ==, 25);
    g_assert_cmpint(curves_step_at(260, 180, &plot, 5, 60), ==, -1);
    /* The cursor's line stands at its step. */
    g_assert_cmpint(count_ink(surface, palette.mark, 140, 40, 145, 150), >, 90);
    cairo_surface_destroy(surface);
    g_autofree char *text = curves_value_text(&plot, 0.641);
    g_assert_cmpstr(text, ==, "64.1 %");
    plot.n_curves = 0;
    plot.empty = "nothing yet";
    cairo_surface_destroy(drawn(260, 180, draw_curves, &plot, &palette));
    cairo_surface_destroy(drawn(20, 10, draw_curves, &plot, &palette));
  }
}

static bool box_meets(const CaptionBox *box, const CurveFrame *frame, const Curve *curve) {
  for (double x = box->x; x <= box->x + box->width; x++) {
    double value = curve_value_between(curve, (x - frame->left) / frame->width * frame->last_step),
           y = isfinite(value) ? curve_y(frame, value) : -1e3;
    if (y >= box->y && y <= box->y + box->height)
      return true;
  }
  return false;
}

/* Names of levels go where no curve, no other line and no other name is, wherever the curve runs. */
static void test_captions(void) {
  static const double ends[][2] = {{0.36, 0.30}, {0.30, 0.40}, {0.33, 0.33}, {0.40, 0.20}, {0.1, 0.34}};
  Palette palette = palette_builtin(false, false);
  CurveFrame frame = {
      .left = 34, .top = 24, .width = 170, .height = 60, .last_step = 100, .low = 0.1, .high = 0.5};
  const CurveLevel levels[] = {{"full size", 0.36}, {"no prompt", 0.29}};
  for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
    Curve curve = {"validation", (const double[]){0, 100}, ends[i], 2, palette.accent, 2.4, 1};
    CurvesPlot plot = {.palette = &palette, .curves = &curve, .n_curves = 1, .levels = levels, .n_levels = 2};
    CaptionBox boxes[] = {{.width = 80, .height = 10}, {.width = 80, .height = 10}};
    for (int k = 0; k < 2; k++) {
      caption_place(&frame, &plot, levels[k].value, boxes, k);
      g_assert_cmpfloat(boxes[k].x, >=, frame.left);
      g_assert_cmpfloat(boxes[k].x + boxes[k].width, <=, frame.left + frame.width);
      for (int line = 0; line < 2; line++) {
        double y = curve_y(&frame, levels[line].value);
        g_assert_true(y < boxes[k].y || y > boxes[k].y + boxes[k].height);
      }
    }
    g_assert_true(boxes[0].y + boxes[0].height <= boxes[1].y || boxes[1].y + boxes[1].height <= boxes[0].y ||
                  boxes[0].x + boxes[0].width <= boxes[1].x || boxes[1].x + boxes[1].width <= boxes[0].x);
    g_assert_cmpint(box_meets(&boxes[0], &frame, &curve) + box_meets(&boxes[1], &frame, &curve), ==, 0);
  }
}

static void test_pixels(void) {
  const float numbers[] = {0.5f,  0.75f, 0.25f,     0.5f,  /**/ 0.5f, 0.75f,
                           0.25f, 0.5f,  /**/ 0.5f, 0.75f, 0.25f,     0.5f},
              mask[] = {1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0};
  PatternNumbers pattern = {numbers, 3, 1, 4, mask, 0.5f, MAP_DIVERGING};
  PatternRange range = pattern_range(&pattern);
  g_assert_cmpfloat(range.factor, ==, 2);
  uint32_t row[4];
  pattern_pixels(&pattern, range, row, sizeof row);
  g_assert_cmphex(row[0], ==, 0xffdbdbdb);
  g_assert_cmphex(row[1], ==, 0xffc75c00);
  g_assert_cmphex(row[2], ==, 0xff0072b2);
  g_assert_cmphex(row[3], ==, 0xff808080);
  pattern.map = MAP_COLOUR;
  range = pattern_range_locked(&pattern, 4);
  g_assert_cmpfloat_with_epsilon(range.clipped, 2.0 / 3, 1e-9);
  g_autofree char *factor = pattern_factor_text(range.factor);
  g_assert_cmpstr(factor, ==, "×4.0");
  const float picture[] = {0, 1, 1.5f, -0.2f};
  PatternNumbers plain = {picture, 1, 1, 4};
  g_assert_cmpfloat(picture_pixels(&plain, row, sizeof row), ==, 0.5);
  g_assert_cmphex(row[0], ==, 0xff000000);
  g_assert_cmphex(row[2], ==, 0xffffffff);
}

static void test_words(void) {
  float numbers[3 * 12 * 12] = {0};
  PatternNumbers pattern = {numbers, 3, 12, 12};
  g_autofree char *silent = picture_words(&pattern);
  g_assert_cmpstr(silent, ==, "neutral everywhere");
  for (int i = 0; i < 3 * 144; i++) {
    int y = i % 144 / 12, x = i % 12;
    numbers[i] = y < 2 || y > 9 || x < 2 || x > 9 ? 0.4f : 0;
  }
  g_autofree char *border = picture_words(&pattern);
  g_assert_cmpstr(border, ==, "mean 0.22, L-infinity 0.4, strongest at the border");
  memset(numbers, 0, sizeof numbers);
  numbers[144 + 10 * 12 + 11] = -0.5f;
  g_autofree char *corner = picture_words(&pattern);
  g_assert_true(g_str_has_suffix(corner, "strongest at the bottom right"));
  numbers[3] = 0.041f;
  g_autofree char *probe = picture_probe(&pattern, 3, 0, true),
                  *outside = picture_probe(&pattern, 12, 0, true),
                  *grey = picture_probe(&pattern, 0, 0, false);
  g_assert_cmpstr(probe, ==, "+.041 +.000 +.000");
  g_assert_cmpstr(outside, ==, "");
  g_assert_cmpstr(grey, ==, ".00");
}

static bool contains(GBytes *file, const char *word) {
  gsize n;
  const char *bytes = g_bytes_get_data(file, &n);
  return memmem(bytes, n, word, strlen(word)) != NULL;
}

typedef struct {
  GBytes *file;
  gsize at;
} Reading;

static cairo_status_t read_on(void *closure, unsigned char *data, unsigned n) {
  Reading *reading = closure;
  gsize all;
  const char *bytes = g_bytes_get_data(reading->file, &all);
  if (reading->at + n > all)
    return CAIRO_STATUS_READ_ERROR;
  memcpy(data, bytes + reading->at, n);
  reading->at += n;
  return CAIRO_STATUS_SUCCESS;
}

static void test_export(void) {
  const float counts[] = {0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0};
  Palette palette = palette_builtin(false, false);
  LabelMapPlot plot = {&palette, counts, 4, 3, sources, targets, -1};
  Drawing drawing = {
      draw_label_map,       &plot, &palette, 240, 180, 1, "A & B", "Caption <1>", "[run]\nseed=1\n",
      "2026-05-01T14:03:00"};
  for (ExportForm form = 0; form < N_EXPORT_FORMS; form++) {
    g_autoptr(GBytes) file = drawing_export(&drawing, form, NULL),
                      again = drawing_export(&drawing, form, NULL);
    g_assert_nonnull(file);
    /* Cairo numbers the parts of SVG files anew. */
    if (form != EXPORT_SVG)
      g_assert_true(g_bytes_equal(file, again));
    g_autofree char *name = g_strdup_printf("a%s", export_form_suffix(form));
    g_assert_cmpint(export_form_of(name), ==, form);
    if (form == EXPORT_SVG) {
      g_assert_true(contains(file, "<title>A &amp; B</title>"));
      g_assert_true(contains(file, "<desc>Caption &lt;1&gt;</desc>"));
      g_assert_true(contains(file, "<metadata>[run]\nseed=1\n</metadata>"));
    }
    if (form == EXPORT_PDF)
      g_assert_true(contains(file, "(A & B)") && contains(file, "Caption <1>") &&
                    contains(file, "/Keywords"));
    if (form == EXPORT_PNG) {
      g_assert_true(contains(file, "iTXtTitle") && contains(file, "Caption <1>") && contains(file, "seed=1"));
      Reading reading = {file, 0};
      cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(read_on, &reading);
      g_assert_cmpint(cairo_surface_status(surface), ==, CAIRO_STATUS_SUCCESS);
      g_assert_cmpint(cairo_image_surface_get_width(surface), ==, 280);
      cairo_surface_destroy(surface);
    }
  }
  g_assert_cmpint(export_form_of("picture.jpeg"), ==, N_EXPORT_FORMS);
  drawing.scale = 1e6;
  g_autoptr(GError) error = NULL;
  g_assert_null(drawing_export(&drawing, EXPORT_PNG, &error));
  g_assert_nonnull(error);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/draw/confidence", test_confidence);
  g_test_add_func("/draw/class-pictures", test_class_pictures);
  g_test_add_func("/draw/label-map", test_label_map);
  g_test_add_func("/draw/label-map-as-is", test_as_is);
  g_test_add_func("/draw/label-map-many-columns", test_many_columns);
  g_test_add_func("/draw/ticks", test_ticks);
  g_test_add_func("/draw/places", test_places);
  g_test_add_func("/draw/decimation", test_decimation);
  g_test_add_func("/draw/curves", test_curves);
  g_test_add_func("/draw/pixels", test_pixels);
  g_test_add_func("/draw/words", test_words);
  g_test_add_func("/draw/export", test_export);
  g_test_add_func("/draw/label-map-counts", test_label_map_counts);
  g_test_add_func("/draw/captions", test_captions);
  return g_test_run();
}
