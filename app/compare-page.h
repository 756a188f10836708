/* The page of two runs side by side, bound to the store.
 *
 * win.compare-runs ((ss)): opens the page with two runs: ids, their beginnings, or "last"; "" leaves a side
 * as it is.  win.compare-swap.  win.compare-seek (double): the moment at a share of the training.
 * win.export-comparison (string): the figure into a file, "" asks where.  Runs are read in threads; answers
 * to what is no longer asked are dropped.  Main thread. */
#pragma once

#include "app/controller.h"
#include "ui/comparison.h"
#include "ui/window.h"

typedef struct _ComparePage ComparePage;

/* Adds the page and its actions to the window.  The controller must outlive it.  (transfer full) */
ComparePage *compare_page_new(HfWindow *window, HfController *controller);
/* With the window's destruction, while its actions still stand. */
void compare_page_free(ComparePage *self);
