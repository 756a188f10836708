/* Bare keys of the window, for what is done over and over.  They arrive here only when what has the focus did
 * not want them, so letters reach the text entries. */
#pragma once

#include <gtk/gtk.h>

/* The actions are the widget's own or above it. */
void window_keys_add(GtkWidget *widget);
