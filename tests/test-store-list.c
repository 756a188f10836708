/* Lists of runs: order, filters, pages, and 10,000 rows without delay. */
#include "tests/store-fixture.h"

#include "data/store/row.h"
#include "data/store/store.h"

#include <time.h>

#define MANY 10000

typedef struct {
  char *folder;
  RunStore *store;
} Fixture;

/* Run i, i = 0 the oldest; what it is depends on i only. */
static bool insert_runs(Database *db, void *data, GError **error) {
  int n = *(int *)data;
  for (int i = 0; i < n; i++) {
    g_autoptr(RunRow) row = row_example();
    g_autofree char *padding = g_strnfill(1200, '#');
    gint64 number;
    row->id = g_strdup_printf("%08x-0000-4000-8000-%012d", i * 2654435761u, i);
    row->name = g_strdup_printf("%s %04d", i % 2 ? "run" : "Run", (i * 7919) % n);
    g_free(row->spec);
    row->spec = g_strdup_printf("[run]\n%s\n", padding);
    row->created = 1700000000000 + i;
    row->status = i % 3 ? STATUS_FINISHED : STATUS_RUNNING;
    row->boot_id = g_strdup(i % 3 ? NULL : "another boot");
    row->result.steps = i % 100;
    row->result.best_test_accuracy = i % 10 ? ((i * 31) % n) / (double)n : NAN;
    row->result.no_prompt_test_accuracy = 0.25;
    row->result.no_prompt_full_size_test_accuracy = i % 2 ? 0.5 : NAN;
    row->star = i % 50 == 0;
    g_free(row->tags);
    row->tags = g_strdup(i % 4 ? "paper" : "paper-2,b");
    g_free(row->alignment);
    row->alignment = g_strdup(i % 5 ? "ilm" : "blm+");
    g_free(row->note);
    row->note = g_strdup(i == 17 ? "100% Frost_" : "");
    if (!run_row_insert(db, row, 0, &number, error))
      return false;
  }
  return true;
}

static void set_up(Fixture *fixture, const void *n) {
  g_autoptr(GError) error = NULL;
  fixture->folder = folder_new();
  fixture->store = store_new(fixture->folder, "runs.db");
  g_assert_true(database_change(fixture->store->db, insert_runs, (void *)n, &error));
  g_assert_no_error(error);
}

static void tear_down(Fixture *fixture, const void *n) {
  run_store_close(fixture->store);
  folder_remove(fixture->folder);
}

static const RunRow *at(GPtrArray *rows, guint i) {
  return g_ptr_array_index(rows, i);
}

static void test_sort(Fixture *fixture, const void *n) {
  for (const char *const *sort = run_store_sorts; *sort; sort++)
    for (int ascending = 0; ascending < 2; ascending++) {
      g_autoptr(GError) error = NULL;
      RunQuery query = {.sort = *sort, .ascending = ascending};
      g_autoptr(GPtrArray) rows = run_store_list(fixture->store, &query, &error);
      g_assert_no_error(error);
      g_assert_cmpuint(rows->len, ==, 400);
      for (guint i = 1; i < rows->len; i++) {
        const RunRow *a = at(rows, ascending ? i - 1 : i), *b = at(rows, ascending ? i : i - 1);
        if (strcmp(*sort, "created") == 0)
          g_assert_cmpint(a->created, <, b->created);
        if (strcmp(*sort, "name") == 0)
          g_assert_cmpint(g_ascii_strcasecmp(a->name, b->name), <=, 0);
        if (strcmp(*sort, "steps") == 0)
          g_assert_cmpint(a->result.steps, <=, b->result.steps);
        if (strcmp(*sort, "state") == 0)
          g_assert_cmpstr(run_status_name(a->status), <=, run_status_name(b->status));
        if (strcmp(*sort, "gain") == 0 && i < 360)
          g_assert_cmpfloat(a->gain, <=, b->gain);
        if (strcmp(*sort, "gain") == 0 && i >= 360)
          g_assert_true(isnan(at(rows, i)->gain));
      }
    }
  g_autoptr(GError) error = NULL;
  g_assert_null(run_store_list(fixture->store, &(RunQuery){.sort = "id; DROP TABLE runs"}, &error));
  g_assert_nonnull(strstr(error->message, "cannot be sorted"));
}

static void test_filter(Fixture *fixture, const void *n) {
  static const struct {
    RunQuery query;
    int count;
  } cases[] = {
      {{0}, 400}, {{.starred = true}, 8}, {{.tag = "paper"}, 300}, {{.tag = "b"}, 100}, {{.tag = "2"}, 0},
      {{.status = "interrupted"}, 134}, {{.status = "running"}, 0}, {{.status = "finished"}, 266},
      {{.alignment = "blm+"}, 80}, {{.alignment = "blm+", .starred = true, .status = "interrupted"}, 3},
      {{.text = "frost_"}, 1}, {{.text = "0% f"}, 1}, {{.text = "FASHION-MNIST"}, 400}, {{.text = "%"}, 1},
      {
          {.operator= "additive" }, 0},
          {{.location = "input", .format = "learnable", .family = "statistical", .method = "border"}, 400},
          {{.model = "objects-letters", .dataset = "fashion-mnist"}, 400},
          {{.preset = "elsayed"}, 0},
          {{.deleted = true}, 0},
      };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GPtrArray) rows = run_store_list(fixture->store, &cases[i].query, NULL);
    g_assert_cmpint(rows->len, ==, cases[i].count);
    g_assert_cmpint(run_store_count(fixture->store, &cases[i].query, NULL), ==, cases[i].count);
  }
}

static void test_pages(Fixture *fixture, const void *n) {
  g_autoptr(GPtrArray) all = run_store_list(fixture->store, &(RunQuery){.sort = "gain"}, NULL);
  guint seen = 0;
  for (int offset = 0; offset < 400; offset += 64) {
    RunQuery query = {.sort = "gain", .limit = 64, .offset = offset};
    g_autoptr(GPtrArray) page = run_store_list(fixture->store, &query, NULL);
    for (guint i = 0; i < page->len; i++)
      g_assert_cmpstr(at(page, i)->id, ==, at(all, seen++)->id);
    g_assert_cmpint(run_store_count(fixture->store, &query, NULL), ==, 400);
  }
  g_assert_cmpuint(seen, ==, 400);
}

static double thread_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* The best of five in time of this thread, as other programs may share the machine. */
static double milliseconds(RunStore *store, const RunQuery *query, guint expected) {
  double best = INFINITY;
  for (int i = 0; i < 5; i++) {
    double start = thread_milliseconds();
    g_autoptr(GPtrArray) rows = run_store_list(store, query, NULL);
    best = fmin(best, thread_milliseconds() - start);
    g_assert_cmpuint(rows->len, ==, expected);
  }
  return best;
}

static void test_many(Fixture *fixture, const void *n) {
  static const struct {
    const char *what;
    RunQuery query;
    guint expected;
  } cases[] = {
      {"by date", {0}, MANY},
      {"by gain", {.sort = "gain"}, MANY},
      {"by state", {.sort = "state"}, MANY},
      {"by name, a page", {.sort = "name", .ascending = true, .limit = 100}, 100},
      {"one text", {.text = "frost"}, 1},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    double time = milliseconds(fixture->store, &cases[i].query, cases[i].expected);
    g_test_message("%s: %.1f ms", cases[i].what, time);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    g_assert_cmpfloat(time, <, 100);
#endif
  }
  double start = thread_milliseconds();
  g_autoptr(RunStore) again = store_new(fixture->folder, "runs.db");
  g_autoptr(GPtrArray) rows = run_store_list(again, NULL, NULL);
  g_test_message("opening and listing: %.1f ms", thread_milliseconds() - start);
  g_assert_cmpuint(rows->len, ==, MANY);
}

int main(int argc, char **argv) {
  static const int few = 400, many = MANY;
  g_test_init(&argc, &argv, NULL);
  g_test_add("/store/list/sort", Fixture, &few, set_up, test_sort, tear_down);
  g_test_add("/store/list/filter", Fixture, &few, set_up, test_filter, tear_down);
  g_test_add("/store/list/pages", Fixture, &few, set_up, test_pages, tear_down);
  g_test_add("/store/list/many", Fixture, &many, set_up, test_many, tear_down);
  return g_test_run();
}
