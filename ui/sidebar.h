/* A flap at the side of the window: there where it is wanted and there is room for it.  Where there is none
 * it comes and goes as it is asked for, and that is nothing to remember. */
#pragma once

#include <adwaita.h>

/* `key` of the settings (may be NULL) is whether it is wanted.  For as long as the flap lives.  Main thread.
 */
void sidebar_keep(AdwFlap *flap, GSettings *settings, const char *key);
