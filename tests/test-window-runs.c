/* The Runs page in the window, over a store of 10,000 runs: how soon its rows stand there, and that what is
 * done with them reaches the store.  Skips where no display can be had. */
#include "app/controller.h"
#include "app/window-runs.h"
#include "tests/many-runs.h"

#include <adwaita.h>
#include <stdlib.h>
#include <time.h>

#define MOST_WAIT 60 /* seconds, before a test gives up */
#define RUNS      10000
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SLOWER 8
#else
#define SLOWER 1
#endif

static HfWindow *window;
static HfController *controller;
static WindowRuns *runs;

#define WAIT_UNTIL(condition)                                                                                \
  G_STMT_START {                                                                                             \
    gint64 wait_end = g_get_monotonic_time() + MOST_WAIT * G_USEC_PER_SEC;                                   \
    while (!(condition)) {                                                                                   \
      if (g_get_monotonic_time() > wait_end)                                                                 \
        g_error("waited in vain for " #condition);                                                           \
      if (!g_main_context_iteration(NULL, FALSE))                                                            \
        g_usleep(500);                                                                                       \
    }                                                                                                        \
  }                                                                                                          \
  G_STMT_END

static GtkWidget *find(GtkWidget *widget, GType type) {
  if (G_TYPE_CHECK_INSTANCE_TYPE(widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = find(child, type);
    if (found)
      return found;
  }
  return NULL;
}

static GtkColumnView *view(void) {
  return GTK_COLUMN_VIEW(find(GTK_WIDGET(window), GTK_TYPE_COLUMN_VIEW));
}

/* A frame was painted after this. */
static void on_paint(GdkFrameClock *clock, int *frames) {
  ++*frames;
}

static bool has_rows(void) {
  GtkWidget *list = gtk_widget_get_last_child(GTK_WIDGET(view()));
  return gtk_widget_get_mapped(list) && gtk_widget_get_first_child(list);
}

static void act(const char *action, GVariant *parameter) {
  g_action_group_activate_action(G_ACTION_GROUP(window), action, parameter);
}

static double milliseconds_to_frame(bool (*condition)(void)) {
  gint64 begin = g_get_monotonic_time();
  WAIT_UNTIL(condition());
  GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(window));
  int frames = 0;
  gulong handler = g_signal_connect(clock, "after-paint", G_CALLBACK(on_paint), &frames);
  gtk_widget_queue_draw(GTK_WIDGET(window));
  WAIT_UNTIL(frames > 0);
  g_signal_handler_disconnect(clock, handler);
  return (double)(g_get_monotonic_time() - begin) / 1e3;
}

static bool always(void) {
  return true;
}

/* Of this program, whatever else the processor does meanwhile. */
static double processor_milliseconds(void) {
  return 1e3 * (double)clock() / CLOCKS_PER_SEC;
}

static void test_many(void) {
  act("page", g_variant_new_string("runs"));
  double start = processor_milliseconds();
  gint64 begin = g_get_monotonic_time();
  WAIT_UNTIL(has_rows());
  double listed = (double)(g_get_monotonic_time() - begin) / 1e3;
  double first = listed + milliseconds_to_frame(always);
  double first_work = processor_milliseconds() - start;
  GtkSelectionModel *rows = gtk_column_view_get_model(view());
  gint64 last = 0, stall = 0;
  while (g_list_model_get_n_items(G_LIST_MODEL(rows)) < RUNS) {
    gint64 now = g_get_monotonic_time();
    stall = MAX(stall, last ? now - last : 0);
    last = now;
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(500);
  }
  double all = (double)(g_get_monotonic_time() - begin) / 1e3;
  GtkAdjustment *down = gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(view()));
  double page = gtk_adjustment_get_page_size(down), longest = 0, whole = 0;
  start = processor_milliseconds();
  for (int i = 0; i < 30; i++) {
    gtk_adjustment_set_value(down, gtk_adjustment_get_value(down) + page / 2);
    double frame = milliseconds_to_frame(always);
    longest = MAX(longest, frame);
    whole += frame;
  }
  double scroll_work = processor_milliseconds() - start;
  gtk_adjustment_set_value(down, gtk_adjustment_get_upper(down));
  double jump = milliseconds_to_frame(always);
  act("filter-runs", g_variant_new_string("run 777"));
  double filter = milliseconds_to_frame(always);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(rows)), ==, 19); /* 777, 1777, 7770 */
  act("filter-runs", g_variant_new_string(""));
  milliseconds_to_frame(always);
  act("sort-runs", g_variant_new("(sb)", "name", TRUE));
  double sort = milliseconds_to_frame(always);
  g_test_message("10,000 runs: Runs to first drawn rows %.0f ms (listed after %.0f), all rows %.0f ms with a "
                 "stall of %.0f ms; half a page on: %.0f ms each, %.0f at most; to the end "
                 "%.0f ms; filter %.0f ms; sort by name %.0f ms",
                 first, listed, all, (double)stall / 1e3, whole / 30, longest, jump, filter, sort);
  g_assert_cmpfloat(first_work, <, 1000 * SLOWER);
  g_assert_cmpfloat(scroll_work / 30, <, 100 * SLOWER);
}

static bool is_deleted(const char *id) {
  g_autoptr(RunRow) row = run_store_get(hf_controller_store(controller), id, NULL);
  return row->deleted_at != 0;
}

static void test_delete(void) {
  g_autofree char *id = many_runs_id(77);
  const char *const ids[] = {id, NULL};
  GListModel *rows = G_LIST_MODEL(gtk_column_view_get_model(view()));
  act("select-runs", g_variant_new_strv(ids, 1));
  WAIT_UNTIL(g_action_group_get_action_enabled(G_ACTION_GROUP(window), "selected-delete"));
  act("selected-delete", NULL);
  WAIT_UNTIL(g_list_model_get_n_items(rows) == RUNS - 1);
  g_assert_true(is_deleted(id));
  act("undelete-runs", g_variant_new_strv(ids, 1));
  WAIT_UNTIL(g_list_model_get_n_items(rows) == RUNS);
  g_assert_false(is_deleted(id));
  act("star-run", g_variant_new_string(id));
  WAIT_UNTIL(g_list_model_get_n_items(rows) == RUNS);
}

int main(int argc, char **argv) {
  (g_test_init)(&argc, &argv, NULL);
  if (!gtk_init_check()) {
    g_print("1..0 # SKIP no display\n");
    return 77;
  }
  adw_init();
  char *folder = folder_new();
  g_setenv("XDG_CONFIG_HOME", folder, TRUE);
  g_autofree char *path = g_build_filename(folder, "runs.db", NULL);
  RunStore *store = store_new(folder, "runs.db");
  many_runs(store, RUNS);
  run_store_close(store);
  g_autoptr(GError) error = NULL;
  controller = hf_controller_new(path, &error);
  g_assert_no_error(error);
  window = hf_window_new(NULL, NULL);
  runs = window_runs_new(window, controller);
  gtk_window_present(GTK_WINDOW(window));
  WAIT_UNTIL(hf_controller_session(controller) && gtk_widget_get_mapped(GTK_WIDGET(window)));
  g_test_add_func("/window-runs/many", test_many);
  g_test_add_func("/window-runs/delete", test_delete);
  int status = g_test_run();
  window_runs_free(runs);
  hf_controller_close(controller);
  gtk_window_destroy(GTK_WINDOW(window));
  g_object_add_weak_pointer(G_OBJECT(controller), (gpointer *)&controller);
  g_object_unref(controller);
  WAIT_UNTIL(!controller);
  folder_remove(folder);
  return status;
}
