#include "engine/nearest-name.h"

#include <string.h>

#define LONGEST 64 /* longer texts are no misspelt names */

int edit_distance(const char *a, const char *b) {
  size_t n = strlen(a), m = strlen(b);
  if (n > LONGEST || m > LONGEST)
    return G_MAXINT;
  int rows[3][LONGEST + 1] = {{0}}; /* [i % 3][j]: from the first i letters of a to the first j of b */
  for (size_t i = 0; i <= n; i++) {
    int *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
    for (size_t j = 0; j <= m; j++) {
      if (i == 0 || j == 0) {
        row[j] = (int)(i + j);
        continue;
      }
      char x = g_ascii_tolower(a[i - 1]), y = g_ascii_tolower(b[j - 1]);
      row[j] = MIN(above[j - 1] + (x != y), MIN(above[j], row[j - 1]) + 1);
      if (i > 1 && j > 1 && x == g_ascii_tolower(b[j - 2]) && y == g_ascii_tolower(a[i - 2]))
        row[j] = MIN(row[j], above2[j - 2] + 1);
    }
  }
  return rows[n % 3][m];
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
