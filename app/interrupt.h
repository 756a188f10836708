/* Ctrl-C as a flag.  The first SIGINT or SIGTERM asks for a clean stop; the second ends the process as usual.
 */
#pragma once

#include "engine/pool.h"

/* Installs the handlers; the flag is set by them, and by whoever else wants the work to stop.  Never freed.
 */
StopFlag *interrupt_flag(void);
/* Sets the flag after so many seconds. */
void interrupt_after(double seconds);
