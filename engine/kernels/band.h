/* Bands: a few rows of a channels-last image, with the padding that a convolution sees around them written
 * out.
 *
 * A band is copied once into scratch memory that stays in the second-level cache, so that inner loops have no
 * borders to tell apart.  Forward the image is x; backward it is dy, with the bits of a fused activation
 * applied on the way. */
#pragma once

#include "engine/kernels/kernel.h"
#include "engine/kernels/walk.h"

/* One direction of a convolution over height and width. */
typedef struct {
  Walk rows, columns;
  int64_t from_channels, to_channels;
  int64_t band_columns, row_floats; /* the scratch image: pixels and floats of a row */
  int64_t band, bands;              /* output rows (of phase 0) of a band, number of bands */
} Direction;

/* False when the convolution has depth, too many taps or phases, or rows that are too long for a band. */
bool direction_fits(const ConvShape *shape);
void direction_init(Direction *direction, const ConvShape *shape, bool backward);
/* Floats of scratch for a band, a multiple of a cache line. */
int64_t band_floats(const Direction *direction);

/* Where the inner loops read: row 0, column 0 of the band, and the floats from row to row. */
typedef struct {
  const float *data;
  int64_t row_floats;
} Band;

/* The band that begins at output row `first` of phase 0, for n output rows of each phase; copied to `to`
 * unless it lies in the image as it is.  bits: of a fused activation, over the image's elements; NULL: none.
 */
Band band_make(const Direction *direction, const float *image, const uint8_t *bits, int64_t first, int64_t n,
               float *to);
/* Offsets in a band of the taps of a phase; with `runs`, taps that read neighbouring pixels count as one.
 * Returns their number, at most WALK_TAPS^2. */
int64_t band_offsets(const Direction *direction, const WalkPhase *row, const WalkPhase *column,
                     const Band *band, bool runs, int64_t offsets[]);
