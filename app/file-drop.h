/* Bundles and specs that are dropped on the window are opened. */
#pragma once

#include "ui/window.h"

/* What is dropped goes to the window's action open-file.  Other files are left to others. */
void file_drop_attach(HfWindow *window);
