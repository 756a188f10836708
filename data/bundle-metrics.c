#include "data/bundle-metrics.h"

#include "data/store/series.h"
#include "engine/error.h"

#include <string.h>

#define MOST_COLUMNS 16
#define STEP_CELLS   4 /* of a row, after the step */

/* The columns after "step": those of both series but their first. */
static const Series *const sides[] = {&series_metrics, &series_evaluations};

/* The name of a column: the evaluation's own seconds need another one. */
static const char *column_title(gsize side, const Column *column) {
  return side == 1 && strcmp(column->name, "seconds") == 0 ? "evaluation_seconds" : column->name;
}

static void append_side(GString *text, gsize side, const void *record) {
  for (const Column *column = sides[side]->columns + 1; column->name; column++) {
    g_string_append_c(text, ',');
    if (record)
      column_to_csv(column, record, text);
  }
}

static char *header(void) {
  GString *text = g_string_new("step");
  for (gsize side = 0; side < G_N_ELEMENTS(sides); side++)
    for (const Column *column = sides[side]->columns + 1; column->name; column++)
      g_string_append_printf(text, ",%s", column_title(side, column));
  return g_string_free(text, FALSE);
}

char *bundle_metrics_text(GArray *steps, GArray *evaluations) {
  g_autofree char *titles = header();
  GString *text = g_string_new(titles);
  g_string_append_c(text, '\n');
  guint i = 0, k = 0;
  while (i < steps->len || k < evaluations->len) {
    const RunStep *step = i < steps->len ? &g_array_index(steps, RunStep, i) : NULL;
    const RunEvaluation *evaluation =
        k < evaluations->len ? &g_array_index(evaluations, RunEvaluation, k) : NULL;
    int now = MIN(step ? step->step : G_MAXINT, evaluation ? evaluation->step : G_MAXINT);
    step = step && step->step == now ? step : NULL;
    evaluation = evaluation && evaluation->step == now ? evaluation : NULL;
    g_string_append_printf(text, "%d", now);
    append_side(text, 0, step);
    append_side(text, 1, evaluation);
    g_string_append_c(text, '\n');
    i += step != NULL;
    k += evaluation != NULL;
  }
  return g_string_free(text, FALSE);
}

/* Takes the side's cells; *found: any of them is filled. */
static bool parse_side(gsize side, char *const *cells, void *record, bool *found) {
  *found = false;
  for (const Column *column = sides[side]->columns + 1; column->name; column++, cells++) {
    *found |= **cells != 0;
    if ((**cells || column->type == COLUMN_REAL) && !column_from_csv(column, *cells, record))
      return false;
  }
  return true;
}

static bool parse_line(const char *line, guint n_cells, GArray *steps, GArray *evaluations) {
  g_auto(GStrv) cells = g_strsplit(line, ",", MOST_COLUMNS);
  RunStep step = {0};
  RunEvaluation evaluation = {0};
  bool has_step, has_evaluation;
  if (g_strv_length(cells) != n_cells || !column_from_csv(series_metrics.columns, cells[0], &step) ||
      !parse_side(0, cells + 1, &step, &has_step) ||
      !parse_side(1, cells + 1 + STEP_CELLS, &evaluation, &has_evaluation))
    return false;
  evaluation.step = step.step;
  if (has_step)
    g_array_append_val(steps, step);
  if (has_evaluation)
    g_array_append_val(evaluations, evaluation);
  return true;
}

bool bundle_metrics_parse(const char *text, const char *where, GArray *steps, GArray *evaluations,
                          GError **error) {
  g_autofree char *titles = header();
  g_auto(GStrv) columns = g_strsplit(titles, ",", -1);
  guint n_cells = g_strv_length(columns);
  int number = 0;
  for (const char *line = text; *line; number++) {
    const char *end = strchrnul(line, '\n');
    g_autofree char *one = g_strndup(line, (gsize)(end - line));
    g_strchomp(one);
    if (number == 0 ? strcmp(one, titles) != 0 : !parse_line(one, n_cells, steps, evaluations))
      return input_error(error,
                         "line %d of metrics.csv in %s is not what a bundle holds; export the run again",
                         number + 1, where);
    line = *end ? end + 1 : end;
  }
  return true;
}
