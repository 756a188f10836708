/* The pieces of a vocabulary: which bytes a token stands for, and which token stands for given bytes. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
  const char *bytes; /* borrowed; any bytes, not ended by a zero */
  guint length;
  float score; /* the higher, the sooner it is merged */
} Piece;

typedef struct {
  Piece *pieces; /* index = id */
  int n;
  int *sorted; /* ids by bytes, then by id */
  int n_sorted;
  guint longest;
} Pieces;

/* Takes the pieces over.  Those that `found` (n flags; NULL: all) leaves out, and empty ones, are never
 * found. */
void pieces_init(Pieces *self, Piece *pieces, int n, const bool *found);
void pieces_clear(Pieces *self);
/* The lowest id with these bytes; -1: none. */
int pieces_find(const Pieces *self, const char *bytes, guint length);
