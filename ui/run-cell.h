/* A cell of the list of runs whose content is drawn: one widget, however much stands in it, so that rows are
 * made quickly. */
#pragma once

#include "ui/draw/palette.h"
#include "ui/run-item.h"

#include <gtk/gtk.h>

#define HF_TYPE_RUN_CELL (hf_run_cell_get_type())
G_DECLARE_FINAL_TYPE(HfRunCell, hf_run_cell, HF, RUN_CELL, GtkWidget)

typedef void (*HfRunDraw)(cairo_t *cr, double width, double height, HfRunItem *item, const Palette *palette);

/* It asks for `height`, and takes the width that it gets. */
GtkWidget *hf_run_cell_new(HfRunDraw draw, int height);
/* NULL: nothing is drawn.  `words` say the same for those who do not see it. */
void hf_run_cell_show(HfRunCell *self, HfRunItem *item, const char *words);
