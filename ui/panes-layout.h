/* Places the panes: pictures in rows of four (two, one where it is narrow), the probe line, then the plots in
 * three columns (two, one).  Where there is height to spare pictures and plots share it. */
#pragma once

#include <gtk/gtk.h>

#define HF_TYPE_PANES_LAYOUT (hf_panes_layout_get_type())
G_DECLARE_FINAL_TYPE(HfPanesLayout, hf_panes_layout, HF, PANES_LAYOUT, GtkLayoutManager)

/* The widget's children: `pictures` pictures, the probe line, then the plots. (transfer full) */
GtkLayoutManager *hf_panes_layout_new(int pictures);
