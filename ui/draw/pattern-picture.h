/* Draws a pattern: numbers in, ink out.
 *
 * A pattern is often faint, so it is shown as 1/2 + factor (number - neutral), with the factor that lets
 * its 99.5th percentile fill the range.  The factor and the share that is cut off stand below the picture,
 * since a picture that was made stronger must say so.  Cairo and Pango only; any thread, as long as no two
 * draw on one surface. */
#pragma once

#include <cairo.h>
#include <glib.h>
#include <stdbool.h>

typedef struct {
  const float *numbers; /* channels * height * width, a plane a channel; borrowed */
  int channels;         /* 3 or more: the first three are red, green, blue; else the first is grey */
  int height, width;
  const float
      *mask; /* as numbers: 0 where there is no pattern, drawn grey and left out of the range; NULL: none */
  float neutral;        /* the number that says nothing, drawn in middle grey */
  const char *title;    /* one line; NULL: none */
  const char *subtitle; /* the line below, shortened where it does not fit; NULL: none */
  const char *caption;  /* a line below the pattern; NULL: none */
  bool dark;
} PatternPicture;

typedef struct {
  double factor;  /* on the distance from neutral; 1 where the pattern says nothing */
  double clipped; /* share of the pattern's numbers that fall outside of the range, 0..1 */
} PatternRange;

PatternRange pattern_range(const PatternPicture *picture);
/* "×3.2 around grey, 0.4 % clipped"  (transfer full) */
char *pattern_range_text(PatternRange range);
/* The pattern alone, a pixel for a number, CAIRO_FORMAT_RGB24.  (transfer full) */
cairo_surface_t *pattern_image(const PatternPicture *picture, PatternRange range);
/* Fills width x height (user units, at least 160 x 200): title, the pattern magnified by whole pixels, what
 * was done to it. */
void pattern_picture_draw(cairo_t *cr, double width, double height, const PatternPicture *picture);
/* The drawing as a PNG file, of a size that suits the pattern.  (transfer full) */
GBytes *pattern_picture_png(const PatternPicture *picture, GError **error);
/* The drawing as a PDF page.  `date` ("2026-05-01T14:03:00") is its date of creation: the same bytes each
 * time. (transfer full) */
GBytes *pattern_picture_pdf(const PatternPicture *picture, const char *date, GError **error);
