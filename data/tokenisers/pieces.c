#include "data/tokenisers/pieces.h"

#include <string.h>

static int compare_bytes(const char *a, guint n, const char *b, guint m) {
  int order = memcmp(a, b, MIN(n, m));
  return order ? order : (n > m) - (n < m);
}

static int compare_ids(const void *a, const void *b, void *data) {
  const Piece *pieces = data;
  int i = *(const int *)a, k = *(const int *)b;
  int order = compare_bytes(pieces[i].bytes, pieces[i].length, pieces[k].bytes, pieces[k].length);
  return order ? order : (i > k) - (i < k);
}

void pieces_init(Pieces *self, Piece *pieces, int n, const bool *found) {
  *self = (Pieces){.pieces = pieces, .n = n, .sorted = g_new(int, MAX(n, 1))};
  for (int i = 0; i < n; i++)
    if (pieces[i].length > 0 && (!found || found[i])) {
      self->sorted[self->n_sorted++] = i;
      self->longest = MAX(self->longest, pieces[i].length);
    }
  g_qsort_with_data(self->sorted, self->n_sorted, sizeof(int), compare_ids, pieces);
}

void pieces_clear(Pieces *self) {
  g_free(self->pieces);
  g_free(self->sorted);
}

int pieces_find(const Pieces *self, const char *bytes, guint length) {
  if (length == 0 || length > self->longest)
    return -1;
  int low = 0, high = self->n_sorted;
  while (low < high) {
    int middle = low + (high - low) / 2;
    const Piece *piece = &self->pieces[self->sorted[middle]];
    if (compare_bytes(piece->bytes, piece->length, bytes, length) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == self->n_sorted)
    return -1;
  const Piece *piece = &self->pieces[self->sorted[low]];
  return compare_bytes(piece->bytes, piece->length, bytes, length) == 0 ? self->sorted[low] : -1;
}
