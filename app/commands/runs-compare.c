#include "app/commands/runs.h"
#include "app/output.h"
#include "app/result-json.h"
#include "app/table.h"

#include <math.h>
#include <string.h>

/* The specs of the runs as key files, side by side. */
typedef struct {
  GPtrArray *rows;  /* RunRow * */
  GPtrArray *specs; /* GKeyFile * */
} Comparison;

static void comparison_clear(Comparison *comparison) {
  g_ptr_array_unref(comparison->rows);
  g_ptr_array_unref(comparison->specs);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Comparison, comparison_clear)

static bool comparison_read(Comparison *comparison, RunStore *store, char **texts, GError **error) {
  for (; *texts; texts++) {
    RunRow *row = runs_get(store, *texts, error);
    if (!row)
      return false;
    g_ptr_array_add(comparison->rows, row);
    GKeyFile *spec = g_key_file_new();
    g_ptr_array_add(comparison->specs, spec);
    if (!g_key_file_load_from_data(spec, row->spec, strlen(row->spec), G_KEY_FILE_NONE, error))
      return false;
  }
  return true;
}

static char *value_of(const Comparison *comparison, guint run, const char *group, const char *key) {
  return g_key_file_get_string(g_ptr_array_index(comparison->specs, run), group, key, NULL);
}

static bool differs(const Comparison *comparison, const char *group, const char *key) {
  g_autofree char *first = value_of(comparison, 0, group, key);
  for (guint run = 1; run < comparison->rows->len; run++) {
    g_autofree char *other = value_of(comparison, run, group, key);
    if (g_strcmp0(first, other) != 0)
      return true;
  }
  return false;
}

typedef void (*Found)(const Comparison *comparison, const char *group, const char *key, void *data);

/* Calls with each key of any spec whose values are not all the same, once. */
static void for_each_difference(const Comparison *comparison, Found found, void *data) {
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint run = 0; run < comparison->rows->len; run++) {
    GKeyFile *spec = g_ptr_array_index(comparison->specs, run);
    g_auto(GStrv) groups = g_key_file_get_groups(spec, NULL);
    for (char **group = groups; *group; group++) {
      g_auto(GStrv) keys = g_key_file_get_keys(spec, *group, NULL, NULL);
      for (char **key = keys; key && *key; key++)
        if (g_hash_table_add(seen, g_strdup_printf("%s.%s", *group, *key)) &&
            differs(comparison, *group, *key))
          found(comparison, *group, *key, data);
    }
  }
}

static void write_difference(const Comparison *comparison, const char *group, const char *key, void *data) {
  JsonLine *json = data;
  g_autofree char *name = g_strdup_printf("%s.%s", group, key);
  json_open(json, NULL, '{');
  json_text(json, "key", name);
  json_open(json, "values", '[');
  for (guint run = 0; run < comparison->rows->len; run++) {
    g_autofree char *value = value_of(comparison, run, group, key);
    json_text(json, NULL, value);
  }
  json_close(json, ']');
  json_close(json, '}');
}

static void print_as_json(const Comparison *comparison) {
  JsonLine *json = json_line_new();
  json_open(json, "differences", '[');
  for_each_difference(comparison, write_difference, json);
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

static void add_difference(const Comparison *comparison, const char *group, const char *key, void *data) {
  Table *table = data;
  table_add_format(table, "%s.%s", group, key);
  for (guint run = 0; run < comparison->rows->len; run++) {
    g_autofree char *value = value_of(comparison, run, group, key);
    table_add(table, value);
  }
}

static void add_results(const Comparison *comparison, Table *table) {
  static const struct {
    const char *name;
    gsize offset; /* of a share in RunRow */
  } shares[] = {
      {"best by validation", offsetof(RunRow, result.best_test_accuracy)},
      {"last step", offsetof(RunRow, result.last_test_accuracy)},
      {"no prompt", offsetof(RunRow, result.no_prompt_test_accuracy)},
      {"no prompt, full size", offsetof(RunRow, result.no_prompt_full_size_test_accuracy)},
      {"gain", offsetof(RunRow, gain)},
  };
  for (guint i = 0; i < G_N_ELEMENTS(shares); i++) {
    table_add(table, shares[i].name);
    for (guint run = 0; run < comparison->rows->len; run++)
      table_add_share(table,
                      G_STRUCT_MEMBER(double, g_ptr_array_index(comparison->rows, run), shares[i].offset));
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
  for_each_difference(comparison, add_difference, table);
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
  g_auto(Comparison) comparison = {g_ptr_array_new_with_free_func((GDestroyNotify)run_row_free),
                                   g_ptr_array_new_with_free_func((GDestroyNotify)g_key_file_unref)};
  if (!store || !comparison_read(&comparison, store, argv + 1, error))
    return false;
  if (as_json)
    print_as_json(&comparison);
  else
    print_as_text(&comparison);
  return true;
}
