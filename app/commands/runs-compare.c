#include "app/commands/runs.h"
#include "app/output.h"
#include "app/result-json.h"
#include "app/run-difference.h"
#include "app/table.h"

/* Runs side by side. */
typedef struct {
  GPtrArray *rows;     /* RunRow * */
  GPtrArray *settings; /* SpecSetting * */
} Comparison;

static void comparison_clear(Comparison *comparison) {
  g_ptr_array_unref(comparison->rows);
  g_clear_pointer(&comparison->settings, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Comparison, comparison_clear)

static bool comparison_read(Comparison *comparison, RunStore *store, char **texts, GError **error) {
  g_autoptr(GPtrArray) specs = g_ptr_array_new();
  for (; *texts; texts++) {
    RunRow *row = runs_get(store, *texts, error);
    if (!row)
      return false;
    g_ptr_array_add(comparison->rows, row);
    g_ptr_array_add(specs, row->spec);
  }
  comparison->settings = spec_settings((const char *const *)specs->pdata, specs->len, error);
  return comparison->settings != NULL;
}

static void write_differences(const Comparison *comparison, JsonLine *json) {
  for (guint i = 0; i < comparison->settings->len; i++) {
    const SpecSetting *setting = g_ptr_array_index(comparison->settings, i);
    if (!setting->differs)
      continue;
    g_autofree char *name = g_strdup_printf("%s.%s", setting->group, setting->key);
    json_open(json, NULL, '{');
    json_text(json, "key", name);
    json_open(json, "values", '[');
    for (guint run = 0; run < setting->values->len; run++)
      json_text(json, NULL, g_ptr_array_index(setting->values, run));
    json_close(json, ']');
    json_close(json, '}');
  }
}

static void print_as_json(const Comparison *comparison) {
  JsonLine *json = json_line_new();
  json_open(json, "differences", '[');
  write_differences(comparison, json);
  json_close(json, ']');
  json_open(json, "runs", '[');
  for (guint run = 0; run < comparison->rows->len; run++) {
    json_open(json, NULL, '{');
    const RunRow *row = g_ptr_array_index(comparison->rows, run);
    runs_write_row(json, row);
    json_result(json, &row->result);
    json_close(json, '}');
  }
  json_close(json, ']');
  json_print(json);
}

static void add_differences(const Comparison *comparison, Table *table) {
  for (guint i = 0; i < comparison->settings->len; i++) {
    const SpecSetting *setting = g_ptr_array_index(comparison->settings, i);
    if (!setting->differs)
      continue;
    table_add_format(table, "%s.%s", setting->group, setting->key);
    for (guint run = 0; run < setting->values->len; run++)
      table_add(table, g_ptr_array_index(setting->values, run));
  }
}

static void add_results(const Comparison *comparison, Table *table) {
  for (const ResultRow *result = run_result_rows; result->name; result++) {
    table_add(table, result->name);
    for (guint run = 0; run < comparison->rows->len; run++) {
      g_autofree char *text =
          result_text(result->form, result->number(g_ptr_array_index(comparison->rows, run)));
      table_add(table, text);
    }
  }
  table_add(table, "same pattern");
  const RunRow *first = g_ptr_array_index(comparison->rows, 0);
  for (guint run = 0; run < comparison->rows->len; run++) {
    const RunRow *row = g_ptr_array_index(comparison->rows, run);
    const char *mine = row->result.pattern_sha256, *theirs = first->result.pattern_sha256;
    table_add(table, !mine || !theirs ? "" : g_str_equal(mine, theirs) ? "yes" : "no");
  }
}

static void print_as_text(const Comparison *comparison) {
  guint n = comparison->rows->len;
  g_autofree Column *columns = g_new0(Column, n + 2);
  g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func(g_free);
  columns[0].title = "";
  for (guint run = 0; run < n; run++) {
    const RunRow *row = g_ptr_array_index(comparison->rows, run);
    g_ptr_array_add(titles, g_strndup(row->id, 8));
    columns[run + 1].title = g_ptr_array_index(titles, run);
  }
  g_autoptr(Table) table = table_new(columns);
  add_differences(comparison, table);
  if (!table_rows(table)) {
    table_add(table, "specs");
    for (guint run = 0; run < n; run++)
      table_add(table, "equal");
  }
  add_results(comparison, table);
  table_print(table);
}

bool runs_compare(const Command *command, int argc, char **argv, GError **error) {
  g_autofree char *store_path = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {RUNS_STORE_OPTION(&store_path),
                                  {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "One object", NULL},
                                  {NULL}};
  if (!command_options(command, entries, &argc, &argv, 2, -1, error))
    return false;
  g_autoptr(RunStore) store = runs_open(store_path, error);
  g_auto(Comparison) comparison = {.rows = g_ptr_array_new_with_free_func((GDestroyNotify)run_row_free)};
  if (!store || !comparison_read(&comparison, store, argv + 1, error))
    return false;
  if (as_json)
    print_as_json(&comparison);
  else
    print_as_text(&comparison);
  return true;
}
