/* What a window shows when it opens: at the first start the recorded run, later the run that was shown last;
 * and a run that was interrupted is offered to go on. */
#pragma once

#include "app/controller.h"
#include "ui/window.h"

/* Everything is read in a thread; nothing here delays the first frame.  `settings` may be NULL: then a start
 * with an empty store is the first. */
void first_look(HfWindow *window, HfController *controller, GSettings *settings);
/* Adds win.recorded-run, which brings the recorded run back and shows it. */
void first_look_add_actions(HfWindow *window, HfController *controller);
