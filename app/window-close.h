/* Closing the window while a run trains: the window goes at once, the run is stopped and kept behind it. */
#pragma once

#include "app/controller.h"
#include "ui/window.h"

/* Both live at least as long as the window. */
void window_close_attach(HfWindow *window, HfController *controller);
