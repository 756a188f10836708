/* The inside of the page: runs-page.c (the list), runs-filter.c (which runs), runs-selection.c (what is done
 * with them). */
#pragma once

#include "ui/run-details.h"
#include "ui/runs-order.h"
#include "ui/runs-page.h"

struct _HfRunsPage {
  GtkWidget parent;
  GtkWidget *root;
  GtkSearchEntry *search;
  GtkToggleButton *starred;
  GtkDropDown *status;
  GtkLabel *count;
  GtkStack *places;
  GtkScrolledWindow *scroller;
  GtkButton *clear;
  GMenuModel *menu;
  GtkColumnView *view;
  GPtrArray *columns; /* GtkColumnViewColumn, in the order of hf_run_columns */
  GListModel *runs;
  GtkFilterListModel *filtered;
  GtkMultiSelection *rows;
  GtkFilter *filter;
  RunsOrder *order;
  char **words; /* folded, that a run must hold; NULL: any run */
  GtkPopover *popover;
  RunDetails *details;
  GActionMap *map; /* weak; NULL: no actions */
  guint fit_source, count_source;
  gboolean ready;
};

/* runs-filter.c */
void runs_filter_start(HfRunsPage *self);
void runs_filter_clear(HfRunsPage *self);
gboolean runs_filter_is_on(HfRunsPage *self);

/* runs-selection.c */
void runs_selection_start(HfRunsPage *self);
/* Dims what does not fit the selection. */
void runs_selection_update(HfRunsPage *self);
void runs_selection_end(HfRunsPage *self);
