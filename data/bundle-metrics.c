#include "data/bundle-metrics.h"

#include "data/store/series.h"
#include "engine/error.h"

#include <math.h>
#include <string.h>

#define MOST_COLUMNS 16

enum { STEPS, EVALUATIONS, N_SERIES };
static const Series *const all_series[N_SERIES] = {&series_metrics, &series_evaluations};

/* The columns after "step", in three groups: those of both series but their first, and what came later, which
 * older files lack. */
static const struct {
  int series;
  bool later;
} groups[] = {{STEPS, false}, {EVALUATIONS, false}, {STEPS, true}};
#define N_GROUPS     ((int)G_N_ELEMENTS(groups))
#define FIRST_GROUPS 2 /* of the older files */

static const Column *columns_of(int group) {
  return all_series[groups[group].series]->columns + 1;
}

static bool belongs(int group, const Column *column) {
  return groups[group].later == ((column->flags & COLUMN_LATER) != 0);
}

/* The name of a column: the evaluation's own seconds need another one. */
static const char *column_title(int group, const Column *column) {
  bool own = groups[group].series == EVALUATIONS && strcmp(column->name, "seconds") == 0;
  return own ? "evaluation_seconds" : column->name;
}

static void append_group(GString *text, int group, const void *record) {
  for (const Column *column = columns_of(group); column->name; column++) {
    if (!belongs(group, column))
      continue;
    g_string_append_c(text, ',');
    if (record)
      column_to_csv(column, record, text);
  }
}

static char *header(int n_groups) {
  GString *text = g_string_new("step");
  for (int group = 0; group < n_groups; group++)
    for (const Column *column = columns_of(group); column->name; column++)
      if (belongs(group, column))
        g_string_append_printf(text, ",%s", column_title(group, column));
  return g_string_free(text, FALSE);
}

char *bundle_metrics_text(GArray *steps, GArray *evaluations) {
  g_autofree char *titles = header(N_GROUPS);
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
    const void *records[N_SERIES] = {[STEPS] = step, [EVALUATIONS] = evaluation};
    for (int group = 0; group < N_GROUPS; group++)
      append_group(text, group, records[groups[group].series]);
    g_string_append_c(text, '\n');
    i += step != NULL;
    k += evaluation != NULL;
  }
  return g_string_free(text, FALSE);
}

/* Takes the group's cells; *found: any of them is filled.  NULL when one is wrong, else where the next begin.
 */
static char *const *parse_group(int group, char *const *cells, void *record, bool *found) {
  for (const Column *column = columns_of(group); column->name; column++) {
    if (!belongs(group, column))
      continue;
    *found |= **cells != 0;
    if ((**cells || column->type == COLUMN_REAL) && !column_from_csv(column, *cells, record))
      return NULL;
    cells++;
  }
  return cells;
}

static bool parse_line(const char *line, int n_groups, guint n_cells, GArray *steps, GArray *evaluations) {
  g_auto(GStrv) cells = g_strsplit(line, ",", MOST_COLUMNS);
  RunStep step = {.gradient_norm = NAN};
  RunEvaluation evaluation = {0};
  void *const records[N_SERIES] = {[STEPS] = &step, [EVALUATIONS] = &evaluation};
  bool found[N_SERIES] = {false};
  if (g_strv_length(cells) != n_cells || !column_from_csv(series_metrics.columns, cells[0], &step))
    return false;
  char *const *at = cells + 1;
  for (int group = 0; group < n_groups && at; group++)
    at = parse_group(group, at, records[groups[group].series], &found[groups[group].series]);
  if (!at)
    return false;
  evaluation.step = step.step;
  if (found[STEPS])
    g_array_append_val(steps, step);
  if (found[EVALUATIONS])
    g_array_append_val(evaluations, evaluation);
  return true;
}

bool bundle_metrics_parse(const char *text, const char *where, GArray *steps, GArray *evaluations,
                          GError **error) {
  g_autofree char *first = g_strndup(text, strcspn(text, "\r\n")), *older = header(FIRST_GROUPS);
  int n_groups = strcmp(first, older) == 0 ? FIRST_GROUPS : N_GROUPS;
  g_autofree char *titles = header(n_groups);
  g_auto(GStrv) columns = g_strsplit(titles, ",", -1);
  guint n_cells = g_strv_length(columns);
  int number = 0;
  for (const char *line = text; *line; number++) {
    const char *end = strchrnul(line, '\n');
    g_autofree char *one = g_strndup(line, (gsize)(end - line));
    g_strchomp(one);
    if (number == 0 ? strcmp(one, titles) != 0 : !parse_line(one, n_groups, n_cells, steps, evaluations))
      return input_error(error,
                         "line %d of metrics.csv in %s is not what a bundle holds; export the run again",
                         number + 1, where);
    line = *end ? end + 1 : end;
  }
  return true;
}
