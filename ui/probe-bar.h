/* The line between pictures and plots: the numbers at one pixel of all pictures, and how patterns are made
 * visible.
 *
 * Its controls are the actions win.amplify (double: the locked factor, 0 = what suits each picture) and
 * win.pattern-map
 * ("colour" or "diverging"). */
#pragma once

#include <gtk/gtk.h>

#define HF_TYPE_PROBE_BAR (hf_probe_bar_get_type())
G_DECLARE_FINAL_TYPE(HfProbeBar, hf_probe_bar, HF, PROBE_BAR, GtkWidget)

GtkWidget *hf_probe_bar_new(void);
/* With other actions in the place of "win.amplify" and "win.pattern-map"; the names must stay. */
GtkWidget *hf_probe_bar_new_for(const char *amplify, const char *pattern_map);
/* Pango markup; NULL: a word on how to get one. */
void hf_probe_bar_set_reading(HfProbeBar *self, const char *markup);
/* Factor and map, where there is something to amplify. */
void hf_probe_bar_show_controls(HfProbeBar *self, gboolean shown);
/* The factor that is in use, and whether it is locked. */
void hf_probe_bar_set_factor(HfProbeBar *self, double factor, gboolean locked);
