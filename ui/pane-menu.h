/* The menu of a picture or plot: copying it, saving it.  It opens by the right button, a long press, the Menu
 * key and Shift+F10; Ctrl+C copies what has the focus.
 *
 * Its items are win.copy (s) and win.save-WHAT of the window that the widget is in. */
#pragma once

#include <gtk/gtk.h>

/* `what` names the drawing ("pattern"); `whole` (may be NULL) one that it is a part of ("pictures"). */
void pane_menu_attach(GtkWidget *widget, const char *what, const char *whole);
