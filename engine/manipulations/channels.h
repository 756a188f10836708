/* What methods share that work on the channels of a site. */
#pragma once

#include "engine/manipulation.h"

/* The size of the site's channel axis; -1 and an error that names the site where it has none. */
int64_t site_channels(const Site *site, GError **error);
/* `row` (channels) in the shape that meets x (any rank) along the site's channel axis. */
ValueId along_channels(Graph *graph, const Site *site, ValueId row);
/* Calls `add` for the named site, or for all that the method takes where none is named: every block's end
 * (hidden), or the embedding. */
bool for_sites(Manipulation *self, bool (*add)(Manipulation *self, const Site *site, GError **error),
               GError **error);
