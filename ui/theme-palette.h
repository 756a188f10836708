/* The palette of drawings from the theme's named colours. */
#pragma once

#include "ui/draw/palette.h"

#include <gtk/gtk.h>

/* As the theme is now: light, dark or high contrast. */
Palette theme_palette(GtkWidget *widget);
/* The frame of a widget that has the keyboard, drawn on top of it. */
void theme_append_focus(GtkWidget *widget, GtkSnapshot *snapshot, const Palette *palette);
