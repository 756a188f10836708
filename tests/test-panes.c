/* The live panes and the time bar in a window: what is computed and when, what is linked, what is said. */
#include "ui/panes-words.h"
#include "ui/panes.h"
#include "ui/time-bar.h"

#include <adwaita.h>
#include <math.h>
#include <string.h>

#define EDGE 8

static GtkWindow *window;
static HfPanes *panes;
static GSimpleActionGroup *actions;

/* Runs the main loop until `done` or 5 seconds have passed. */
static bool wait_until(bool (*done)(gconstpointer), gconstpointer data) {
  gint64 end = g_get_monotonic_time() + 5 * G_USEC_PER_SEC;
  while (!done(data) && g_get_monotonic_time() < end) {
    while (g_main_context_iteration(NULL, FALSE))
      ;
    g_usleep(2000);
  }
  return done(data);
}

static void let_pass(int milliseconds) {
  gint64 end = g_get_monotonic_time() + milliseconds * 1000;
  while (g_get_monotonic_time() < end) {
    while (g_main_context_iteration(NULL, FALSE))
      ;
    g_usleep(2000);
  }
}

static Tensor *filled(float (*number)(int c, int y, int x)) {
  Tensor *tensor = tensor_new(TENSOR_FLOAT32, &SHAPE(3, EDGE, EDGE), NULL);
  for (int c = 0, i = 0; c < 3; c++)
    for (int y = 0; y < EDGE; y++)
      for (int x = 0; x < EDGE; x++, i++)
        tensor_floats(tensor)[i] = number(c, y, x);
  return tensor;
}

static bool inside(int y, int x) {
  return x >= 2 && x < 6 && y >= 2 && y < 6;
}

static float picture_number(int c, int y, int x) {
  return inside(y, x) ? 0.8f : 0;
}

static float mask_number(int c, int y, int x) {
  return !inside(y, x);
}

static float pattern_number(int c, int y, int x) {
  return inside(y, x) ? 0 : c == 0 ? 0.25f : -0.125f;
}

static float received_number(int c, int y, int x) {
  return picture_number(c, y, x) + pattern_number(c, y, x);
}

/* (transfer full) */
static HfSnapshot *snapshot_of(int step) {
  static char *sources[] = {"A", "B", "C", NULL}, *targets[] = {"coat", "boot", NULL};
  static const float omega[] = {1, 0, 0, 1, 0, 0};
  HfSnapshot *made = hf_snapshot_new();
  made->names = hf_names_new(sources, 3, targets, 2);
  made->step = step;
  made->total_steps = 100;
  made->n_samples = 10;
  made->label = 1;
  made->picture = filled(picture_number);
  made->pattern = filled(pattern_number);
  made->received = filled(received_number);
  made->mask = filled(mask_number);
  made->omega = tensor_from_floats(&SHAPE(3, 2), omega);
  made->source_on = g_memdup2((float[]){0.2f, 0.7f, 0.1f}, 3 * sizeof(float));
  made->source_off = g_memdup2((float[]){0.5f, 0.3f, 0.2f}, 3 * sizeof(float));
  made->target_on = g_memdup2((float[]){0.25f, 0.75f}, 2 * sizeof(float));
  return made;
}

static int conversions(void) {
  int sum = 0;
  for (int i = 0; i < N_PICTURE_PANES; i++)
    sum += hf_picture_view_get_conversions(hf_panes_get_picture(panes, i));
  return sum;
}

static bool converted(gconstpointer least) {
  return conversions() >= *(const int *)least;
}

static bool is_mapped(gconstpointer widget) {
  return gtk_widget_get_mapped((GtkWidget *)widget);
}

static void show_step(int step) {
  HfSnapshot *made = snapshot_of(step);
  hf_panes_set_snapshot(panes, made);
  hf_snapshot_unref(made);
}

/* Once a snapshot, and not again by looking or pointing. */
static void test_once(void) {
  int before = conversions(), wanted = before + N_PICTURE_PANES;
  HfSnapshot *made = snapshot_of(1);
  hf_panes_set_snapshot(panes, made);
  g_assert_true(wait_until(converted, &wanted));
  const Plots *plots = hf_panes_get_plots(panes);
  let_pass(200);
  int drawings = hf_plot_view_get_drawings(plots->label_map);
  hf_panes_set_snapshot(panes, made);
  hf_lens_set_cursor(hf_panes_get_lens(panes), 3, 3);
  let_pass(200);
  g_assert_cmpint(conversions(), ==, wanted);
  g_assert_cmpint(hf_plot_view_get_drawings(plots->label_map), ==, drawings);
  hf_snapshot_unref(made);
}

static void test_hidden(void) {
  gtk_widget_set_visible(GTK_WIDGET(panes), FALSE);
  let_pass(50);
  int before = conversions(), wanted = before + N_PICTURE_PANES;
  int drawings = hf_plot_view_get_drawings(hf_panes_get_plots(panes)->curves);
  for (int step = 2; step < 20; step++) {
    show_step(step);
    hf_panes_series_changed(panes);
    hf_panes_set_cursor_step(panes, step);
  }
  let_pass(100);
  g_assert_cmpint(conversions(), ==, before);
  g_assert_cmpint(hf_plot_view_get_drawings(hf_panes_get_plots(panes)->curves), ==, drawings);
  g_assert_cmpint(hf_panes_get_plots(panes)->snapshot->step, ==, 1);
  gtk_widget_set_visible(GTK_WIDGET(panes), TRUE);
  g_assert_true(wait_until(converted, &wanted));
  g_assert_cmpint(conversions(), ==, wanted);
  g_assert_cmpint(hf_panes_get_plots(panes)->snapshot->step, ==, 19);
}

/* The widget as it is drawn now.  (transfer full) */
static cairo_surface_t *picture_of(GtkWidget *widget) {
  int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new(widget);
  gtk_widget_queue_draw(widget);
  let_pass(80);
  GtkSnapshot *snapshot = gtk_snapshot_new();
  gdk_paintable_snapshot(paintable, snapshot, width, height);
  GskRenderNode *node = gtk_snapshot_free_to_node(snapshot);
  g_assert_nonnull(node);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create(surface);
  gsk_render_node_draw(node, cr);
  cairo_destroy(cr);
  gsk_render_node_unref(node);
  cairo_surface_flush(surface);
  return surface;
}

static uint32_t pixel(cairo_surface_t *surface, double x, double y) {
  int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
  const unsigned char *rows = cairo_image_surface_get_data(surface);
  return ((const uint32_t *)(const void *)(rows +
                                           (size_t)(int)(y * height) *
                                               cairo_image_surface_get_stride(surface)))[(int)(x * width)] &
         0xffffff;
}

/* Pixels are those of the numbers: grey in the hole, the amplified pattern around it. */
static void test_pixels(void) {
  GtkWidget *view = GTK_WIDGET(hf_panes_get_picture(panes, PANE_PATTERN));
  PatternRange range = hf_picture_view_get_range(HF_PICTURE_VIEW(view));
  g_assert_cmpfloat_with_epsilon(range.factor, 2, 1e-6);
  cairo_surface_t *surface = picture_of(view);
  g_assert_cmphex(pixel(surface, 0.62, 0.5), ==, 0x808080);
  g_assert_cmphex(pixel(surface, 0.94, 0.5), ==, 0xff4040);
  cairo_surface_destroy(surface);
  g_action_group_activate_action(G_ACTION_GROUP(actions), "pattern-map", g_variant_new_string("diverging"));
  g_action_group_activate_action(G_ACTION_GROUP(actions), "amplify", g_variant_new_double(1));
  surface = picture_of(view);
  g_assert_cmphex(pixel(surface, 0.62, 0.5), ==, 0x808080);
  g_assert_cmphex(pixel(surface, 0.94, 0.5), ==, 0xdbdbdb);
  cairo_surface_destroy(surface);
  g_action_group_change_action_state(G_ACTION_GROUP(actions), "amplify", g_variant_new_double(NAN));
  g_action_group_activate_action(G_ACTION_GROUP(actions), "pattern-map", g_variant_new_string("none"));
  g_autoptr(GVariant) factor = g_action_group_get_action_state(G_ACTION_GROUP(actions), "amplify");
  g_assert_cmpfloat(g_variant_get_double(factor), ==, 1);
  g_action_group_activate_action(G_ACTION_GROUP(actions), "pattern-map", g_variant_new_string("colour"));
  g_action_group_activate_action(G_ACTION_GROUP(actions), "amplify", g_variant_new_double(0));
}

/* One lens for all: zoomed into the hole, every picture shows only its middle. */
static void test_linked(void) {
  HfLens *lens = hf_panes_get_lens(panes);
  g_action_group_activate_action(G_ACTION_GROUP(actions), "zoom", g_variant_new_double(4));
  g_assert_cmpfloat(hf_lens_get_zoom(lens), ==, 4);
  static const uint32_t middle[N_PICTURE_PANES] = {0xcccccc, 0x808080, 0xcccccc, 0xdbdbdb};
  for (int i = 0; i < N_PICTURE_PANES; i++) {
    cairo_surface_t *surface = picture_of(GTK_WIDGET(hf_panes_get_picture(panes, i)));
    for (double x = 0.2; x < 0.9; x += 0.3)
      if (!(fabs(x - 0.5) < 0.1))
        g_assert_cmphex(pixel(surface, x, 0.25), ==, middle[i]);
    cairo_surface_destroy(surface);
  }
  /* A pixel outside of the window moves the window. */
  g_action_group_activate_action(G_ACTION_GROUP(actions), "probe", g_variant_new("(ii)", 0, 99));
  double x, y;
  int at_x, at_y;
  hf_lens_get_centre(lens, &x, &y);
  g_assert_true(hf_lens_get_cursor(lens, &at_x, &at_y));
  g_assert_cmpint(at_x, ==, 0);
  g_assert_cmpint(at_y, ==, EDGE - 1);
  g_assert_cmpfloat_with_epsilon(x, 0.125, 1e-9);
  g_assert_cmpfloat_with_epsilon(y, 0.875, 1e-9);
  /* What is below the pointer stays there. */
  hf_lens_zoom_at(lens, 2, 0.1, 0.9);
  hf_lens_get_centre(lens, &x, &y);
  g_assert_cmpfloat_with_epsilon(x, 0.1 + (0.125 - 0.1) / 2, 1e-9);
  g_assert_cmpfloat_with_epsilon(y, 0.9 - (0.9 - 0.875) / 2, 1e-9);
  g_action_group_activate_action(G_ACTION_GROUP(actions), "zoom", g_variant_new_double(0));
  g_assert_cmpfloat(hf_lens_get_zoom(lens), ==, 1);
}

/* A sample that stands within f's input fills its own pane; magnified it shows what the others show. */
static void test_sample_alone(void) {
  HfPictureView *view = hf_panes_get_picture(panes, PANE_SAMPLE);
  cairo_surface_t *surface = picture_of(GTK_WIDGET(view));
  g_assert_cmphex(pixel(surface, 0.9, 0.3), ==, 0);
  cairo_surface_destroy(surface);
  HfSnapshot *made = snapshot_of(9);
  made->left = made->top = 2;
  made->width = made->height = 4;
  tensor_floats(made->picture)[5 * EDGE + 5] = tensor_floats(made->picture)[EDGE * EDGE + 5 * EDGE + 5] = 0;
  hf_panes_set_snapshot(panes, made);
  hf_snapshot_unref(made);
  surface = picture_of(GTK_WIDGET(view));
  g_assert_cmphex(pixel(surface, 0.9, 0.3), ==, 0xcccccc);
  g_assert_cmphex(pixel(surface, 0.9, 0.8), ==, 0x0000cc);
  cairo_surface_destroy(surface);
  int x = 5, y = 3;
  g_assert_true(hf_picture_view_own_pixel(view, &x, &y));
  g_assert_cmpint(x, ==, 3);
  g_assert_cmpint(y, ==, 1);
  x = 6;
  g_assert_false(hf_picture_view_own_pixel(view, &x, &y));
  g_autofree char *inside = panes_reading(panes, 3, 3), *outside = panes_reading(panes, 0, 0);
  g_assert_nonnull(strstr(inside, "x <b>.80</b>"));
  g_assert_nonnull(strstr(outside, "x <b>–</b>"));
  /* The lower right quarter: at 4 the lens shows 2 of 8 pixels. */
  HfLens *lens = hf_panes_get_lens(panes);
  hf_lens_zoom_at(lens, 4, 0.75, 0.75);
  surface = picture_of(GTK_WIDGET(view));
  g_assert_cmphex(pixel(surface, 0.35, 0.8), ==, 0xcccccc);
  g_assert_cmphex(pixel(surface, 0.62, 0.72), ==, 0x0000cc);
  cairo_surface_destroy(surface);
  hf_lens_reset(lens);
}

static void toggle(const char *name) {
  g_action_group_activate_action(G_ACTION_GROUP(actions), name, NULL);
}

static bool is_on(const char *name) {
  g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(actions), name);
  return g_variant_get_boolean(state);
}

static void test_toggles(void) {
  HfPictureView *pattern = hf_panes_get_picture(panes, PANE_PATTERN);
  double before = hf_picture_view_get_range(pattern).factor;
  toggle("amplify-lock");
  g_assert_true(is_on("amplify-lock"));
  g_autoptr(GVariant) factor = g_action_group_get_action_state(G_ACTION_GROUP(actions), "amplify");
  g_assert_cmpfloat(g_variant_get_double(factor), ==, before);
  toggle("amplify-lock");
  g_assert_false(is_on("amplify-lock"));
  toggle("pattern-signed");
  g_assert_true(is_on("pattern-signed"));
  PatternNumbers numbers;
  g_assert_true(hf_picture_view_get_numbers(pattern, &numbers));
  g_assert_cmpint(numbers.map, ==, MAP_DIVERGING);
  toggle("pattern-signed");
  g_action_group_activate_action(G_ACTION_GROUP(actions), "zoom-to", g_variant_new_double(4));
  g_assert_cmpfloat(hf_lens_get_zoom(hf_panes_get_lens(panes)), ==, 4);
  g_action_group_activate_action(G_ACTION_GROUP(actions), "zoom-to", g_variant_new_double(0.5));
  g_assert_cmpfloat(hf_lens_get_zoom(hf_panes_get_lens(panes)), ==, 4);
  g_action_group_activate_action(G_ACTION_GROUP(actions), "zoom", g_variant_new_double(0));
}

static void check_description(GtkWidget *widget, const char *wanted) {
  g_autofree char *found =
      gtk_test_accessible_check_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, wanted);
  g_assert_cmpstr(found, ==, NULL);
}

static void test_described(void) {
  let_pass(1300);
  GtkWidget *pattern = GTK_WIDGET(hf_panes_get_picture(panes, PANE_PATTERN));
  g_assert_cmpint(gtk_accessible_get_accessible_role(GTK_ACCESSIBLE(pattern)), ==, GTK_ACCESSIBLE_ROLE_IMG);
  check_description(pattern, "mean 0, L-infinity 0.25, strongest at the border");
  const Plots *plots = hf_panes_get_plots(panes);
  check_description(GTK_WIDGET(plots->confidence), "right: boot .75; f itself says B .70, A .20, C .10");
  check_description(GTK_WIDGET(plots->label_map), "coat from A, boot from B");
  check_description(GTK_WIDGET(plots->curves), "no evaluation yet, no prompt 30.0 % (test)");
}

static void test_series(void) {
  HfSeries *series = hf_series_new();
  series->total_steps = 100;
  series->no_prompt = 0.3;
  hf_panes_set_series(panes, series);
  for (int i = 1; i <= 50; i++) {
    RunStep step = {.step = i, .loss = i == 20 ? NAN : 2.0 / i, .train_accuracy = i / 100.0};
    g_array_append_val(series->steps, step);
  }
  hf_panes_series_changed(panes);
  const CurveData *data = &hf_panes_get_plots(panes)->data;
  g_assert_cmpint(data->step->len, ==, 50);
  g_assert_true(isnan(g_array_index(data->loss, double, 19)));
  g_assert_true(isfinite(g_array_index(data->loss, double, 20)));
  g_array_set_size(series->steps, 10);
  hf_panes_series_changed(panes);
  g_assert_cmpint(data->step->len, ==, 10);
  test_described();
  hf_panes_set_series(panes, NULL);
  hf_panes_set_snapshot(panes, NULL);
  let_pass(50);
  show_step(3);
  let_pass(50);
  hf_series_free(series);
}

static bool says(GtkWidget *below, const char *words) {
  if (GTK_IS_LABEL(below) && strstr(gtk_label_get_text(GTK_LABEL(below)), words))
    return true;
  for (GtkWidget *child = gtk_widget_get_first_child(below); child;
       child = gtk_widget_get_next_sibling(child))
    if (says(child, words))
      return true;
  return false;
}

/* A text has tokens instead of a size. */
static void test_text(void) {
  const GtkWidget *received = GTK_WIDGET(hf_panes_get_picture(panes, PANE_RECEIVED));
  const struct {
    int tokens, prompt;
    const char *words;
  } rows[] = {{0, 0, "8×8"}, {64, 10, "10 + 64 tokens"}, {64, 0, "64 tokens"}, {1, 0, "1 token"}};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    HfSnapshot *made = snapshot_of(1);
    made->tokens = rows[i].tokens;
    made->text = rows[i].tokens ? g_strdup("once upon a time") : NULL;
    made->prompt_tokens = rows[i].prompt;
    hf_panes_set_snapshot(panes, made);
    hf_snapshot_unref(made);
    g_assert_true(says((GtkWidget *)received, rows[i].words));
    g_assert_true(says((GtkWidget *)received, "8×8") == (rows[i].tokens == 0));
  }
}

/* What the picker borrows: 2,000 samples of two classes in turn. */
typedef struct {
  int labels[2000], asked, given_back, chosen;
  gboolean texts;
} Borrowed;

static GdkTexture *one_pixel(gpointer data, int sample) {
  static const guchar grey[3] = {128, 128, 128};
  ((Borrowed *)data)->asked++;
  g_autoptr(GBytes) bytes = g_bytes_new_static(grey, 3);
  return gdk_memory_texture_new(1, 1, GDK_MEMORY_R8G8B8, bytes, 3);
}

static char *few_words(gpointer data, int sample) {
  ((Borrowed *)data)->asked++;
  return g_strdup_printf("text %d", sample);
}

static void given_back(gpointer data) {
  ((Borrowed *)data)->given_back++;
}

static void on_wanted(HfSamplePicker *picker, Borrowed *borrowed) {
  static char *classes[] = {"coat", "boot", NULL};
  HfSamples samples = {.n = 2000,
                       .labels = borrowed->labels,
                       .classes = classes,
                       .sorted_out = TRUE,
                       .texts = borrowed->texts,
                       .picture = one_pixel,
                       .words = few_words,
                       .data = borrowed,
                       .done = given_back};
  hf_sample_picker_show_samples(picker, &samples, 1234);
}

static void on_sample(GSimpleAction *action, GVariant *value, gpointer data) {
  ((Borrowed *)data)->chosen = g_variant_get_int32(value);
}

static GtkWidget *find(GtkWidget *below, GType type) {
  if (G_TYPE_CHECK_INSTANCE_TYPE(below, type))
    return below;
  GtkWidget *found = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child(below); child && !found;
       child = gtk_widget_get_next_sibling(child))
    found = find(child, type);
  return found;
}

/* Thousands of samples, but only what is seen is made; what was borrowed goes back when it closes. */
static void test_samples(void) {
  HfSamplePicker *picker = hf_panes_get_samples(panes);
  Borrowed borrowed = {.chosen = -1};
  for (int i = 0; i < 2000; i++)
    borrowed.labels[i] = i % 2;
  g_autoptr(GSimpleAction) sample = g_simple_action_new("sample", G_VARIANT_TYPE_INT32);
  g_signal_connect(sample, "activate", G_CALLBACK(on_sample), &borrowed);
  g_action_map_add_action(G_ACTION_MAP(actions), G_ACTION(sample));
  g_signal_connect(picker, "wanted", G_CALLBACK(on_wanted), &borrowed);
  show_step(5);
  g_assert_true(says(GTK_WIDGET(hf_panes_get_picture(panes, PANE_SAMPLE)), "1/10"));
  for (int texts = 0; texts < 2; texts++) {
    borrowed.asked = 0;
    borrowed.texts = texts;
    g_action_group_activate_action(G_ACTION_GROUP(actions), "choose-sample", NULL);
    g_assert_true(wait_until(is_mapped, picker));
    let_pass(600);
    g_assert_cmpint(hf_sample_picker_count(picker), ==, 2000);
    g_assert_cmpint(borrowed.asked, >, 8);
    for (int near = 1230; near <= 1234; near++) /* the shown one and those beside it */
      g_assert_true(hf_sample_picker_has_seen(picker, near));
    g_assert_cmpint(borrowed.asked, <, 600);
    g_assert_cmpint(hf_sample_picker_count_seen(picker), ==, borrowed.asked);
    hf_sample_picker_choose_class(picker, 1);
    g_assert_cmpint(hf_sample_picker_count(picker), ==, 1000);
    GtkWidget *number = find(GTK_WIDGET(picker), GTK_TYPE_SPIN_BUTTON),
              *grid = find(GTK_WIDGET(picker), GTK_TYPE_GRID_VIEW);
    g_assert_cmpint(gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(number)), ==, 1235);
    g_assert_cmpint(borrowed.chosen, ==, texts ? 7 : -1);
    gtk_spin_button_set_value(GTK_SPIN_BUTTON(number), 78);
    g_assert_cmpint(borrowed.chosen, ==, 77);
    g_signal_emit_by_name(grid, "activate", 3); /* the fourth boot */
    g_assert_cmpint(borrowed.chosen, ==, 7);
    let_pass(300);
    g_assert_false(gtk_widget_get_mapped(GTK_WIDGET(picker)));
    g_assert_cmpint(hf_sample_picker_count(picker), ==, 0);
    g_assert_cmpint(borrowed.given_back, ==, texts + 1);
  }
  g_signal_handlers_disconnect_by_data(picker, &borrowed);
}

static void on_seek(HfTimeBar *bar, int step, GArray *sought) {
  g_array_append_val(sought, step);
  hf_time_bar_set_step(bar, step < 0 ? 9 : step, 9);
}

static void on_play(HfTimeBar *bar, gboolean playing, gboolean *asked) {
  *asked = playing;
}

static void test_time_bar(void) {
  static const int steps[] = {0, 1, 2, 4, 9};
  HfTimeBar *bar = HF_TIME_BAR(g_object_ref_sink(hf_time_bar_new()));
  g_autoptr(GArray) sought = g_array_new(FALSE, FALSE, sizeof(int));
  g_signal_connect(bar, "seek", G_CALLBACK(on_seek), sought);
  hf_time_bar_go(bar, 1);
  g_assert_cmpint(sought->len, ==, 0);
  hf_time_bar_set_steps(bar, steps, 5, 10);
  hf_time_bar_set_step(bar, 3, 9);
  hf_time_bar_go(bar, -1);
  hf_time_bar_go(bar, 1);
  g_assert_cmpint(g_array_index(sought, int, 0), ==, 2);
  g_assert_cmpint(g_array_index(sought, int, 1), ==, 4);
  hf_time_bar_go(bar, 1);
  hf_time_bar_go(bar, 1);
  g_assert_cmpint(sought->len, ==, 3);
  /* The owner plays; the bar asks for it and shows it. */
  gboolean asked = FALSE;
  g_signal_connect(bar, "play", G_CALLBACK(on_play), &asked);
  GtkWidget *play = gtk_widget_get_first_child(gtk_widget_get_first_child(GTK_WIDGET(bar)));
  g_signal_emit_by_name(play, "clicked");
  g_assert_true(asked);
  g_assert_false(hf_time_bar_get_playing(bar));
  hf_time_bar_set_playing(bar, TRUE);
  g_signal_emit_by_name(play, "clicked");
  g_assert_false(asked);
  hf_time_bar_set_status(bar, 0.641, NAN, 2140, FALSE);
  g_assert_true(says(GTK_WIDGET(bar), "pictures/s"));
  hf_time_bar_set_status(bar, 0.641, NAN, 24, TRUE);
  g_assert_true(says(GTK_WIDGET(bar), "24 texts/s"));
  g_assert_false(says(GTK_WIDGET(bar), "pictures/s"));
  hf_time_bar_set_status(bar, NAN, NAN, NAN, FALSE);
  g_assert_false(says(GTK_WIDGET(bar), "/s"));
  g_object_unref(bar);
}

/* The panes can go while a description is due, and their actions may outlive them. */
static void test_goes(void) {
  show_step(30);
  gtk_window_destroy(window);
  g_action_group_activate_action(G_ACTION_GROUP(actions), "amplify", g_variant_new_double(2));
  g_action_group_activate_action(G_ACTION_GROUP(actions), "zoom", g_variant_new_double(2));
  let_pass(1200);
  g_object_unref(actions);
}

int main(int argc, char **argv) {
  g_setenv("GSK_RENDERER", "cairo", TRUE);
  g_setenv("GTK_A11Y", "test", TRUE);
  g_setenv("GSETTINGS_BACKEND", "memory", TRUE);
  (g_test_init)(&argc, &argv, NULL);
  if (!gtk_init_check()) {
    g_print("1..0 # SKIP no display\n");
    return 0;
  }
  adw_init();
  panes = HF_PANES(hf_panes_new());
  window = GTK_WINDOW(gtk_window_new());
  actions = g_simple_action_group_new();
  hf_panes_add_actions(panes, G_ACTION_MAP(actions));
  gtk_widget_insert_action_group(GTK_WIDGET(window), "win", G_ACTION_GROUP(actions));
  gtk_window_set_child(window, GTK_WIDGET(panes));
  gtk_window_set_default_size(window, 1000, 760);
  gtk_window_present(window);
  g_assert_true(wait_until(is_mapped, panes));
  g_test_add_func("/panes/once", test_once);
  g_test_add_func("/panes/hidden", test_hidden);
  g_test_add_func("/panes/pixels", test_pixels);
  g_test_add_func("/panes/linked", test_linked);
  g_test_add_func("/panes/sample-alone", test_sample_alone);
  g_test_add_func("/panes/toggles", test_toggles);
  g_test_add_func("/panes/series", test_series);
  g_test_add_func("/panes/text", test_text);
  g_test_add_func("/panes/samples", test_samples);
  g_test_add_func("/panes/time-bar", test_time_bar);
  g_test_add_func("/panes/goes", test_goes);
  return g_test_run();
}
