/* What the page Apply says of runs. */
#include "app/apply-page-private.h"

#include "data/datasets.h"
#include "engine/alignment.h"
#include "engine/manipulation.h"

#include <glib/gi18n.h>
#include <math.h>

#define MOST_IN_MENU 15
#define MOST_READ    200 /* runs that are looked through for those */

/* The newest runs that answer pictures.  (transfer full) (element-type RunRow) */
static GPtrArray *newest(HfController *controller, const char *status, guint most) {
  RunQuery query = {.status = status, .learnt = true, .limit = MOST_READ};
  GPtrArray *rows = run_store_list(hf_controller_store(controller), &query, NULL);
  if (!rows)
    return g_ptr_array_new();
  for (guint i = 0; i < rows->len;)
    if (dataset_is_texts(((const RunRow *)g_ptr_array_index(rows, i))->dataset))
      g_ptr_array_remove_index(rows, i);
    else
      i++;
  g_ptr_array_set_size(rows, (gint)MIN(rows->len, most));
  return rows;
}

char *apply_runs_usual(HfController *controller) {
  const char *shown = hf_controller_run_id(controller);
  if (shown && apply_is_possible(hf_controller_store(controller), shown))
    return g_strdup(shown);
  g_autoptr(GPtrArray) rows = newest(controller, run_status_name(STATUS_FINISHED), 1);
  return rows->len ? g_strdup(((RunRow *)g_ptr_array_index(rows, 0))->id) : NULL;
}

bool apply_runs_reads_texts(HfController *controller, const char *run_id) {
  g_autoptr(RunRow) row = run_id ? run_store_get(hf_controller_store(controller), run_id, NULL) : NULL;
  return row && dataset_is_texts(row->dataset);
}

/* "Border · Iterative label mapping", or the user's name. */
static char *title_of(const RunRow *row) {
  if (row->name && *row->name)
    return g_strdup(row->name);
  const ManipulationKind *method = manipulation_find(row->method);
  const AlignmentKind *alignment = alignment_find(row->alignment);
  return g_strdup_printf("%s · %s", method ? method->title : row->method,
                         alignment ? alignment->title : row->alignment);
}

static char *percent(double share) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup_printf("%s %%", g_ascii_formatd(text, sizeof text, "%.1f", 100 * share));
}

/* "2026-05-01 14:03 · test accuracy 64.0 %" */
static char *facts_of(const RunRow *row) {
  g_autoptr(GDateTime) begun = g_date_time_new_from_unix_local(row->created / 1000);
  g_autofree char *date = begun ? g_date_time_format(begun, "%F %H:%M") : g_strdup("");
  if (!isfinite(row->result.last_test_accuracy))
    return g_steal_pointer(&date);
  g_autofree char *accuracy = percent(row->result.last_test_accuracy);
  return g_strdup_printf(_("%s · test accuracy %s"), date, accuracy);
}

static char *line_of(const RunRow *row) {
  g_autofree char *facts = facts_of(row);
  return g_strdup_printf("%s → %s · %s", row->model, row->dataset, facts);
}

bool apply_runs_words(HfController *controller, const char *run_id, char **title, char **line) {
  g_autoptr(RunRow) row = run_store_get(hf_controller_store(controller), run_id, NULL);
  if (!row)
    return false;
  *title = title_of(row);
  *line = line_of(row);
  return true;
}

GMenuModel *apply_runs_menu(HfController *controller) {
  GMenu *menu = g_menu_new(), *runs = g_menu_new();
  const char *shown = hf_controller_run_id(controller);
  if (shown && apply_is_possible(hf_controller_store(controller), shown) &&
      !apply_runs_reads_texts(controller, shown))
    g_menu_append(menu, _("The Run That Is Shown"), "win.apply-shown");
  g_autoptr(GPtrArray) rows = newest(controller, NULL, MOST_IN_MENU);
  for (guint i = 0; i < rows->len; i++) {
    const RunRow *row = g_ptr_array_index(rows, i);
    g_autofree char *title = title_of(row), *facts = facts_of(row),
                    *label = g_strdup_printf("%s · %s", title, facts);
    g_autoptr(GString) escaped = g_string_new(label);
    g_string_replace(escaped, "_", "__", 0);
    g_autoptr(GMenuItem) item = g_menu_item_new(escaped->str, NULL);
    g_menu_item_set_action_and_target(item, "win.apply-run", "s", row->id);
    g_menu_append_item(runs, item);
  }
  g_menu_append_section(menu, _("Newest Runs"), G_MENU_MODEL(runs));
  g_object_unref(runs);
  return G_MENU_MODEL(menu);
}
