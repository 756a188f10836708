/* The about window: the program's version and what computes. */
#pragma once

#include <gtk/gtk.h>

void about_show(GtkWindow *parent);
