#include "app/commands/runs.h"
#include "app/output.h"
#include "app/result-json.h"
#include "app/table.h"
#include "engine/error.h"

#include <math.h>

/* What belongs to a run beside its row. */
typedef struct {
  GArray *evaluations, *pattern_steps, *map_steps; /* RunEvaluation, int, RunMapStep */
  GPtrArray *warnings;
} Series;

static void series_clear(Series *series) {
  g_clear_pointer(&series->evaluations, g_array_unref);
  g_clear_pointer(&series->pattern_steps, g_array_unref);
  g_clear_pointer(&series->map_steps, g_array_unref);
  g_clear_pointer(&series->warnings, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Series, series_clear)

static bool series_read(RunStore *store, const char *id, Series *series, GError **error) {
  return (series->evaluations = run_store_evaluations(store, id, -1, error)) &&
         (series->pattern_steps = run_store_pattern_steps(store, id, error)) &&
         (series->map_steps = run_store_map_steps(store, id, error)) &&
         (series->warnings = run_store_warnings(store, id, error));
}

static void print_as_json(const RunRow *row, const Series *series) {
  JsonLine *json = json_line_new();
  runs_write_row(json, row);
  json_result(json, &row->result);
  json_text(json, "drawn_sha256", row->drawn_sha256);
  json_text(json, "program_version", row->program_version);
  json_text(json, "blas_core", row->blas_core);
  json_integer(json, "threads", row->threads);
  json_text(json, "spec", row->spec);
  json_open(json, "evaluations", '[');
  for (guint i = 0; i < series->evaluations->len; i++) {
    const RunEvaluation *evaluation = &g_array_index(series->evaluations, RunEvaluation, i);
    json_open(json, NULL, '{');
    json_integer(json, "step", evaluation->step);
    json_number(json, "validation_accuracy", evaluation->validation_accuracy);
    json_number(json, "validation_loss", evaluation->validation_loss);
    json_number(json, "test_accuracy", evaluation->test_accuracy);
    json_close(json, '}');
  }
  json_close(json, ']');
  json_open(json, "maps", '[');
  for (guint i = 0; i < series->map_steps->len; i++) {
    const RunMapStep *map = &g_array_index(series->map_steps, RunMapStep, i);
    json_open(json, NULL, '{');
    json_integer(json, "step", map->step);
    json_integer(json, "switches", map->switches);
    json_close(json, '}');
  }
  json_close(json, ']');
  json_open(json, "pattern_steps", '[');
  for (guint i = 0; i < series->pattern_steps->len; i++)
    json_integer(json, NULL, g_array_index(series->pattern_steps, int, i));
  json_close(json, ']');
  json_open(json, "warnings", '[');
  for (guint i = 0; i < series->warnings->len; i++)
    json_text(json, NULL, g_ptr_array_index(series->warnings, i));
  json_close(json, ']');
  json_print(json);
}

static void print_share(const char *name, double share) {
  if (isfinite(share))
    output_line("%-22s %6.1f %%", name, 100 * share);
}

static void print_text(const char *name, const char *text) {
  g_autofree char *line = text_one_line(text ? text : "");
  if (*line)
    output_line("%-22s %s", name, line);
}

static void print_evaluations(const GArray *evaluations) {
  static const Column columns[] = {
      {"step", TRUE}, {"validation", TRUE}, {"loss", TRUE}, {"test", TRUE}, {NULL}};
  g_autoptr(Table) table = table_new(columns);
  for (guint i = 0; i < evaluations->len; i++) {
    const RunEvaluation *evaluation = &g_array_index(evaluations, RunEvaluation, i);
    table_add_format(table, "%d", evaluation->step);
    table_add_share(table, evaluation->validation_accuracy);
    table_add_format(table, "%.4f", evaluation->validation_loss);
    table_add_share(table, evaluation->test_accuracy);
  }
  output_text("\n");
  table_print(table);
}

static void print_loss(const char *name, double loss) {
  if (isfinite(loss))
    output_line("%-22s %.4f", name, loss);
}

static void print_as_text(const RunRow *row, const Series *series) {
  const RunResult *result = &row->result;
  g_autofree char *date = runs_date(row->created);
  print_text("run", row->id);
  print_text("name", row->name);
  print_text("begun", date);
  print_text("state", run_status_name(row->status));
  print_text("error", row->error);
  print_text("tags", row->tags);
  print_text("note", row->note);
  output_line("%-22s %d of %d", "steps", result->steps, row->total_steps);
  print_share("best by validation", result->best_test_accuracy);
  print_share("last step", result->last_test_accuracy);
  print_share("highest on test", result->max_test_accuracy);
  print_share("no prompt", result->no_prompt_test_accuracy);
  print_share("no prompt, full size", result->no_prompt_full_size_test_accuracy);
  print_share("gain", row->gain);
  print_loss("loss, last step", result->last_test_loss);
  print_loss("loss, no prompt", result->no_prompt_test_loss);
  print_loss("loss, full size", result->no_prompt_full_size_test_loss);
  print_text("model", result->model_sha256);
  print_text("weights before", result->weights_digest_before);
  print_text("weights after", result->weights_digest_after);
  print_text("pattern", result->pattern_sha256);
  output_line("%-22s %u patterns, %u label maps", "stored", series->pattern_steps->len,
              series->map_steps->len);
  for (guint i = 0; i < series->warnings->len; i++)
    print_text("warning", g_ptr_array_index(series->warnings, i));
  if (series->evaluations->len)
    print_evaluations(series->evaluations);
  output_line("\n%s", row->spec);
}

bool runs_show(const Command *command, int argc, char **argv, GError **error) {
  g_autofree char *store_path = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {RUNS_STORE_OPTION(&store_path),
                                  {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "One object", NULL},
                                  {NULL}};
  if (!command_options(command, entries, &argc, &argv, 1, 1, error))
    return false;
  g_autoptr(RunStore) store = runs_open(store_path, error);
  g_autoptr(RunRow) row = store ? runs_get(store, argv[1], error) : NULL;
  g_auto(Series) series = {0};
  if (!row || !series_read(store, row->id, &series, error))
    return false;
  if (as_json)
    print_as_json(row, &series);
  else
    print_as_text(row, &series);
  return true;
}
