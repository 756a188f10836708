/* The Runs page of the window: its list, its pictures, and the actions that change stored runs.
 *
 * Actions of the window: win.star-run (s), win.rename-run ((ss)), win.tag-run ((ss)), win.note-run ((ss)):
 * run and text; win.delete-runs (as), win.undelete-runs (as), win.find-runs; and the page's own
 * (ui/runs-page.h). */
#pragma once

#include "app/controller.h"
#include "ui/window.h"

typedef struct _WindowRuns WindowRuns;

/* Both stay at least as long. */
WindowRuns *window_runs_new(HfWindow *window, HfController *controller);
/* With the window's destruction. */
void window_runs_free(WindowRuns *runs);
