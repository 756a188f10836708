/* The pattern inside f in process: parts cut out of a pattern, what is on the screen is drawn and nothing
 * else, parts in turn, words; sites as cards.  Skips where no display can be had. */
#include "app/inside-parts.h"
#include "ui/inside-plot.h"
#include "ui/inside-view.h"
#include "ui/panes.h"
#include "ui/probe-bar.h"
#include "ui/site-cards.h"

#include <adwaita.h>
#include <math.h>
#include <string.h>

static Site embedding = {.name = "e",
                         .alias = "embedding",
                         .location = LOCATION_EMBEDDING,
                         .shape = {3, {-1, 9, 4}},
                         .token_axis = 1,
                         .channel_axis = 2};
static Site hidden = {.name = "conv7",
                      .location = LOCATION_HIDDEN,
                      .shape = {4, {-1, 5, 2, 2}},
                      .token_axis = -1,
                      .channel_axis = 1};
static Site input = {
    .name = "x", .alias = "input", .location = LOCATION_INPUT, .token_axis = -1, .channel_axis = 1};

/* 3 x 2 x 2 at the input, 2 tokens of 4 channels, a plane of 1 x 2 for 5 channels behind the other axes. */
static GArray *three_parts(void) {
  GArray *parts = g_array_new(FALSE, TRUE, sizeof(ManipulationPart));
  ManipulationPart rows[] = {
      {.site = &input, .shape = {3, {3, 2, 2}}, .token_axis = -1, .channel_axis = 0, .first = 0},
      {.site = &embedding, .shape = {2, {2, 4}}, .token_axis = 0, .channel_axis = 1, .first = 12},
      {.site = &hidden, .shape = {2, {2, 5}}, .token_axis = -1, .channel_axis = 1, .first = 20},
  };
  g_array_append_vals(parts, rows, G_N_ELEMENTS(rows));
  return parts;
}

static Tensor *counting(float factor) {
  float numbers[30];
  for (int i = 0; i < 30; i++)
    numbers[i] = factor * (float)(i - 3);
  return tensor_from_floats(&SHAPE(30), numbers);
}

static GPtrArray *two_parts(void) {
  g_autoptr(GArray) cut = three_parts();
  g_autoptr(Tensor) pattern = counting(1), start = counting(-2);
  return inside_parts(cut, pattern, start, NULL);
}

static void test_parts(void) {
  g_autoptr(GPtrArray) parts = two_parts();
  g_assert_cmpuint(parts->len, ==, 2);
  const HfPart *tokens = g_ptr_array_index(parts, 0), *channels = g_ptr_array_index(parts, 1);
  g_assert_cmpstr(tokens->site, ==, "embedding");
  g_assert_cmpint(tokens->rows, ==, 2);
  g_assert_cmpint(tokens->width, ==, 4);
  g_assert_cmpfloat(tokens->numbers[4], ==, 13);
  g_assert_cmpfloat(fabs(tokens->looks[1].turned + 1), <, 1e-6); /* the start pointed the other way */
  g_assert_true(isnan(tokens->looks[1].cosine));
  g_assert_cmpstr(channels->site, ==, "conv7");
  g_assert_cmpint(channels->kind, ==, PART_CHANNELS);
  g_assert_cmpint(channels->rows, ==, 5);
  g_assert_cmpint(channels->height * channels->width, ==, 2);
  g_assert_cmpfloat(channels->numbers[0], ==, 17);
  g_assert_cmpfloat(channels->numbers[1], ==, 22); /* the other row of the same channel */
  g_autoptr(GArray) cut = three_parts();
  const float few[12] = {0};
  g_autoptr(Tensor) shorter = tensor_from_floats(&SHAPE(12), few);
  g_assert_null(inside_parts(cut, shorter, NULL, NULL));
}

static void test_turned(void) {
  const float numbers[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  g_autofree float *turned = hf_part_turned(numbers, (int64_t[]){2, 3, 2}, 3, 1);
  const float wanted[] = {0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11};
  g_assert_cmpmem(turned, sizeof wanted, wanted, sizeof wanted);
  g_assert_cmpfloat(fabs(hf_part_cosine(numbers, numbers, 12) - 1), <, 1e-9);
  g_assert_true(isnan(hf_part_cosine(numbers, numbers, 1)));
}

/* A table of two halves says which is which. */
static void test_halves(void) {
  float numbers[] = {0.5f, -0.25f, 1, 2};
  HfPart part = {
      .site = "block1", .kind = PART_CHANNELS, .rows = 2, .height = 2, .width = 1, .numbers = numbers};
  g_autofree char *plain = inside_part_title(&part), *none = inside_part_halves(&part);
  g_assert_cmpstr(plain, ==, "block1, 2 channels, 1×2");
  g_assert_null(none);
  part.halves[0] = "scale";
  part.halves[1] = "shift";
  g_autofree char *title = inside_part_title(&part), *first = inside_part_reading(&part, 0);
  g_assert_cmpstr(title, ==, "block1, 2 channels: scale above, shift below");
  g_assert_cmpstr(first, ==, "channel 1: scale 0.5, shift -0.25");
}

/* Words: rows of a frozen table that a Gather reads. */
static void test_words(void) {
  const float table[] = {1, 0, 0, 1, -1, 0};
  g_autoptr(FrozenModel) model = frozen_model_new();
  g_autoptr(Tensor) words = tensor_from_floats(&SHAPE(3, 2), table);
  ValueId ids = graph_input(model->graph, "ids", TENSOR_INT64, &SHAPE(-1, -1));
  ValueId constant = graph_constant(model->graph, "table", words);
  ValueId rows = GRAPH_ADD(model->graph, "Gather", "rows", constant, ids);
  Site *site = g_new0(Site, 1);
  *site = (Site){.name = g_strdup("rows"),
                 .alias = g_strdup("embedding"),
                 .location = LOCATION_EMBEDDING,
                 .value = rows,
                 .token_axis = 1,
                 .channel_axis = 2};
  g_ptr_array_add(model->sites, site);
  graph_set_output(model->graph, GRAPH_ADD(model->graph, "Relu", "y", rows));
  g_autoptr(GArray) parts = g_array_new(FALSE, TRUE, sizeof(ManipulationPart));
  ManipulationPart part = {.site = site, .shape = {2, {2, 2}}, .token_axis = 0, .channel_axis = 1};
  g_array_append_val(parts, part);
  Neighbours *neighbours = neighbours_new(model, parts);
  const float tokens[] = {0.1f, 5, -3, 0.2f};
  TokenLook looks[2] = {{NULL, NAN, NAN}, {NULL, NAN, NAN}};
  neighbours_find(neighbours, 0, tokens, 2, 2, looks);
  g_assert_cmpstr(looks[0].nearest, ==, "word 1");
  g_assert_cmpstr(looks[1].nearest, ==, "word 2");
  g_assert_cmpfloat(looks[0].cosine, >, 0.99);
  g_free(looks[0].nearest);
  g_free(looks[1].nearest);
  neighbours_free(neighbours);
}

static void settle(void) {
  gint64 end = g_get_monotonic_time() + G_USEC_PER_SEC / 2;
  while (g_get_monotonic_time() < end)
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(2000);
}

static void test_view(void) {
  GtkWidget *window = adw_window_new(), *stack = gtk_stack_new(), *other = gtk_label_new("other");
  HfInsideView *view = HF_INSIDE_VIEW(hf_inside_view_new());
  gtk_stack_add_child(GTK_STACK(stack), other);
  gtk_stack_add_child(GTK_STACK(stack), GTK_WIDGET(view));
  adw_window_set_content(ADW_WINDOW(window), stack);
  gtk_window_set_default_size(GTK_WINDOW(window), 400, 300);
  gtk_window_present(GTK_WINDOW(window));
  g_autoptr(GPtrArray) parts = two_parts();
  hf_inside_view_set_parts(view, parts);
  settle();
  g_assert_cmpint(hf_inside_view_get_drawings(view), ==, 0); /* hidden */
  gtk_stack_set_visible_child(GTK_STACK(stack), GTK_WIDGET(view));
  settle();
  int drawn = hf_inside_view_get_drawings(view);
  g_assert_cmpint(drawn, >, 0);
  hf_inside_view_show(view, -1);
  g_assert_cmpint(hf_inside_view_get_shown(view), ==, 1);
  settle();
  g_assert_cmpint(hf_inside_view_get_drawings(view), >, drawn);
  g_autoptr(GPtrArray) again = two_parts();
  hf_inside_view_set_parts(view, again); /* another moment: the same part */
  g_assert_cmpint(hf_inside_view_get_shown(view), ==, 1);
  hf_inside_view_describe(view);
  hf_inside_view_set_parts(view, NULL);
  g_assert_cmpint(hf_inside_view_get_shown(view), ==, 0);
  hf_inside_view_describe(view);
  settle();
  gtk_window_destroy(GTK_WINDOW(window));
}

static HfSnapshot *snapshot(bool inside) {
  HfSnapshot *made = hf_snapshot_new();
  static const float zeros[12];
  made->picture = tensor_from_floats(&SHAPE(3, 2, 2), zeros);
  made->pattern = tensor_from_floats(&SHAPE(3, 2, 2), zeros);
  made->received = tensor_from_floats(&SHAPE(3, 2, 2), zeros);
  made->parts = inside ? two_parts() : NULL;
  made->only_inside = inside;
  return made;
}

/* The difference leaves its room to the pattern where there is none. */
static void test_panes(void) {
  GtkWidget *window = adw_window_new();
  HfPanes *panes = HF_PANES(hf_panes_new());
  adw_window_set_content(ADW_WINDOW(window), GTK_WIDGET(panes));
  gtk_window_set_default_size(GTK_WINDOW(window), 900, 420);
  gtk_window_present(GTK_WINDOW(window));
  GtkWidget *difference = GTK_WIDGET(hf_panes_get_picture(panes, PANE_DIFFERENCE));
  GtkWidget *inside = GTK_WIDGET(hf_panes_get_inside(panes));
  for (int round = 0; round < 2; round++) {
    HfSnapshot *first = snapshot(true), *second = snapshot(false);
    hf_panes_set_snapshot(panes, first);
    settle();
    g_assert_true(gtk_widget_get_mapped(inside));
    g_assert_false(gtk_widget_get_mapped(difference));
    GtkWidget *sample = GTK_WIDGET(hf_panes_get_picture(panes, PANE_SAMPLE));
    g_assert_cmpint(gtk_widget_get_width(inside), >, 3 * gtk_widget_get_width(sample) / 2);
    g_assert_cmpint(gtk_widget_get_height(inside), ==, gtk_widget_get_height(sample));
    hf_panes_set_snapshot(panes, second);
    settle();
    g_assert_false(gtk_widget_get_mapped(inside));
    g_assert_true(gtk_widget_get_mapped(difference));
    g_assert_cmpint(abs(gtk_widget_get_width(difference) - gtk_widget_get_width(sample)), <, 5);
    hf_snapshot_unref(first);
    hf_snapshot_unref(second);
  }
  hf_panes_set_snapshot(panes, NULL);
  gtk_window_destroy(GTK_WINDOW(window));
}

/* How many of that type are on the screen. */
static int count_mapped(GtkWidget *below, GType type) {
  int n = gtk_widget_get_mapped(below) && G_TYPE_CHECK_INSTANCE_TYPE(below, type);
  for (GtkWidget *child = gtk_widget_get_first_child(below); child;
       child = gtk_widget_get_next_sibling(child))
    n += count_mapped(child, type);
  return n;
}

static double top_of(GtkWidget *widget, HfPanes *panes) {
  double x = 0, y = 0;
  gtk_widget_translate_coordinates(widget, GTK_WIDGET(panes), 0, 0, &x, &y);
  return y;
}

/* In a narrow and high window: three pictures stand in one row, and what has no effect is not there. */
static void test_narrow(void) {
  GtkWidget *window = adw_window_new();
  HfPanes *panes = HF_PANES(hf_panes_new());
  adw_window_set_content(ADW_WINDOW(window), GTK_WIDGET(panes));
  gtk_window_set_default_size(GTK_WINDOW(window), 640, 740);
  gtk_window_present(GTK_WINDOW(window));
  GtkWidget *sample = GTK_WIDGET(hf_panes_get_picture(panes, PANE_SAMPLE)),
            *received = GTK_WIDGET(hf_panes_get_picture(panes, PANE_RECEIVED));
  HfSnapshot *pictures = snapshot(false), *inside = snapshot(true), *text = snapshot(true);
  g_clear_pointer(&text->picture, tensor_unref);
  g_clear_pointer(&text->received, tensor_unref);
  text->text = g_strdup("once");
  const struct {
    HfSnapshot *shown;
    bool one_row;
    int probes, scales;
  } rows[] = {{pictures, false, 1, 1}, {inside, true, 1, 0}, {text, true, 0, 0}, {pictures, false, 1, 1}};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    hf_panes_set_snapshot(panes, rows[i].shown);
    settle();
    g_assert_true((top_of(sample, panes) == top_of(received, panes)) == rows[i].one_row);
    g_assert_cmpint(count_mapped(GTK_WIDGET(panes), HF_TYPE_PROBE_BAR), ==, rows[i].probes);
    g_assert_cmpint(count_mapped(GTK_WIDGET(panes), GTK_TYPE_SCALE), ==, rows[i].scales);
  }
  hf_panes_set_snapshot(panes, NULL);
  gtk_window_destroy(GTK_WINDOW(window));
  hf_snapshot_unref(pictures);
  hf_snapshot_unref(inside);
  hf_snapshot_unref(text);
}

/* Three plots have room in the window of 1024 x 700, where the pane is this small. */
static void draw_three(const CurveData *data, const Palette *palette) {
  Plots plots = {.data = *data, .cursor = -1, .hover = -1};
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 220, 225);
  cairo_t *cr = cairo_create(surface);
  plots_draw_curves(cr, 220, 225, palette, &plots);
  cairo_destroy(cr);
  const unsigned char *pixels = cairo_image_surface_get_data(surface);
  int drawn = 0;
  for (int y = 160; y < 225; y++)
    for (int x = 34; x < 220; x++)
      drawn += pixels[y * cairo_image_surface_get_stride(surface) + 4 * x + 2] >
               pixels[y * cairo_image_surface_get_stride(surface) + 4 * x] + 60; /* orange */
  g_assert_cmpint(drawn, >, 2);
  cairo_surface_destroy(surface);
}

/* Runs that were stored before it was kept do not know it: a gap, and no third plot. */
static void test_gradient(void) {
  HfSeries *series = hf_series_new();
  CurveData data;
  Palette palette = palette_builtin(false, false);
  Curve curve;
  curve_data_init(&data);
  curve_data_set(&data, series);
  RunStep unknown = {.step = 1, .loss = 1}, known = {.step = 2, .loss = 1, .gradient_norm = 0.25};
  g_array_append_val(series->steps, unknown);
  curve_data_update(&data);
  g_assert_false(data.has_gradient);
  g_array_append_val(series->steps, known);
  curve_data_update(&data);
  g_assert_true(data.has_gradient);
  curve_data_gradient(&data, &palette, &curve);
  g_assert_cmpint(curve.n, ==, 2);
  g_assert_true(isnan(curve.values[0]));
  g_assert_cmpfloat(curve.values[1], ==, 0.25);
  draw_three(&data, &palette);
  curve_data_clear(&data);
  hf_series_free(series);
}

static void test_sites(void) {
  g_autofree char *tokens = site_facts(&embedding), *channels = site_facts(&hidden),
                  *none = site_facts(&input);
  g_assert_cmpstr(tokens, ==, "9×4 · tokens: axis 1 · channels: axis 2");
  g_assert_cmpstr(channels, ==, "5×2×2 · channels: axis 1");
  g_assert_cmpstr(none, ==, "shape not known · channels: axis 1");
  g_assert_cmpstr(site_spec_name(&embedding), ==, "embedding");
  g_assert_cmpstr(site_spec_name(&hidden), ==, "conv7");
}

int main(int argc, char **argv) {
  g_setenv("GSETTINGS_BACKEND", "memory", TRUE);
  g_setenv("GTK_A11Y", "test", FALSE);
  (g_test_init)(&argc, &argv, NULL);
  if (!gtk_init_check()) {
    g_print("1..0 # SKIP no display\n");
    return 0;
  }
  adw_init();
  g_test_add_func("/inside-view/parts", test_parts);
  g_test_add_func("/inside-view/turned", test_turned);
  g_test_add_func("/inside-view/words", test_words);
  g_test_add_func("/inside-view/view", test_view);
  g_test_add_func("/inside-view/panes", test_panes);
  g_test_add_func("/inside-view/halves", test_halves);
  g_test_add_func("/inside-view/narrow", test_narrow);
  g_test_add_func("/inside-view/gradient", test_gradient);
  g_test_add_func("/inside-view/sites", test_sites);
  return g_test_run();
}
