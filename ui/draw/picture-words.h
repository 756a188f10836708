/* A picture of numbers in words, for people who do not see it. */
#pragma once

#include "ui/draw/pattern-pixels.h"

typedef struct {
  double mean;       /* of number - neutral */
  double most;       /* the largest absolute value of it: L-infinity */
  const char *where; /* "at the border", translated; NULL: nowhere, all is neutral */
} PictureFacts;

/* Numbers where the mask is 0 and numbers that are not finite are left out. */
PictureFacts picture_facts(const PatternNumbers *pattern);
/* "mean 0.02, L-infinity 0.4, strongest at the border"  (transfer full) */
char *picture_words(const PatternNumbers *pattern);
/* "+.31 −.12 +.04": one number a channel, with a sign or without.  "–" where the mask is 0. (transfer full)
 */
char *picture_probe(const PatternNumbers *picture, int x, int y, bool sign);
