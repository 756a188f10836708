/* The inside of the page: runs-page.c (the list), runs-filter.c (which runs), runs-selection.c (what is done
 * with them). */
#pragma once

#include "ui/run-details.h"
#include "ui/runs-order.h"
#include "ui/runs-page.h"

struct _HfRunsPage {
  GtkWidget parent;
  GtkWidget *root, *bar;
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
  int ticks_to_top; /* 0: the place of the list is its own affair */
  gboolean ready;
};

/* runs-filter.c */
void runs_filter_start(HfRunsPage *self);
void runs_filter_clear(HfRunsPage *self);

/* runs-selection.c */
void runs_selection_start(HfRunsPage *self);
/* Dims what does not fit the selection. */
void runs_selection_update(HfRunsPage *self);
void runs_selection_end(HfRunsPage *self);
/* The first row of the selection; GTK_INVALID_LIST_POSITION: none. */
guint runs_selection_first(HfRunsPage *self);

/* runs-menu.c */
void runs_menu_start(HfRunsPage *self);
/* At a place of the page. */
void runs_menu_show(HfRunsPage *self, const GdkRectangle *place);
/* Where something that belongs to a row points, in the page's units: below the name, or the list's middle. */
GdkRectangle runs_menu_place(HfRunsPage *self, guint position);
