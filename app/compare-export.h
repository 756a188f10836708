/* Two runs side by side as a figure in a file: PNG, SVG or PDF, as the file's name says. */
#pragma once

#include "data/run-store.h"
#include "ui/comparison.h"
#include "ui/window.h"

/* Draws what the page shows now into `path`, in a thread; "" or NULL: the user is asked where.  The window
 * tells how it went. */
void compare_export(HfWindow *window, HfComparison *page, const RunStore *store, double share,
                    const char *path);
