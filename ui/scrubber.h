/* A slider over steps: the track up to what was trained, marks at stored steps, a knob at the step that is
 * shown.
 *
 * Signal "seek" (int step): the user asks for a stored step. */
#pragma once

#include <gtk/gtk.h>

#define HF_TYPE_SCRUBBER (hf_scrubber_get_type())
G_DECLARE_FINAL_TYPE(HfScrubber, hf_scrubber, HF, SCRUBBER, GtkWidget)

GtkWidget *hf_scrubber_new(void);
/* Copied. */
void hf_scrubber_set_steps(HfScrubber *self, const int *steps, int n, int total);
/* The steps are shares of a training, `total` the whole of it: they are told in percent. */
void hf_scrubber_set_percent(HfScrubber *self, gboolean percent);
void hf_scrubber_set_step(HfScrubber *self, int shown, int trained);
/* The stored step next to the shown one in a direction; -1: none. */
int hf_scrubber_neighbour(HfScrubber *self, int direction);
/* First or last stored step; -1: none. */
int hf_scrubber_end(HfScrubber *self, gboolean last);
