/* A card with a drawing: title, info, and what a draw function makes of a plot that the owner keeps.  Draws
 * only when the owner says that something changed.  Role IMG; the owner describes it in words.
 *
 * Signals: "hover" (double x, double y, double width, double height): the pointer is above the drawing,
 * in the units it was drawn in; negative coordinates when it has left.  "picked" (the same): it was clicked.
 */
#pragma once

#include "ui/draw/palette.h"

#include <gtk/gtk.h>

#define HF_TYPE_PLOT_VIEW (hf_plot_view_get_type())
G_DECLARE_FINAL_TYPE(HfPlotView, hf_plot_view, HF, PLOT_VIEW, GtkWidget)

typedef void (*HfPlotDraw)(cairo_t *cr, double width, double height, const Palette *palette, gpointer data);

/* `data` must outlive the widget's drawing. (transfer floating) */
GtkWidget *hf_plot_view_new(const char *title, HfPlotDraw draw, gpointer data);
/* The drawing is at least so high, in pixels; 160 at first. */
void hf_plot_view_set_least(HfPlotView *self, int height);
void hf_plot_view_set_info(HfPlotView *self, const char *info);
/* What the plot shows, for who stays with the pointer at its title. */
void hf_plot_view_set_tip(HfPlotView *self, const char *tip);
/* A small control at the right end of the header, behind the words. */
void hf_plot_view_add_control(HfPlotView *self, GtkWidget *control);
void hf_plot_view_describe(HfPlotView *self, const char *words);
void hf_plot_view_changed(HfPlotView *self);
/* How many times it was drawn. */
int hf_plot_view_get_drawings(HfPlotView *self);
