/* Bundles and specs among the files that are dropped on the window. */
#pragma once

#include "ui/window.h"

/* Those that are a bundle or a spec by their suffix are opened, by the window's action open-file, and taken
 * off the list.  (element-type filename) */
void file_drop_take(HfWindow *window, GPtrArray *paths);
