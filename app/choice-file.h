/* The last choice, kept from one start of the window to the next: $XDG_CONFIG_HOME/hoarfrost/choice.ini. */
#pragma once

#include "engine/run-spec.h"

/* The kept choice; the default experiment where there is none or it cannot be read.  (transfer full) */
RunSpec *choice_file_read(void);
/* Keeps it, without waiting for the disk.  A choice that cannot be kept is not worth a word. */
void choice_file_write(const RunSpec *spec);
