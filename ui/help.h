/* The help within the program: the idea, the four axes, what the panes show and how they are used.  Can be
 * searched. */
#pragma once

#include <adwaita.h>

/* (transfer floating) */
GtkWidget *hf_help_new(GtkWindow *parent);
