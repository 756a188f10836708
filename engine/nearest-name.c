#include "engine/nearest-name.h"

#include <string.h>

#define LONGEST 64 /* longer texts are no misspelt names */

int edit_distance(const char *a, const char *b) {
  size_t n = strlen(a), m = strlen(b);
  if (n > LONGEST || m > LONGEST)
    return G_MAXINT;
  int row[LONGEST + 1]; /* distances of the first i letters of a to the first j of b */
  for (size_t j = 0; j <= m; j++)
    row[j] = (int)j;
  for (size_t i = 1; i <= n; i++) {
    int diagonal = row[0];
    row[0] = (int)i;
    for (size_t j = 1; j <= m; j++) {
      int exchanged = diagonal + (g_ascii_tolower(a[i - 1]) != g_ascii_tolower(b[j - 1]));
      diagonal = row[j];
      row[j] = MIN(exchanged, MIN(row[j], row[j - 1]) + 1);
    }
  }
  return row[m];
}

const char *nearest_name(const char *typed, const char *const *names) {
  int best = MIN(2, (int)strlen(typed) / 2) + 1;
  const char *nearest = NULL;
  for (const char *const *name = names; *name; name++) {
    int distance = edit_distance(typed, *name);
    if (distance < best) {
      best = distance;
      nearest = *name;
    }
  }
  return nearest;
}
