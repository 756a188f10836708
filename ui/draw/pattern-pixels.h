/* A pattern's numbers as pixels.
 *
 * A pattern is often faint, so it is shown as 1/2 + factor (number - neutral), with the factor that lets
 * its 99.5th percentile fill the range, or with a locked one.  A picture that was made stronger must say so:
 * range.factor and range.clipped are for that.  Any thread. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
  MAP_COLOUR,    /* each channel around middle grey: the light that the pattern adds */
  MAP_DIVERGING, /* the mean of the channels: blue below neutral, light grey at it, orange above */
  N_PATTERN_MAPS,
} PatternMap;

typedef struct {
  const float *numbers; /* channels * height * width, a plane a channel; borrowed */
  int channels;         /* 3 or more: the first three are red, green, blue; else the first is grey */
  int height, width;
  const float
      *mask; /* as numbers: 0 where there is no pattern, drawn grey and left out of the range; NULL: none */
  float neutral; /* the number that says nothing, drawn in middle grey */
  PatternMap map;
} PatternNumbers;

typedef struct {
  double factor;  /* on the distance from neutral; 1 where the pattern says nothing */
  double clipped; /* share of the pattern's numbers that fall outside of the range, 0..1 */
  double most;    /* the largest distance from neutral; 0: the pattern says nothing */
} PatternRange;

/* The factor that lets the 99.5th percentile fill the range, the 98th of a diverging map: its middle is pale.
 */
PatternRange pattern_range(const PatternNumbers *pattern);
/* With a factor that was chosen before. */
PatternRange pattern_range_locked(const PatternNumbers *pattern, double factor);
/* "×3.2 around grey, 0.4 % clipped"  (transfer full) */
char *pattern_range_text(PatternRange range);
/* "×3.2": two digits that count.  (transfer full) */
char *pattern_factor_text(double factor);
/* height rows of `stride` bytes: a pixel is 0xffRRGGBB, as in CAIRO_FORMAT_RGB24 and GDK_MEMORY_DEFAULT. */
void pattern_pixels(const PatternNumbers *pattern, PatternRange range, void *rows, size_t stride);
/* Numbers 0..1 as they are; `mask` and `neutral` say nothing here. Returns the share that falls outside of
 * 0..1. */
double picture_pixels(const PatternNumbers *picture, void *rows, size_t stride);
