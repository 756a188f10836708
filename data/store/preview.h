/* A small picture of a pattern, for lists. */
#pragma once

#include "engine/tensor.h"

#define PREVIEW_EDGE 48

/* A PNG of at most 48 x 48 pixels of a float32 pattern (channels, height, width) or (height, width).  Where
 * `neutral` is 0 the pattern is a sum: grey is nothing, and the largest amount is black or white; otherwise
 * its values are pixels 0..1. `bgr`: planes are blue, green, red.  NULL for what is not a picture.  (transfer
 * full) */
GBytes *preview_new(const Tensor *pattern, double neutral, bool bgr);
