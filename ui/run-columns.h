/* The columns of the list of runs, one table. */
#pragma once

#include "ui/run-item.h"

#include <gtk/gtk.h>

typedef struct {
  const char *name;  /* of win.sort-runs */
  const char *title; /* NULL: the header is empty */
  int width;
  gboolean expand; /* takes what is left over, and is never narrower than width */
  int least_room;  /* the list's width from which the column is shown; 0: always */
  /* The widget of a cell, and what it shows. */
  GtkWidget *(*make)(void);
  void (*show)(GtkWidget *cell, HfRunItem *item);
  char *(*tooltip)(HfRunItem *item); /* (transfer full); "": none */
  /* Smaller first, as strcmp(); NULL: the header does not sort. */
  int (*compare)(HfRunItem *a, HfRunItem *b);
  gboolean (*unknown)(HfRunItem *item); /* those stand last; NULL: none */
} HfRunColumn;

/* The row after the last has a NULL name. */
extern const HfRunColumn hf_run_columns[];

/* The run that a cell shows; NULL: none now.  Borrowed. */
HfRunItem *hf_run_columns_item(GtkWidget *cell);
/* The row of a cell in the list; GTK_INVALID_LIST_POSITION where `cell` is none. */
guint hf_run_columns_position(GtkWidget *cell);

/* Told of items whose picture is (shown) or is no longer (not shown) in a realised row. */
typedef void (*HfRunShown)(HfRunItem *item, gboolean shown, gpointer data);
/* Makes the column.  (transfer full) */
GtkColumnViewColumn *hf_run_columns_make(const HfRunColumn *column, HfRunShown told, gpointer data);
