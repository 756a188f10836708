/* Two runs side by side in a window: what is shown, what is linked, what is computed and when. */
#include "ui/comparison.h"

#include <adwaita.h>
#include <math.h>

#define EDGE 8

static GtkWindow *window;
static HfComparison *page;
static GSimpleActionGroup *actions;
static double sought;
static char *picked, *searched;
static int picked_side, shown;

static void let_pass(int milliseconds) {
  gint64 end = g_get_monotonic_time() + milliseconds * 1000;
  while (g_get_monotonic_time() < end) {
    while (g_main_context_iteration(NULL, FALSE))
      ;
    g_usleep(2000);
  }
}

static HfComparedRun *run_of(const char *id, int total) {
  HfComparedRun *run = hf_compared_run_new();
  run->id = g_strdup(id);
  run->name = g_strdup_printf("run %s", id);
  run->total_steps = run->series->total_steps = total;
  for (int step = 0; step <= total; step += total / 2) {
    RunEvaluation row = {.step = step, .validation_accuracy = 0.5, .validation_loss = 1};
    g_array_append_val(run->series->evaluations, row);
    g_array_append_val(run->stored, step);
  }
  return run;
}

static HfComparedMoment *moment_of(int edge, int step, float number) {
  HfComparedMoment *moment = hf_compared_moment_new();
  moment->step = step;
  moment->pattern = tensor_new(TENSOR_FLOAT32, &SHAPE(3, edge, edge), NULL);
  for (int i = 0; i < 3 * edge * edge; i++)
    tensor_floats(moment->pattern)[i] = i % 2 ? number : -number;
  return moment;
}

static void fill(float a, float b) {
  hf_comparison_set_run(page, SIDE_A, run_of("a", 100));
  hf_comparison_set_run(page, SIDE_B, run_of("b", 50));
  hf_comparison_set_moment(page, SIDE_A, moment_of(EDGE, 100, a));
  hf_comparison_set_moment(page, SIDE_B, moment_of(EDGE, 50, b));
  let_pass(150);
}

static HfPictureView *picture(ComparedPicture which) {
  return hf_compare_pictures_get_picture(hf_comparison_get_pictures(page), which);
}

static int conversions(void) {
  int sum = 0;
  for (int i = 0; i < N_COMPARED_PICTURES; i++)
    sum += hf_picture_view_get_conversions(picture(i));
  return sum;
}

static void activate(const char *name, GVariant *parameter) {
  g_action_group_activate_action(G_ACTION_GROUP(actions), name, parameter);
}

static void test_empty(void) {
  g_assert_true(hf_comparison_is_empty(page));
  g_assert_cmpint(shown, >, 0);
  hf_comparison_set_run(page, SIDE_A, run_of("a", 100));
  g_assert_true(hf_comparison_is_empty(page));
  hf_comparison_set_run(page, SIDE_B, run_of("b", 50));
  g_assert_false(hf_comparison_is_empty(page));
  hf_comparison_set_run(page, SIDE_A, NULL);
  g_assert_true(hf_comparison_is_empty(page));
}

/* The smaller factor is both patterns'; the difference has its own until one is locked. */
static void test_range(void) {
  fill(0.25f, 0.125f);
  g_assert_cmpfloat_with_epsilon(hf_picture_view_get_range(picture(COMPARED_A)).factor, 2, 1e-6);
  g_assert_cmpfloat_with_epsilon(hf_picture_view_get_range(picture(COMPARED_B)).factor, 2, 1e-6);
  g_assert_cmpfloat_with_epsilon(hf_picture_view_get_range(picture(COMPARED_DIFFERENCE)).factor, 4, 1e-6);
  /* One that says nothing has no say. */
  hf_comparison_set_moment(page, SIDE_B, moment_of(EDGE, 0, 0));
  g_assert_cmpfloat_with_epsilon(hf_picture_view_get_range(picture(COMPARED_A)).factor, 2, 1e-6);
  hf_comparison_set_moment(page, SIDE_B, moment_of(EDGE, 50, 0.125f));
  activate("compare-amplify", g_variant_new_double(3));
  for (int i = 0; i < N_COMPARED_PICTURES; i++)
    g_assert_cmpfloat(hf_picture_view_get_range(picture(i)).factor, ==, 3);
  activate("compare-amplify", g_variant_new_double(-1));
  g_assert_cmpfloat(hf_compare_pictures_get_lock(hf_comparison_get_pictures(page)), ==, 3);
  activate("compare-amplify", g_variant_new_double(0));
  g_assert_cmpfloat_with_epsilon(hf_picture_view_get_range(picture(COMPARED_B)).factor, 2, 1e-6);
  activate("compare-map", g_variant_new_string("diverging"));
  PatternNumbers a, difference;
  g_assert_true(hf_picture_view_get_numbers(picture(COMPARED_A), &a));
  g_assert_true(hf_picture_view_get_numbers(picture(COMPARED_DIFFERENCE), &difference));
  g_assert_cmpint(a.map, ==, MAP_DIVERGING);
  g_assert_cmpint(difference.map, ==, MAP_DIVERGING);
  g_assert_cmpfloat_with_epsilon(difference.numbers[1], -0.125, 1e-6);
  activate("compare-map", g_variant_new_string("colour"));
}

static void test_linked(void) {
  fill(0.25f, 0.125f);
  HfLens *lens = hf_compare_pictures_get_lens(hf_comparison_get_pictures(page));
  int width, height, x, y;
  hf_lens_get_grid(lens, &width, &height);
  g_assert_cmpint(width, ==, EDGE);
  activate("compare-zoom", g_variant_new_double(4));
  g_assert_cmpfloat(hf_lens_get_zoom(lens), ==, 4);
  activate("compare-zoom", g_variant_new_double(0));
  g_assert_cmpfloat(hf_lens_get_zoom(lens), ==, 1);
  activate("compare-probe", g_variant_new("(ii)", 3, 5));
  g_assert_true(hf_lens_get_cursor(lens, &x, &y));
  g_assert_cmpint(x * 10 + y, ==, 35);
}

static void test_sizes(void) {
  fill(0.25f, 0.125f);
  g_assert_null(hf_compare_pictures_get_sentence(hf_comparison_get_pictures(page)));
  hf_comparison_set_moment(page, SIDE_B, moment_of(EDGE / 2, 50, 0.5f));
  const char *sentence = hf_compare_pictures_get_sentence(hf_comparison_get_pictures(page));
  g_assert_cmpstr(sentence, ==,
                  "The patterns have different sizes, 3x8x8 and 3x4x4: nothing can be subtracted.");
  /* A run that has no picture. */
  hf_comparison_set_moment(page, SIDE_B, hf_compared_moment_new());
  sentence = hf_compare_pictures_get_sentence(hf_comparison_get_pictures(page));
  g_assert_cmpstr(sentence, ==, "B has no pattern that is a picture.");
  let_pass(100);
}

static void test_hidden(void) {
  fill(0.25f, 0.125f);
  gtk_widget_set_visible(GTK_WIDGET(page), FALSE);
  let_pass(100);
  int before = conversions(), drawings = hf_plot_view_get_drawings(hf_comparison_get_curves(page)),
      times = shown;
  for (int step = 0; step < 5; step++)
    hf_comparison_set_moment(page, SIDE_A, moment_of(EDGE, step, 0.5f));
  let_pass(100);
  g_assert_cmpint(conversions(), ==, before);
  g_assert_cmpint(hf_plot_view_get_drawings(hf_comparison_get_curves(page)), ==, drawings);
  g_assert_cmpint(shown, ==, times);
  gtk_widget_set_visible(GTK_WIDGET(page), TRUE);
  let_pass(200);
  /* The newest one only, and B with its new factor. */
  g_assert_cmpint(conversions(), ==, before + 3);
  g_assert_cmpint(shown, ==, times + 1);
}

static void test_table(void) {
  static const HfCompareRow results[] = {{"accuracy", "50 %", "60 %", "+10", true},
                                         {"time", "1 s", NULL, NULL, true}},
                            settings[] = {{"run.seed", "1", "2", NULL, true},
                                          {"run.batch", "64", "64", NULL, false}};
  const HfCompareSection sections[] = {{"Result", results, 2, true, false},
                                       {"Setting", settings, 2, false, true}};
  HfCompareTable *table = hf_comparison_get_table(page);
  hf_compare_table_set(table, sections, 2, "Only the seed differs.", FALSE);
  g_assert_cmpint(hf_compare_table_get_rows(table), ==, 3);
  g_assert_cmpstr(hf_compare_table_get_sentence(table), ==, "Only the seed differs.");
  activate("compare-all", NULL);
  g_assert_cmpint(hf_compare_table_get_rows(table), ==, 4);
  hf_compare_table_set(table, sections, 1, NULL, TRUE);
  g_assert_cmpint(hf_compare_table_get_rows(table), ==, 2);
  activate("compare-all", NULL);
}

static void test_time(void) {
  fill(0.25f, 0.125f);
  hf_comparison_set_share(page, 1);
  activate("compare-seek-by", g_variant_new_int32(-1));
  g_assert_cmpfloat_with_epsilon(sought, 0.5, 1e-6);
  hf_comparison_set_share(page, 0.5);
  activate("compare-seek-by", g_variant_new_int32(-1));
  g_assert_cmpfloat(sought, ==, 0);
  activate("compare-seek-by", g_variant_new_int32(1));
  g_assert_cmpfloat(sought, ==, 1);
}

static GtkWidget *find(GtkWidget *from, GType type) {
  if (G_TYPE_CHECK_INSTANCE_TYPE(from, type))
    return from;
  GtkWidget *found = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child(from); child && !found;
       child = gtk_widget_get_next_sibling(child))
    found = find(child, type);
  return found;
}

static void test_picker(void) {
  static const HfRunChoice choices[] = {{"id-1", "first", "facts", 0.5}, {"id-2", "second", "facts", NAN}};
  hf_comparison_set_choices(page, choices, 2);
  HfRunPicker *picker = hf_comparison_get_picker(page, SIDE_B);
  hf_run_picker_open(picker);
  let_pass(200);
  g_assert_cmpstr(searched, ==, "");
  GtkWidget *list = find(GTK_WIDGET(picker), GTK_TYPE_LIST_BOX);
  g_signal_emit_by_name(list, "row-activated", gtk_list_box_get_row_at_index(GTK_LIST_BOX(list), 1));
  g_assert_cmpstr(picked, ==, "id-2");
  g_assert_cmpint(picked_side, ==, SIDE_B);
  hf_comparison_set_chosen(page, SIDE_B, &choices[1]);
  GtkWidget *button = find(GTK_WIDGET(picker), GTK_TYPE_MENU_BUTTON);
  g_assert_true(gtk_test_accessible_has_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL));
  /* What is typed is looked for, and Return takes the first. */
  GtkWidget *entry = find(GTK_WIDGET(picker), GTK_TYPE_SEARCH_ENTRY);
  gtk_editable_set_text(GTK_EDITABLE(entry), "fir");
  let_pass(400);
  g_assert_cmpstr(searched, ==, "fir");
  g_signal_emit_by_name(entry, "activate");
  g_assert_cmpstr(picked, ==, "id-1");
}

static void on_seek(HfComparison *self, double share) {
  sought = share;
}

static void on_picked(HfComparison *self, int side, const char *id) {
  g_free(picked);
  picked = g_strdup(id);
  picked_side = side;
}

static void on_search(HfComparison *self, const char *text) {
  g_free(searched);
  searched = g_strdup(text);
}

static void on_shown(HfComparison *self) {
  shown++;
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
  page = HF_COMPARISON(hf_comparison_new());
  g_signal_connect(page, "seek", G_CALLBACK(on_seek), NULL);
  g_signal_connect(page, "picked", G_CALLBACK(on_picked), NULL);
  g_signal_connect(page, "search", G_CALLBACK(on_search), NULL);
  g_signal_connect(page, "shown", G_CALLBACK(on_shown), NULL);
  window = GTK_WINDOW(gtk_window_new());
  actions = g_simple_action_group_new();
  hf_comparison_add_actions(page, G_ACTION_MAP(actions));
  gtk_widget_insert_action_group(GTK_WIDGET(window), "win", G_ACTION_GROUP(actions));
  gtk_window_set_child(window, GTK_WIDGET(page));
  gtk_window_set_default_size(window, 1100, 760);
  gtk_window_present(window);
  let_pass(300);
  g_test_add_func("/comparison/empty", test_empty);
  g_test_add_func("/comparison/range", test_range);
  g_test_add_func("/comparison/linked", test_linked);
  g_test_add_func("/comparison/sizes", test_sizes);
  g_test_add_func("/comparison/hidden", test_hidden);
  g_test_add_func("/comparison/table", test_table);
  g_test_add_func("/comparison/time", test_time);
  g_test_add_func("/comparison/picker", test_picker);
  int status = g_test_run();
  gtk_window_destroy(window);
  g_object_unref(actions);
  g_free(picked);
  g_free(searched);
  return status;
}
