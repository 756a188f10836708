/* Measures the main loop from within: how long it keeps the user waiting, and what is drawn.
 *
 * Asleep unless the environment has HOARFROST_WATCHDOG=1.  Then a turn of the main loop is timed from the end
 * of one poll to the beginning of the next, which needs no timer and wakes nobody.  At the end one line of
 * JSON goes to standard output.  Times are in milliseconds, what was not seen is null:
 *
 * - first_frame_ms: from the start of the process to the first frame.
 * - run_to_first_panes_ms: from the turn that asked for a run to the frame with its first moment.
 * - stop_ms: from the turn that asked for Stop to the end of the run.
 * - longest_stall_ms, stalls_over_50: the longest turn after the first frame; how many took more than 50.
 * - longest_turn_cpu_ms: the most processor time that a turn took, whatever else the machine does.
 * - longest_stall_training_ms, fps_while_training: of the time in which a run was running.
 * - frames, seconds: from the first frame to the end.
 *
 * Main thread only; there is one in a program. */
#pragma once

#include "app/controller.h"

#include <gtk/gtk.h>

/* Before the main loop first turns. */
void watchdog_start(void);
/* The window whose frames are counted and the controller whose runs are. */
void watchdog_watch(GtkWindow *window, HfController *controller);
/* At the end, when the main loop is over. */
void watchdog_report(void);
