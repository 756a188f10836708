/* The Runs page: a list of stored runs with sorting, a filter, and what can be done with those that are
 * selected.
 *
 * The page only shows and asks: it activates actions of the window, with run ids as parameters, that its
 * owner adds: win.open-run (s), win.resume-run (s), win.star-run (s), win.rename-run ((ss)), win.tag-run
 * ((ss)), win.note-run ((ss)), win.delete-runs (as), win.compare-runs ((ss)), win.export-run (s),
 * win.apply-run (s). Those that are missing are dimmed in its menu. */
#pragma once

#include "ui/run-columns.h"

#define HF_TYPE_RUNS_PAGE (hf_runs_page_get_type())
G_DECLARE_FINAL_TYPE(HfRunsPage, hf_runs_page, HF, RUNS_PAGE, GtkWidget)

/* `runs` are HfRunItem in any order; the model is told of changes by its owner.  `told` hears whose picture
 * is in a realised row; NULL: nobody does. */
GtkWidget *hf_runs_page_new(GListModel *runs, HfRunShown told, gpointer data);
/* Until the first list is there nothing is shown, rather than that there are no runs. */
void hf_runs_page_set_ready(HfRunsPage *self, gboolean ready);
/* Lets go of the runs and of the actions: after this nobody is told of anything. */
void hf_runs_page_close(HfRunsPage *self);

/* Adds what acts on the selection and on the list: win.selected-open, -resume, -compare, -rename, -details,
 * -star, -export, -apply, -delete, -menu, and win.filter-runs (s), win.starred-runs, win.sort-runs ((sb)):
 * column and whether ascending, win.select-runs (as).  They go with the page. */
void hf_runs_page_add_actions(HfRunsPage *self, GActionMap *map);
void hf_runs_page_focus_search(HfRunsPage *self);

/* The rows as they stand, filtered and sorted, with the selection.  Borrowed. */
GtkSelectionModel *hf_runs_page_get_rows(HfRunsPage *self);
