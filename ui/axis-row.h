/* One axis of the taxonomy as a row of segmented toggle buttons, always visible, with a line below that says
 * what the present value entails.
 *
 * A possible value is the action win.AXIS with its name as the target.  An impossible one stays focusable:
 * dimmed with a dashed border, described as unavailable with the reason.  Activating it changes nothing and
 * emits "impossible-chosen" (int value) Main thread. */
#pragma once

#include "engine/taxonomy.h"
#include <gtk/gtk.h>

#define HF_TYPE_AXIS_ROW (hf_axis_row_get_type())
G_DECLARE_FINAL_TYPE(HfAxisRow, hf_axis_row, HF, AXIS_ROW, GtkBox)

GtkWidget *hf_axis_row_new(AxisId axis);
AxisId hf_axis_row_axis(HfAxisRow *self);
void hf_axis_row_set_value(HfAxisRow *self, int value);
/* One verdict for each value of the axis; an element, or the whole, may be NULL: not judged, taken as
 * possible.  Read during the call only. */
void hf_axis_row_set_verdicts(HfAxisRow *self, const Verdict *const *verdicts);
void hf_axis_row_set_consequence(HfAxisRow *self, const char *text);
/* Borrowed. */
GtkWidget *hf_axis_row_button(HfAxisRow *self, int value);
