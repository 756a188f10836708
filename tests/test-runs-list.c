/* The list of runs that follows the store, what people change of runs, and the small pictures. */
#include "app/run-edits.h"
#include "app/run-pictures.h"
#include "app/runs-list.h"
#include "tests/many-runs.h"
#include "ui/run-item.h"

#define MOST_WAIT 20 /* seconds, before a test gives up */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SLOWER 8
#else
#define SLOWER 1
#endif

static char *folder;
static RunStore *store, *other;
static RunsList *list;
static int ready, changes, changed_rows;

static void on_ready(gpointer data) {
  ready++;
}

static void on_failed(const char *sentence, gpointer data) {
  g_error("%s", sentence);
}

static void on_items(GListModel *model, guint position, guint removed, guint added) {
  changes++;
  changed_rows += (int)MAX(removed, added);
}

#define WAIT_UNTIL(condition)                                                                                \
  G_STMT_START {                                                                                             \
    gint64 wait_end = g_get_monotonic_time() + MOST_WAIT * G_USEC_PER_SEC;                                   \
    while (!(condition)) {                                                                                   \
      if (g_get_monotonic_time() > wait_end)                                                                 \
        g_error("waited in vain for " #condition);                                                           \
      if (!g_main_context_iteration(NULL, FALSE))                                                            \
        g_usleep(1000);                                                                                      \
    }                                                                                                        \
  }                                                                                                          \
  G_STMT_END

static void wait(int milliseconds) {
  gint64 end = g_get_monotonic_time() + milliseconds * 1000;
  WAIT_UNTIL(g_get_monotonic_time() > end);
}

static void open_list(int n) {
  folder = folder_new();
  store = store_new(folder, "runs.db");
  other = store_new(folder, "runs.db");
  many_runs(store, n);
  ready = changes = changed_rows = 0;
  list = runs_list_new(store, on_ready, on_failed, NULL);
  g_signal_connect(runs_list_model(list), "items-changed", G_CALLBACK(on_items), NULL);
}

static void close_list(void) {
  runs_list_free(list);
  wait(50); /* what was under way is told that it is late */
  run_store_close(other);
  run_store_close(store);
  folder_remove(folder);
}

static guint length(void) {
  return g_list_model_get_n_items(runs_list_model(list));
}

/* (transfer full); NULL: there is none. */
static HfRunItem *item_of(int i) {
  g_autofree char *id = many_runs_id(i);
  for (guint at = 0; at < length(); at++) {
    g_autoptr(HfRunItem) item = g_list_model_get_item(runs_list_model(list), at);
    if (g_str_equal(hf_run_item_text(item, HF_RUN_ID), id))
      return g_steal_pointer(&item);
  }
  return NULL;
}

static void test_reads(void) {
  open_list(30);
  wait(100);
  g_assert_cmpint(runs_list_readings(list), ==, 0); /* nobody watches */
  runs_list_watch(list, true);
  WAIT_UNTIL(ready);
  g_assert_cmpuint(length(), ==, 30);
  g_autoptr(HfRunItem) item = item_of(20);
  const HfRunFacts *facts = hf_run_item_facts(item);
  g_assert_cmpstr(hf_run_item_text(item, HF_RUN_NAME), ==, "run 20");
  g_assert_cmpstr(hf_run_item_text(item, HF_RUN_TASK), ==, "Fashion-MNIST");
  g_assert_cmpstr(hf_run_item_text(item, HF_RUN_AXES + AXIS_OPERATOR), ==, "concatenative");
  g_assert_cmpfloat_with_epsilon(facts->gain, 0.40 - 0.25, 1e-9);
  g_assert_true(facts->star);
  g_assert_cmpint(facts->status, ==, HF_RUN_FINISHED);
  g_assert_true(hf_run_item_holds(item, "fashion-mnist"));
  g_autoptr(HfRunItem) unknown = item_of(7);
  g_assert_true(isnan(hf_run_item_facts(unknown)->gain));
  close_list();
}

/* Another process renames one run: its row alone is told of, and stays the same object. */
static void test_follows(void) {
  open_list(30);
  runs_list_watch(list, true);
  WAIT_UNTIL(ready);
  g_autoptr(HfRunItem) before = item_of(5);
  changes = changed_rows = 0;
  g_autofree char *id = many_runs_id(5);
  g_assert_true(run_store_rename(other, id, "another", NULL));
  WAIT_UNTIL(changes);
  g_assert_cmpint(changes, ==, 1);
  g_assert_cmpint(changed_rows, ==, 1);
  g_assert_cmpstr(hf_run_item_text(before, HF_RUN_NAME), ==, "another");
  g_autoptr(HfRunItem) after = item_of(5);
  g_assert_true(after == before);
  g_free(run_new_empty(other, STATUS_STOPPED));
  WAIT_UNTIL(length() == 31);
  g_assert_true(run_store_delete(other, id, NULL));
  WAIT_UNTIL(length() == 30);
  g_autoptr(HfRunItem) gone = item_of(5);
  g_assert_null(gone);
  close_list();
}

static void test_hidden(void) {
  open_list(30);
  runs_list_watch(list, true);
  WAIT_UNTIL(ready);
  runs_list_watch(list, false);
  int readings = runs_list_readings(list);
  g_free(run_new_empty(other, STATUS_STOPPED));
  runs_list_refresh(list);
  wait(1500);
  g_assert_cmpint(runs_list_readings(list), ==, readings);
  runs_list_watch(list, true);
  WAIT_UNTIL(length() == 31);
  /* And where nothing happens nothing is read. */
  wait(1500);
  readings = runs_list_readings(list);
  wait(2500);
  g_assert_cmpint(runs_list_readings(list), ==, readings);
  close_list();
}

typedef struct {
  int done;
  guint n;
  bool problem;
} Heard;

static void on_edited(const RunEdited *edited, gpointer data) {
  Heard *heard = data;
  heard->done++;
  heard->n = g_strv_length(edited->ids);
  heard->problem = edited->problem != NULL;
  runs_list_take(list, (const char *const *)edited->ids, edited->items);
}

static void test_edits(void) {
  open_list(30);
  runs_list_watch(list, true);
  WAIT_UNTIL(ready);
  Heard heard = {0};
  RunEdits *edits = run_edits_new(run_store_path(store), on_edited, &heard);
  g_autofree char *id = many_runs_id(3), *second = many_runs_id(4);
  const char *const one[] = {id, NULL}, *const two[] = {id, second, NULL}, *const none[] = {"x", NULL};
  g_autofree char *with_star = many_runs_id(10);
  const char *const third[] = {with_star, NULL};
  run_edits_ask(edits, RUN_EDIT_STAR, one, NULL);
  run_edits_ask(edits, RUN_EDIT_STAR, one, NULL);
  run_edits_ask(edits, RUN_EDIT_STAR, one, NULL);
  run_edits_ask(edits, RUN_EDIT_NAME, one, "better");
  run_edits_ask(edits, RUN_EDIT_TAGS, one, " b, a,b");
  run_edits_ask(edits, RUN_EDIT_NOTE, one, "why\nnot");
  WAIT_UNTIL(heard.done == 6);
  g_assert_false(heard.problem);
  run_edits_ask(edits, RUN_EDIT_STAR, third, NULL);
  WAIT_UNTIL(heard.done == 7);
  {
    g_autoptr(HfRunItem) item = item_of(10);
    g_assert_false(hf_run_item_facts(item)->star);
  }
  {
    g_autoptr(HfRunItem) item = item_of(3);
    g_assert_true(hf_run_item_facts(item)->star);
    g_assert_cmpstr(hf_run_item_text(item, HF_RUN_NAME), ==, "better");
    g_assert_cmpstr(hf_run_item_text(item, HF_RUN_TAGS), ==, "a,b");
    g_assert_cmpstr(hf_run_item_text(item, HF_RUN_NOTE), ==, "why\nnot");
  }
  run_edits_ask(edits, RUN_EDIT_DELETE, two, NULL);
  WAIT_UNTIL(heard.done == 8);
  g_assert_cmpuint(heard.n, ==, 2);
  g_assert_cmpuint(length(), ==, 28);
  g_assert_cmpint(run_store_count(other, &(RunQuery){.deleted = true}, NULL), ==, 2);
  run_edits_ask(edits, RUN_EDIT_UNDELETE, two, NULL);
  WAIT_UNTIL(heard.done == 9);
  g_assert_cmpuint(length(), ==, 30);
  run_edits_ask(edits, RUN_EDIT_NAME, none, "nobody");
  WAIT_UNTIL(heard.done == 10);
  g_assert_true(heard.problem);
  /* What was asked for last is still written. */
  run_edits_ask(edits, RUN_EDIT_NAME, one, "last");
  run_edits_free(edits);
  g_autofree char *name = NULL;
  gint64 end = g_get_monotonic_time() + MOST_WAIT * G_USEC_PER_SEC;
  while (g_strcmp0(name, "last") != 0) {
    g_assert_cmpint(g_get_monotonic_time(), <, end);
    wait(20);
    g_autoptr(RunRow) row = run_store_get(other, id, NULL);
    g_free(name);
    name = g_strdup(row->name);
  }
  close_list();
}

static void test_pictures(void) {
  open_list(30);
  runs_list_watch(list, true);
  WAIT_UNTIL(ready);
  RunPictures *pictures = run_pictures_new(run_store_path(store));
  g_autoptr(HfRunItem) item = item_of(3);
  g_autoptr(HfRunItem) never = item_of(4);
  g_assert_null(hf_run_item_picture(item));
  run_pictures_shown(pictures, item, true);
  run_pictures_shown(pictures, item, true);
  run_pictures_shown(pictures, item, false); /* one row is left */
  WAIT_UNTIL(hf_run_item_picture(item));
  g_assert_cmpint(cairo_image_surface_get_width(hf_run_item_picture(item)), ==, 8);
  g_assert_null(hf_run_item_picture(never));
  run_pictures_shown(pictures, item, false);
  g_assert_nonnull(hf_run_item_picture(item));
  run_pictures_shown(pictures, never, true);
  run_pictures_free(pictures);
  wait(50);
  g_assert_null(hf_run_item_picture(never));
  close_list();
}

static gint64 last_pulse, stall;

static gboolean pulse(gpointer data) {
  gint64 now = g_get_monotonic_time();
  if (last_pulse)
    stall = MAX(stall, now - last_pulse);
  last_pulse = now;
  return G_SOURCE_CONTINUE;
}

static void test_many(void) {
  open_list(10000);
  last_pulse = stall = 0;
  guint source = g_timeout_add(2, pulse, NULL);
  gint64 begin = g_get_monotonic_time();
  runs_list_watch(list, true);
  WAIT_UNTIL(ready);
  gint64 first = g_get_monotonic_time() - begin;
  WAIT_UNTIL(length() == 10000);
  gint64 read = g_get_monotonic_time() - begin;
  g_autofree char *id = many_runs_id(5000);
  changes = changed_rows = 0;
  g_assert_true(run_store_rename(other, id, "another", NULL));
  runs_list_refresh(list);
  WAIT_UNTIL(changes);
  g_source_remove(source);
  g_assert_cmpint(changed_rows, ==, 1);
  g_test_message("10,000 runs: first rows after %.0f ms, all after %.0f ms, longest stall %.1f ms",
                 first / 1e3, read / 1e3, stall / 1e3);
  g_assert_cmpint(first, <, SLOWER * G_USEC_PER_SEC);
  g_assert_cmpint(read, <, SLOWER * 5 * G_USEC_PER_SEC);
  g_assert_cmpint(stall, <, SLOWER * 500000);
  close_list();
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/runs-list/reads", test_reads);
  g_test_add_func("/runs-list/follows", test_follows);
  g_test_add_func("/runs-list/hidden", test_hidden);
  g_test_add_func("/runs-list/edits", test_edits);
  g_test_add_func("/runs-list/pictures", test_pictures);
  g_test_add_func("/runs-list/many", test_many);
  return g_test_run();
}
