/* The pattern inside f: one part of it as a map of tokens or a mosaic of channels, with buttons that go
 * through the parts where there are several.  Draws only what is on the screen.  Main thread. */
#pragma once

#include "ui/inside-part.h"
#include "ui/plot-view.h"

#define HF_TYPE_INSIDE_VIEW (hf_inside_view_get_type())
G_DECLARE_FINAL_TYPE(HfInsideView, hf_inside_view, HF, INSIDE_VIEW, GtkWidget)

GtkWidget *hf_inside_view_new(void);
/* A reference is kept.  NULL: nothing.  (element-type HfPart) */
void hf_inside_view_set_parts(HfInsideView *self, GPtrArray *parts);
/* Which part is shown, also the property "shown"; it stays the same from one moment to the next. */
int hf_inside_view_get_shown(HfInsideView *self);
void hf_inside_view_show(HfInsideView *self, int index);
/* Puts the shown part into words for screen readers. */
void hf_inside_view_describe(HfInsideView *self);
/* How many times it was drawn. */
int hf_inside_view_get_drawings(HfInsideView *self);
