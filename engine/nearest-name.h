/* "Did you mean ...?": the known name that is closest to one that somebody typed. */
#pragma once

#include <glib.h>

/* The smallest number of letters put in, taken out or exchanged that turns one text into the other
 * (Levenshtein 1966). */
int edit_distance(const char *a, const char *b);
/* The name with the smallest distance from `typed`, the first on ties; NULL where even that one differs in
 * more than two letters or in half of what was typed.  `names` ends with NULL; borrowed. */
const char *nearest_name(const char *typed, const char *const *names);
