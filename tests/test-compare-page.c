/* The page of two runs with a store behind it: which runs are found, what comes of stale answers, moments,
 * the figure as a file, and that it may go at any time. */
#include "app/compare-page.h"
#include "data/run-writer.h"
#include "tests/temporary-folder.h"

#include <adwaita.h>
#include <math.h>
#include <string.h>

#define MOST_WAIT 20000 /* milliseconds */

static const char spec_text[] = "[run]\nmodel = objects-letters\ndataset = squares\nseed = %d\nbatch = "
                                "%d\n[manipulation]\nformat = learnable\n"
                                "location = input\noperator = concatenative\nmethod = border\nimage_size = "
                                "%d\n[alignment]\nfamily = statistical\n"
                                "method = ilm\n[optimiser]\nmethod = adam\n";

static char *folder, *store_path, *ids[3];
static HfWindow *window;
static HfController *controller;
static ComparePage *page;
static HfComparison *view;

static void let_pass(int milliseconds) {
  gint64 end = g_get_monotonic_time() + milliseconds * 1000;
  while (g_get_monotonic_time() < end)
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(2000);
}

#define WAIT_UNTIL(condition)                                                                                \
  G_STMT_START {                                                                                             \
    gint64 wait_end = g_get_monotonic_time() + MOST_WAIT * 1000;                                             \
    while (!(condition)) {                                                                                   \
      if (g_get_monotonic_time() > wait_end)                                                                 \
        g_error("waited in vain for " #condition);                                                           \
      let_pass(10);                                                                                          \
    }                                                                                                        \
  }                                                                                                          \
  G_STMT_END

/* A run with a pattern at steps 0, 5, 10 ... `steps`, all of whose numbers are the step.  (transfer full) */
static char *store_run(RunStore *store, int seed, int batch, int edge, int steps) {
  g_autoptr(RunRow) row = run_row_new();
  g_autoptr(GError) error = NULL;
  row->spec = g_strdup_printf(spec_text, seed, batch, edge / 2);
  row->format = g_strdup("learnable");
  row->location = g_strdup("input");
  row->operator= g_strdup("concatenative");
  row->family = g_strdup("statistical");
  row->optimiser = g_strdup("adam");
  row->result.model_sha256 = g_strdup("00ff");
  row->program_version = g_strdup("0.1.0");
  row->blas_core = g_strdup("Haswell");
  row->method = g_strdup("border");
  row->alignment = g_strdup("ilm");
  row->model = g_strdup("objects-letters");
  row->dataset = g_strdup("squares");
  row->channel_order = g_strdup("BGR");
  row->seed = (uint64_t)seed;
  row->total_steps = steps;
  row->neutral = 0.5;
  g_autoptr(RunWriter) writer = run_writer_new(store, row, NULL, NULL, &error);
  g_assert_no_error(error);
  char *id = g_strdup(run_writer_id(writer));
  for (int step = 0; step <= steps; step += 5) {
    g_autoptr(Tensor) pattern = tensor_new(TENSOR_FLOAT32, &SHAPE(3, edge, edge), NULL);
    for (int i = 0; i < 3 * edge * edge; i++)
      tensor_floats(pattern)[i] = (float)(step + i / (edge * edge));
    run_writer_pattern(writer, step, pattern);
    if (step)
      run_writer_step(writer, &(RunStep){.step = step, .loss = 1.0 / step, .train_accuracy = 0.5});
    run_writer_evaluation(writer,
                          &(RunEvaluation){.step = step, .validation_accuracy = 0.5, .test_accuracy = 0.5});
  }
  run_writer_result(writer,
                    &(RunResult){.steps = steps, .best_test_accuracy = 0.1 * seed, .pattern_norm = seed});
  run_writer_status(writer, STATUS_FINISHED, NULL);
  g_assert_true(run_writer_finish(writer, &error));
  g_assert_no_error(error);
  return id;
}

static void fill_store(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) store = run_store_open(store_path, &error);
  g_assert_no_error(error);
  ids[0] = store_run(store, 1, 64, 8, 10);
  ids[1] = store_run(store, 2, 64, 8, 20);
  ids[2] = store_run(store, 3, 32, 6, 20);
}

static void set_up(void) {
  g_autoptr(GError) error = NULL;
  controller = hf_controller_new(store_path, &error);
  g_assert_no_error(error);
  window = hf_window_new(NULL, NULL);
  page = compare_page_new(window, controller);
  gtk_window_present(GTK_WINDOW(window));
  hf_window_show_page(window, "compare");
  let_pass(200);
}

static void forget(gpointer data, GObject *object) {
  *(bool *)data = true;
}

static void tear_down(void) {
  bool gone = false;
  compare_page_free(page);
  gtk_window_destroy(GTK_WINDOW(window));
  hf_controller_close(controller);
  g_object_weak_ref(G_OBJECT(controller), forget, &gone);
  g_object_unref(controller);
  WAIT_UNTIL(gone);
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

static void act(const char *name, GVariant *parameter) {
  g_action_group_activate_action(G_ACTION_GROUP(window), name, parameter);
}

static const char *shown_id(int side) {
  const HfComparedRun *run = hf_comparison_get_run(view, side);
  return run ? run->id : "";
}

static bool shows(const char *a, const char *b) {
  return g_str_equal(shown_id(SIDE_A), a) && g_str_equal(shown_id(SIDE_B), b);
}

static const HfComparedMoment *moment(int side) {
  return hf_compare_pictures_get_moment(hf_comparison_get_pictures(view), side);
}

static void begin(void) {
  set_up();
  view = HF_COMPARISON(find(GTK_WIDGET(window), HF_TYPE_COMPARISON));
  g_assert_nonnull(view);
}

static void test_runs(void) {
  begin();
  g_assert_true(hf_comparison_is_empty(view));
  g_assert_false(g_action_group_get_action_enabled(G_ACTION_GROUP(window), "compare-seek"));
  g_autofree char *beginning = g_strndup(ids[0], 8);
  act("compare-runs", g_variant_new("(ss)", beginning, ids[1]));
  WAIT_UNTIL(!hf_comparison_is_empty(view));
  g_assert_true(shows(ids[0], ids[1]));
  g_assert_cmpint(moment(SIDE_A)->step, ==, 10);
  g_assert_cmpint(moment(SIDE_B)->step, ==, 20);
  /* Red comes first, whatever the model's order; inside of the border nothing is shown. */
  g_assert_cmpfloat(tensor_floats(moment(SIDE_A)->pattern)[0], ==, 12);
  g_assert_cmpfloat(moment(SIDE_A)->neutral, ==, 0.5);
  g_assert_cmpfloat(tensor_floats(moment(SIDE_A)->mask)[0], ==, 1);
  g_assert_cmpfloat(tensor_floats(moment(SIDE_A)->mask)[4 * 8 + 4], ==, 0);
  HfCompareTable *table = hf_comparison_get_table(view);
  g_assert_cmpstr(hf_compare_table_get_sentence(table), ==,
                  "Only the seed differs: this is what chance does.");
  act("compare-swap", NULL);
  WAIT_UNTIL(shows(ids[1], ids[0]));
  /* An empty name leaves a side as it is; "last" is the newest. */
  act("compare-runs", g_variant_new("(ss)", "", "last"));
  WAIT_UNTIL(shows(ids[1], ids[2]));
  g_assert_cmpstr(hf_compare_table_get_sentence(table), ==,
                  "3 settings differ at once: this is no controlled comparison.");
  /* What is not there changes nothing. */
  act("compare-runs", g_variant_new("(ss)", "ffffffff-no-such-run", ""));
  let_pass(300);
  g_assert_true(shows(ids[1], ids[2]));
  act("compare-runs", g_variant_new("(ss)", ids[2], ids[1]));
  WAIT_UNTIL(shows(ids[2], ids[1]));
  tear_down();
}

/* Questions faster than answers: the last one counts. */
static void test_stale(void) {
  begin();
  for (int i = 0; i < 12; i++)
    act("compare-runs", g_variant_new("(ss)", ids[i % 3], ids[(i + 1) % 3]));
  WAIT_UNTIL(!hf_comparison_is_empty(view));
  let_pass(500);
  g_assert_true(shows(ids[2], ids[0]));
  tear_down();
}

static void test_seek(void) {
  begin();
  act("compare-runs", g_variant_new("(ss)", ids[0], ids[1]));
  WAIT_UNTIL(!hf_comparison_is_empty(view));
  act("compare-seek", g_variant_new_double(0.5));
  WAIT_UNTIL(moment(SIDE_A)->step == 5 && moment(SIDE_B)->step == 10);
  g_assert_cmpfloat(tensor_floats(moment(SIDE_A)->pattern)[0], ==, 7);
  for (int i = 0; i <= 20; i++)
    act("compare-seek", g_variant_new_double(i / 20.0));
  act("compare-seek", g_variant_new_double(2));
  act("compare-seek", g_variant_new_double(NAN));
  act("compare-seek", g_variant_new_double(0.25));
  WAIT_UNTIL(moment(SIDE_A)->step == 0 && moment(SIDE_B)->step == 5);
  g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(window), "compare-seek");
  g_assert_cmpfloat(g_variant_get_double(state), ==, 0.25);
  act("compare-seek-by", g_variant_new_int32(1));
  WAIT_UNTIL(moment(SIDE_A)->step == 5 && moment(SIDE_B)->step == 10);
  tear_down();
}

static void test_figure(void) {
  static const char *const names[] = {"two.png", "two.SVG", "two.pdf"};
  begin();
  g_autofree char *never = g_build_filename(folder, "never.png", NULL);
  act("export-comparison", g_variant_new_string(never));
  let_pass(200);
  g_assert_false(g_file_test(never, G_FILE_TEST_EXISTS));
  act("compare-runs", g_variant_new("(ss)", ids[0], ids[2]));
  WAIT_UNTIL(!hf_comparison_is_empty(view));
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_build_filename(folder, names[i], NULL);
    act("export-comparison", g_variant_new_string(path));
    WAIT_UNTIL(g_file_test(path, G_FILE_TEST_EXISTS));
  }
  g_autofree char *svg = g_build_filename(folder, "two.SVG", NULL);
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(svg, &text, NULL, NULL));
  g_assert_nonnull(strstr(text, ids[0]));
  g_assert_nonnull(strstr(text, "no controlled comparison"));
  g_autofree char *other = g_build_filename(folder, "two.gif", NULL);
  act("export-comparison", g_variant_new_string(other));
  let_pass(200);
  g_assert_false(g_file_test(other, G_FILE_TEST_EXISTS));
  tear_down();
}

/* The page goes while its threads read. */
static void test_goes(void) {
  for (int i = 0; i < 5; i++) {
    begin();
    act("compare-runs", g_variant_new("(ss)", ids[0], ids[1]));
    let_pass(i * 3);
    act("compare-seek", g_variant_new_double(0.5));
    tear_down();
  }
  let_pass(200);
}

int main(int argc, char **argv) {
  folder = folder_new();
  static const char *const places[] = {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"};
  for (guint i = 0; i < G_N_ELEMENTS(places); i++)
    g_setenv(places[i], folder, TRUE);
  g_setenv("GSK_RENDERER", "cairo", TRUE);
  g_setenv("GTK_A11Y", "test", TRUE);
  g_setenv("GSETTINGS_BACKEND", "memory", TRUE);
  (g_test_init)(&argc, &argv, NULL);
  if (!gtk_init_check()) {
    g_print("1..0 # SKIP no display\n");
    folder_free(folder);
    return 0;
  }
  adw_init();
  store_path = g_build_filename(folder, "runs.db", NULL);
  fill_store();
  g_test_add_func("/compare-page/runs", test_runs);
  g_test_add_func("/compare-page/stale", test_stale);
  g_test_add_func("/compare-page/seek", test_seek);
  g_test_add_func("/compare-page/figure", test_figure);
  g_test_add_func("/compare-page/goes", test_goes);
  int status = g_test_run();
  folder_free(folder);
  g_free(store_path);
  for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
    g_free(ids[i]);
  return status;
}
