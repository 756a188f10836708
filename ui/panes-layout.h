/* Places the panes: the pictures in one row, one line for the probe, the plots in one row that takes the rest
 * of the height.  Pictures are square where the plots keep enough; where it is tall and narrow they stand in
 * two rows. */
#pragma once

#include <gtk/gtk.h>

#define HF_TYPE_PANES_LAYOUT (hf_panes_layout_get_type())
G_DECLARE_FINAL_TYPE(HfPanesLayout, hf_panes_layout, HF, PANES_LAYOUT, GtkLayoutManager)

/* The widget's children: `pictures` pictures, the probe line, then the plots. (transfer full) */
GtkLayoutManager *hf_panes_layout_new(int pictures);
