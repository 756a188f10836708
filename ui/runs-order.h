/* How the list of runs is sorted: by the column whose header was clicked, what is unknown last either way,
 * equal rows newest first. */
#pragma once

#include "ui/run-columns.h"

typedef struct _RunsOrder RunsOrder;

RunsOrder *runs_order_new(void);
/* After the last use of its sorters. */
void runs_order_free(RunsOrder *order);
/* Makes the column's header sort. */
void runs_order_add(RunsOrder *order, GtkColumnViewColumn *made, const HfRunColumn *column);
/* Follows the headers of the view that the columns are in. */
void runs_order_follow(RunsOrder *order, GtkColumnView *view);
/* For the model.  Borrowed. */
GtkSorter *runs_order_sorter(RunsOrder *order);
