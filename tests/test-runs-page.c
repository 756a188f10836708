/* The Runs page in process: order, filter, selection and its actions, what is asked of the owner, the empty
 * places.  Skips where no display can be had. */
#include "ui/run-words.h"
#include "ui/runs-page.h"
#include "ui/window.h"

#include <math.h>
#include <stdlib.h>

#define N 8

static HfWindow *window;
static HfRunsPage *page;
static GListStore *store;
static GString *asked; /* what the owner was asked for, with its parameters */
static int shown;      /* rows with a picture */

/* At least so long, and until nothing is left to do but frames. */
static void wait(int milliseconds) {
  gint64 end = g_get_monotonic_time() + milliseconds * 1000;
  while (g_get_monotonic_time() < end)
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(1000);
  for (int i = 0; i < 100 && g_main_context_iteration(NULL, FALSE); i++)
    ;
}

static void on_asked(GSimpleAction *action, GVariant *parameter, gpointer data) {
  g_autofree char *text = parameter ? g_variant_print(parameter, FALSE) : g_strdup("");
  g_string_append_printf(asked, "%s %s;", g_action_get_name(G_ACTION(action)), text);
}

static void on_shown(HfRunItem *item, gboolean is_shown, gpointer data) {
  shown += is_shown ? 1 : -1;
}

/* Run i: names go down, gains up; the last two have no gain and no name. */
static HfRunItem *make_item(int i) {
  g_autofree char *id = g_strdup_printf("id%d", i), *name = g_strdup_printf("Run %c", 'H' - i);
  bool known = i < N - 2;
  HfRunFacts facts = {.texts = {[HF_RUN_ID] = id,
                                [HF_RUN_NAME] = known ? name : "",
                                [HF_RUN_METHOD] = i % 2 ? "Border" : "Overlay",
                                [HF_RUN_MODEL] = "Letters",
                                [HF_RUN_TASK] = "Squares",
                                [HF_RUN_TAGS] = i == 3 ? "paper" : "",
                                [HF_RUN_NOTE] = i == 4 ? "Über alles" : "",
                                [HF_RUN_AXES] = "learnable"},
                      .accuracy = known ? 0.5 + i / 100.0 : NAN,
                      .no_prompt = 0.4,
                      .no_prompt_full_size = NAN,
                      .gain = known ? 0.1 + i / 100.0 : NAN,
                      .steps = i,
                      .total_steps = 10,
                      .created = 1000 * i,
                      .status = i == 1   ? HF_RUN_STOPPED
                                : i == 2 ? HF_RUN_RUNNING
                                         : HF_RUN_FINISHED,
                      .star = i == 5};
  return hf_run_item_new(&facts);
}

static void set_up(int n) {
  static const GActionEntry entries[] = {
      {"open-run", on_asked, "s"},      {"resume-run", on_asked, "s"},      {"star-run", on_asked, "s"},
      {"rename-run", on_asked, "(ss)"}, {"tag-run", on_asked, "(ss)"},      {"note-run", on_asked, "(ss)"},
      {"delete-runs", on_asked, "as"},  {"compare-runs", on_asked, "(ss)"}, {"run", on_asked},
  };
  asked = g_string_new(NULL);
  window = hf_window_new(NULL, NULL);
  g_action_map_add_action_entries(G_ACTION_MAP(window), entries, G_N_ELEMENTS(entries), NULL);
  store = g_list_store_new(HF_TYPE_RUN_ITEM);
  for (int i = 0; i < n; i++) {
    g_autoptr(HfRunItem) item = make_item(i);
    g_list_store_append(store, item);
  }
  page = HF_RUNS_PAGE(hf_runs_page_new(G_LIST_MODEL(store), on_shown, NULL));
  hf_runs_page_add_actions(page, G_ACTION_MAP(window));
  hf_window_add_page(window, "runs", "Runs", "view-list-symbolic", GTK_WIDGET(page));
  hf_window_show_page(window, "runs");
  hf_runs_page_set_ready(page, TRUE);
  gtk_window_present(GTK_WINDOW(window));
  wait(100);
}

static void tear_down(void) {
  gtk_window_destroy(GTK_WINDOW(window));
  wait(20);
  g_assert_cmpint(shown, ==, 0);
  g_object_unref(store);
  g_string_free(asked, TRUE);
}

static void act(const char *action, GVariant *parameter) {
  g_action_group_activate_action(G_ACTION_GROUP(window), action, parameter);
  wait(30);
}

static bool is_enabled(const char *action) {
  return g_action_group_get_action_enabled(G_ACTION_GROUP(window), action);
}

static void select_ids(const char *a, const char *b) {
  const char *const ids[] = {a, b, NULL};
  act("select-runs", g_variant_new_strv(ids, b ? 2 : 1));
}

/* The numbers of the rows from above to below.  (transfer full) */
static char *order(void) {
  GListModel *rows = G_LIST_MODEL(hf_runs_page_get_rows(page));
  g_autoptr(GString) all = g_string_new(NULL);
  for (guint i = 0; i < g_list_model_get_n_items(rows); i++) {
    g_autoptr(HfRunItem) item = g_list_model_get_item(rows, i);
    g_string_append(all, hf_run_item_text(item, HF_RUN_ID) + 2);
  }
  return g_string_free(g_steal_pointer(&all), FALSE);
}

static void assert_order(const char *wanted) {
  g_autofree char *now = order();
  g_assert_cmpstr(now, ==, wanted);
}

static void sort(const char *column, gboolean ascending) {
  act("sort-runs", g_variant_new("(sb)", column, ascending));
}

/* A label that is shown. */
static GtkWidget *find_label(GtkWidget *widget, const char *text) {
  if (GTK_IS_LABEL(widget) && gtk_widget_get_mapped(widget) &&
      g_str_equal(gtk_label_get_text(GTK_LABEL(widget)), text))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = find_label(child, text);
    if (found)
      return found;
  }
  return NULL;
}

/* Waits until it is there, or until it is not. */
static void wait_for_label(const char *text, bool there) {
  gint64 end = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
  while ((find_label(GTK_WIDGET(page), text) != NULL) != there) {
    g_assert_cmpint(g_get_monotonic_time(), <, end);
    wait(20);
  }
}

static void test_order(void) {
  set_up(N);
  assert_order("76543210"); /* newest first */
  sort("accuracy", TRUE);
  assert_order("01234576"); /* what is unknown stands last ... */
  sort("accuracy", FALSE);
  assert_order("54321076"); /* ... either way */
  sort("name", TRUE);
  assert_order("54321076");
  sort("name", FALSE);
  assert_order("01234576");
  sort("date", TRUE);
  assert_order("01234567");
  sort("star", TRUE);
  assert_order("57643210");
  tear_down();
}

static void test_filter(void) {
  set_up(N);
  act("filter-runs", g_variant_new_string("BORDER"));
  assert_order("7531");
  act("filter-runs", g_variant_new_string("border paper"));
  assert_order("3");
  act("filter-runs", g_variant_new_string("über"));
  assert_order("4");
  g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(window), "filter-runs");
  g_assert_cmpstr(g_variant_get_string(state, NULL), ==, "über");
  act("filter-runs", g_variant_new_string("nothing like it"));
  assert_order("");
  wait_for_label("No Run Matches", true);
  act("filter-runs", g_variant_new_string(""));
  act("starred-runs", NULL);
  assert_order("5");
  act("starred-runs", NULL);
  assert_order("76543210");
  wait_for_label("8 runs", true);
  tear_down();
}

static void test_actions(void) {
  set_up(N);
  g_assert_false(is_enabled("selected-open"));
  g_assert_false(is_enabled("selected-delete"));
  select_ids("id3", NULL);
  g_assert_true(is_enabled("selected-open"));
  g_assert_false(is_enabled("selected-resume"));
  g_assert_false(is_enabled("selected-compare"));
  g_assert_false(is_enabled("selected-export")); /* its owner has no such action */
  act("selected-open", NULL);
  select_ids("id1", NULL);
  g_assert_true(is_enabled("selected-resume"));
  act("selected-resume", NULL);
  select_ids("id5", "id2");
  g_assert_false(is_enabled("selected-open"));
  g_assert_true(is_enabled("selected-compare"));
  act("selected-compare", NULL);
  act("selected-star", NULL); /* one has a star: the other one gets it */
  act("selected-delete", NULL);
  g_assert_cmpstr(asked->str, ==,
                  "open-run 'id3';resume-run 'id1';compare-runs ('id5', 'id2');star-run 'id2';"
                  "delete-runs ['id5', 'id2'];");
  tear_down();
}

/* A row that changes, and moves for that, stays selected. */
static void test_selection_stays(void) {
  set_up(N);
  sort("name", TRUE);
  select_ids("id2", NULL);
  g_autoptr(HfRunItem) item = g_list_model_get_item(G_LIST_MODEL(store), 2);
  HfRunFacts facts = *hf_run_item_facts(item);
  facts.texts[HF_RUN_NAME] = "Zebra";
  g_autoptr(HfRunItem) newer = hf_run_item_new(&facts);
  g_assert_true(hf_run_item_update(item, newer));
  g_list_store_splice(store, 2, 1, (gpointer *)&item, 1);
  wait(50);
  assert_order("54310276");
  g_assert_true(gtk_selection_model_is_selected(hf_runs_page_get_rows(page), 5));
  g_autoptr(GtkBitset) selection = gtk_selection_model_get_selection(hf_runs_page_get_rows(page));
  g_assert_cmpint((int)gtk_bitset_get_size(selection), ==, 1);
  tear_down();
}

static GtkWidget *find_type(GtkWidget *widget, GType type) {
  if (G_TYPE_CHECK_INSTANCE_TYPE(widget, type) && gtk_widget_get_mapped(widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = find_type(child, type);
    if (found)
      return found;
  }
  return NULL;
}

/* At the beginning of the list what is added is seen; elsewhere the rows stay where they are. */
static void test_scroll(void) {
  set_up(0);
  for (int i = 0; i < 60; i++) {
    g_autoptr(HfRunItem) item = make_item(i % N);
    g_list_store_append(store, item);
  }
  wait(300);
  GtkWidget *view = find_type(GTK_WIDGET(page), GTK_TYPE_COLUMN_VIEW);
  GtkAdjustment *down = gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(view));
  for (int i = 0; i < 2; i++) {
    g_autoptr(HfRunItem) item = make_item(N + i);
    g_list_store_append(store, item);
    wait(200);
    gint64 end = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
    while (i == 0 && gtk_adjustment_get_value(down) > 0) {
      g_assert_cmpint(g_get_monotonic_time(), <, end);
      wait(20);
    }
    if (i == 1)
      g_assert_cmpfloat(gtk_adjustment_get_value(down), >, 500);
    gtk_adjustment_set_value(down, 500);
    wait(100);
  }
  tear_down();
}

/* The popover takes the name; what was not changed is not asked for. */
static void test_rename(void) {
  set_up(N);
  select_ids("id3", NULL);
  act("selected-rename", NULL);
  wait(500);
  GtkWidget *popover = gtk_widget_get_last_child(GTK_WIDGET(page));
  while (popover && !find_type(popover, GTK_TYPE_TEXT_VIEW))
    popover = gtk_widget_get_prev_sibling(popover);
  g_assert_nonnull(popover);
  GtkWidget *entry = find_type(popover, GTK_TYPE_ENTRY);
  g_assert_cmpstr(gtk_editable_get_text(GTK_EDITABLE(entry)), ==, "Run E");
  gtk_editable_set_text(GTK_EDITABLE(entry), "Better");
  g_signal_emit_by_name(entry, "activate");
  wait(50);
  g_assert_cmpstr(asked->str, ==, "rename-run ('id3', 'Better');");
  tear_down();
}

static void test_empty(void) {
  set_up(0);
  wait_for_label("No Runs Yet", true);
  hf_runs_page_set_ready(page, FALSE);
  wait(50);
  wait_for_label("No Runs Yet", false);
  hf_runs_page_set_ready(page, TRUE);
  g_autoptr(HfRunItem) item = make_item(0);
  g_list_store_append(store, item);
  wait_for_label("No Runs Yet", false);
  wait(100);
  g_assert_cmpint(shown, ==, 1);
  tear_down();
}

static void test_words(void) {
  g_autoptr(GDateTime) noon = g_date_time_new_local(2026, 3, 15, 12, 0, 0);
  gint64 now = g_date_time_to_unix(noon) * 1000, hour = 3600 * 1000;
  const struct {
    gint64 ago;
    const char *words;
  } rows[] = {{hour, "Today, 11:00"},
              {13 * hour, "Yesterday, 23:00"},
              {24 * 3 * hour, "12 March"},
              {24 * 100 * hour, "5 Dec 2025"}};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *words = run_words_date(now - rows[i].ago, now);
    g_assert_cmpstr(words, ==, rows[i].words);
  }
  g_autoptr(HfRunItem) item = make_item(2), unknown = make_item(N - 1);
  g_autofree char *gain = run_words_gain(item), *nothing = run_words_gain(unknown),
                  *steps = run_words_steps(item);
  g_assert_cmpstr(gain, ==, "52.0 % of the test samples, 12.0 points over f without the prompt (40.0 %)");
  g_assert_cmpstr(nothing, ==, "");
  g_assert_cmpstr(steps, ==, "2 of 10");
  g_assert_cmpstr(run_words_name(unknown), ==, "Border");
}

int main(int argc, char **argv) {
  (g_test_init)(&argc, &argv, NULL);
  if (!gtk_init_check()) {
    g_print("1..0 # SKIP no display\n");
    return 77;
  }
  adw_init();
  g_test_add_func("/runs-page/order", test_order);
  g_test_add_func("/runs-page/filter", test_filter);
  g_test_add_func("/runs-page/actions", test_actions);
  g_test_add_func("/runs-page/selection-stays", test_selection_stays);
  g_test_add_func("/runs-page/scroll", test_scroll);
  g_test_add_func("/runs-page/rename", test_rename);
  g_test_add_func("/runs-page/empty", test_empty);
  g_test_add_func("/runs-page/words", test_words);
  return g_test_run();
}
