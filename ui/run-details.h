/* A popover that shows what is known of a run and edits its name, tags and note. */
#pragma once

#include "ui/run-item.h"

#include <gtk/gtk.h>

typedef struct _RunDetails RunDetails;

/* Lives as a child of `parent`, through which it activates win.rename-run, win.tag-run and win.note-run with
 * what was changed. */
RunDetails *run_details_new(GtkWidget *parent);
void run_details_free(RunDetails *details);
/* Opens it at a place of the parent.  `first`: HF_RUN_NAME or HF_RUN_TAGS, that is written at. */
void run_details_edit(RunDetails *details, HfRunItem *item, const GdkRectangle *place, HfRunText first);
/* Borrowed. */
GtkPopover *run_details_popover(RunDetails *details);
