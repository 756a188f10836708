/* The sentences at the bottom of a window, one after the other.
 *
 * libadwaita 1.2 crashes over a toast that is dismissed before its coming in was drawn to the end, which is
 * what its own timer does on a machine so busy that nothing was drawn for some seconds, and what its queue
 * does with toasts of equal times.  So the queue and the time are here: a toast's time begins when it is
 * shown, and it goes two frames after its end.  Main thread only. */
#pragma once

#include <adwaita.h>

typedef struct _Toasts Toasts;

/* The overlay is borrowed and may go first. (transfer full) */
Toasts *toasts_new(AdwToastOverlay *overlay);
void toasts_free(Toasts *self);
/* Shows it for so long, when those before it have gone.  The toast is taken. */
void toasts_add(Toasts *self, AdwToast *toast, guint milliseconds);
/* From now on for so long, where it is shown or waits. */
void toasts_keep(Toasts *self, AdwToast *toast, guint milliseconds);
/* Soon, or never shown. */
void toasts_withdraw(Toasts *self, AdwToast *toast);
