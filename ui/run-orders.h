/* Orders of runs, one for each column: smaller first, as strcmp(). */
#pragma once

#include "ui/run-item.h"

int run_order_by_names(HfRunItem *a, HfRunItem *b);
int run_order_by_models(HfRunItem *a, HfRunItem *b);
int run_order_by_tasks(HfRunItem *a, HfRunItem *b);
int run_order_by_tags(HfRunItem *a, HfRunItem *b);
int run_order_by_gains(HfRunItem *a, HfRunItem *b);
int run_order_by_steps(HfRunItem *a, HfRunItem *b);
int run_order_by_dates(HfRunItem *a, HfRunItem *b);
int run_order_by_statuses(HfRunItem *a, HfRunItem *b);
int run_order_by_stars(HfRunItem *a, HfRunItem *b); /* those with a star first */
int run_order_by_axes(HfRunItem *a, HfRunItem *b);

/* Runs of which the column knows nothing. */
gboolean run_order_no_gain(HfRunItem *item);
gboolean run_order_no_name(HfRunItem *item);
gboolean run_order_no_tags(HfRunItem *item);
