/* The title bar in words: what is tried, and how it stands.  Of the run that is shown, while there is one; of
 * the choice before that. */
#pragma once

#include "app/controller.h"

/* "Objects and letters learns Fashion-MNIST" (transfer full) */
char *window_title_text(HfController *controller);
/* "Running, epoch 7 of 10 · “Bold” · Border · ILM · seed 1"; `run`: the stored row of the run that is shown,
 * NULL: not known.  (transfer full) */
char *window_subtitle_text(HfController *controller, const RunRow *run);
/* "label map, epochs and 2 more": what the choice has otherwise than the run that is shown; NULL: nothing, or
 * no run is shown.  (transfer full) */
char *window_difference_text(HfController *controller);
