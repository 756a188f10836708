/* Brings a widget into sight within whatever scrolls around it. */
#pragma once

#include <gtk/gtk.h>

/* As soon as it has its place: it may have been shown just now.  Scrolls no further than it must; of what is
 * higher than there is room for the top is shown.  Main thread. */
void scroll_to(GtkWidget *widget);
