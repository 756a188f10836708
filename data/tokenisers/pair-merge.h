/* Byte-pair merging by score (Sennrich et al. 2016, arXiv 1508.07909; SentencePiece's form with a score a
 * piece).
 *
 * A text begins as its characters.  Of all neighbours whose bytes together are a piece, those with the
 * highest score become one, the leftmost of equals, until no two neighbours are a piece.  A heap of
 * candidates makes that n log n for n characters. */
#pragma once

#include "data/tokenisers/pieces.h"

/* Appends the ids (int64_t) of `length` bytes of UTF-8.  A character that is no piece becomes its bytes'
 * tokens, by_byte[256], and is merged with nothing. */
void pair_merge(const Pieces *pieces, const int *by_byte, const char *text, guint length, GArray *ids);
