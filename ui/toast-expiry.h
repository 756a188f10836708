/* Takes toasts away after a time.
 *
 * libadwaita 1.2 crashes over a toast that is dismissed before its coming in was drawn to the end, which is
 * what its own timer does when a busy machine has drawn nothing for some seconds: the leaving then counts
 * from the last frame, ends with the coming in one, and frees what that still needs.  Here a toast goes two
 * frames after its time. */
#pragma once

#include <adwaita.h>

/* From now on, whatever was said before; the toast's own timer is off.  The overlay shows it. */
void toast_expire(AdwToast *toast, AdwToastOverlay *overlay, guint milliseconds);
