/* Ties a window to a controller: the window's actions are the controller's functions, the controller's
 * signals are the window's title, button states and toasts.
 *
 * Actions it adds, all win.*; those with a state can be read from outside:
 *   format, location, operator, alignment   (s) state: the value's name
 *   run, pause, run-or-pause, step, stop, reset, undo, redo
 *   assign (as)   "group.key=value", as one step of the history
 *   preset (s)    repair (i): of the last refused choice
 *   seek (i)      state: the step that is shown     seek-by (i): that many stored steps on
 *   play          state (b)                         follow: the newest step again
 *   sample (i)    sample-next    mistake-next
 *   open-run (s)  resume-run (s)   open-file (ay): a spec, a bundle or a picture
 *   state         state (s) only: idle, loading, running, paused, stopping, ended, replay */
#pragma once

#include "app/controller.h"
#include "ui/window.h"

/* The binding lives as long as the window; closing the window closes the controller.  `settings` may be NULL.
 */
void window_bind(HfWindow *window, HfController *controller, GSettings *settings);
