#include "app/commands/runs.h"
#include "app/output.h"
#include "app/table.h"
#include "engine/error.h"

static void add_row(Table *table, const RunRow *row) {
  g_autofree char *date = runs_date(row->created);
  table_add_format(table, "%s%.8s", row->star ? "*" : "", row->id);
  table_add(table, run_status_name(row->status));
  table_add_format(table, "%d/%d", row->result.steps, row->total_steps);
  table_add_share(table, row->result.best_test_accuracy);
  table_add_share(table, row->gain);
  table_add(table, row->model);
  table_add(table, row->dataset);
  table_add(table, date);
  table_add(table, row->name);
}

/* Of the result, what a list has: see run_store_list(). */
static void print_as_json(const RunRow *row) {
  const RunResult *result = &row->result;
  JsonLine *json = json_line_new();
  runs_write_row(json, row);
  json_integer(json, "steps", result->steps);
  json_number(json, "seconds", result->seconds);
  json_number(json, "best_test_accuracy", result->best_test_accuracy);
  json_number(json, "last_test_accuracy", result->last_test_accuracy);
  json_number(json, "best_validation_accuracy", result->best_validation_accuracy);
  json_number(json, "no_prompt_test_accuracy", result->no_prompt_test_accuracy);
  json_number(json, "no_prompt_full_size_test_accuracy", result->no_prompt_full_size_test_accuracy);
  json_integer(json, "trainable_parameters", result->trainable_parameters);
  json_print(json);
}

static bool list(RunStore *store, const RunQuery *query, bool as_json, GError **error) {
  static const Column columns[] = {{"run"},        {"state"}, {"steps", TRUE}, {"best test", TRUE},
                                   {"gain", TRUE}, {"model"}, {"dataset"},     {"begun"},
                                   {"name"},       {NULL}};
  g_autoptr(GPtrArray) rows = run_store_list(store, query, error);
  if (!rows)
    return false;
  g_autoptr(Table) table = table_new(columns);
  for (guint i = 0; i < rows->len; i++) {
    const RunRow *row = g_ptr_array_index(rows, i);
    if (!as_json) {
      add_row(table, row);
      continue;
    }
    print_as_json(row);
  }
  if (as_json)
    return true;
  if (rows->len)
    table_print(table);
  else
    output_path("no runs in", run_store_path(store));
  return true;
}

bool runs_list(const Command *command, int argc, char **argv, GError **error) {
  g_autofree char *store_path = NULL, *sort = NULL, *text = NULL, *tag = NULL, *status = NULL, *preset = NULL,
                  *model = NULL;
  g_autofree char *dataset = NULL, *method = NULL, *alignment = NULL;
  gboolean as_json = FALSE, ascending = FALSE, starred = FALSE, deleted = FALSE;
  int limit = 0;
  const GOptionEntry entries[] = {
      RUNS_STORE_OPTION(&store_path),
      {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "An object a line", NULL},
      {"sort", 0, 0, G_OPTION_ARG_FILENAME, &sort, "A column; created otherwise", "COLUMN"},
      {"ascending", 0, 0, G_OPTION_ARG_NONE, &ascending, "Smallest first", NULL},
      {"limit", 0, 0, G_OPTION_ARG_INT, &limit, "At most so many", "N"},
      {"text", 0, 0, G_OPTION_ARG_FILENAME, &text, "In name, note, tags, model, data set, preset or methods",
       "TEXT"},
      {"tag", 0, 0, G_OPTION_ARG_FILENAME, &tag, "With this tag", "TAG"},
      {"status", 0, 0, G_OPTION_ARG_FILENAME, &status, "running, finished, stopped, failed or interrupted",
       "STATE"},
      {"preset", 0, 0, G_OPTION_ARG_FILENAME, &preset, "Of this preset", "NAME"},
      {"model", 0, 0, G_OPTION_ARG_FILENAME, &model, "On this model", "NAME"},
      {"dataset", 0, 0, G_OPTION_ARG_FILENAME, &dataset, "With this data set", "NAME"},
      {"method", 0, 0, G_OPTION_ARG_FILENAME, &method, "With this manipulation", "NAME"},
      {"alignment", 0, 0, G_OPTION_ARG_FILENAME, &alignment, "With this alignment", "NAME"},
      {"starred", 0, 0, G_OPTION_ARG_NONE, &starred, "With a star", NULL},
      {"deleted", 0, 0, G_OPTION_ARG_NONE, &deleted, "Those that are deleted", NULL},
      {NULL}};
  if (!command_options(command, entries, &argc, &argv, 0, 0, error))
    return false;
  if (limit < 0)
    return command_usage_error(command, error, "--limit must not be negative");
  if (status && run_status_find(status) == N_STATUSES)
    return command_usage_error(command, error, "there is no state '%s'", status);
  if (sort && !g_strv_contains(run_store_sorts, sort)) {
    g_autofree char *known = g_strjoinv(", ", (char **)run_store_sorts);
    return command_usage_error(command, error, "runs cannot be sorted by '%s', but by %s", sort, known);
  }
  g_autoptr(RunStore) store = runs_open(store_path, error);
  RunQuery query = {.sort = sort,
                    .ascending = ascending,
                    .limit = limit,
                    .text = text,
                    .tag = tag,
                    .status = status,
                    .preset = preset,
                    .model = model,
                    .dataset = dataset,
                    .method = method,
                    .alignment = alignment,
                    .starred = starred,
                    .deleted = deleted};
  return store && list(store, &query, as_json, error);
}
