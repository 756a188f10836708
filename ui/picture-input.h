/* Mouse and keys of a picture: they move the lens. */
#pragma once

#include "ui/lens.h"

#include <gtk/gtk.h>

/* The place (0..1) of the picture below a point of the widget, and the picture's width in the widget's units;
 * false when nothing is shown. */
typedef bool (*PictureLocate)(GtkWidget *widget, double x, double y, double *at_x, double *at_y,
                              double *size);

/* The lens must live as long as the widget. */
void picture_input_attach(GtkWidget *widget, HfLens *lens, PictureLocate locate);
/* The line above a picture: title left, info right; with little room the info is shortened first.  Labels are
 * borrowed. (transfer floating) */
GtkWidget *picture_header(const char *title, GtkWidget **title_label, GtkWidget **info_label);
/* Another title; label: that of the header. */
void picture_header_set_title(GtkWidget *label, const char *title);
