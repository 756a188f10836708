/* What is said beside the pictures of a snapshot, and how they are described. */
#pragma once

#include "ui/panes.h"

/* Right of each title, and in each tooltip. */
void panes_tell_infos(HfPanes *panes, const HfSnapshot *shown);
/* The numbers of all pictures at one pixel, as markup. (transfer full) */
char *panes_reading(HfPanes *panes, int x, int y);
