/* The title bar in words: what is tried, and how it stands. */
#pragma once

#include "app/controller.h"

/* "Objects and letters learns Fashion-MNIST" (transfer full) */
char *window_title_text(HfController *controller);
/* "Border · ILM · seed 1 – running, epoch 7 of 10" (transfer full) */
char *window_subtitle_text(HfController *controller);
