/* Time: a scrubber over the steps whose pattern is stored, replay, and how the run stands.
 *
 * Signals: "seek" (int step): show this moment; -1: the newest.  "play" (gboolean playing): replay is to
 * start or to stop; the owner does it, and says so with hf_time_bar_set_playing().
 *
 * Keys within the bar: [ and ] the stored step before and after, Home, End, space. */
#pragma once

#include <gtk/gtk.h>

#define HF_TYPE_TIME_BAR (hf_time_bar_get_type())
G_DECLARE_FINAL_TYPE(HfTimeBar, hf_time_bar, HF, TIME_BAR, GtkWidget)

GtkWidget *hf_time_bar_new(void);
/* `steps`: n ascending stored steps, copied.  total: the run's last step. */
void hf_time_bar_set_steps(HfTimeBar *self, const int *steps, int n, int total);
/* The step that is shown, and the last one that was trained. */
void hf_time_bar_set_step(HfTimeBar *self, int shown, int trained);
/* Shares 0..1 and pictures, or texts, a second; NaN: not known, left out. */
void hf_time_bar_set_status(HfTimeBar *self, double validation, double no_prompt, double rate,
                            gboolean texts);
/* To the stored step before (-1) or after (+1) the one that is shown. */
void hf_time_bar_go(HfTimeBar *self, int direction);
void hf_time_bar_set_playing(HfTimeBar *self, gboolean playing);
gboolean hf_time_bar_get_playing(HfTimeBar *self);
