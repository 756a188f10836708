/* Draws a pattern with its words: numbers in, ink out.
 *
 * The factor that made it visible and the share that is cut off stand below the picture.  Cairo and Pango
 * only; any thread, as long as no two draw on one surface. */
#pragma once

#include "ui/draw/pattern-pixels.h"

#include <cairo.h>

typedef struct {
  PatternNumbers pattern;
  const char *title;    /* one line; NULL: none */
  const char *subtitle; /* the line below, shortened where it does not fit; NULL: none */
  const char *caption;  /* a line below the pattern; NULL: none */
  bool dark;
} PatternPicture;

/* The pattern alone, a pixel for a number, CAIRO_FORMAT_RGB24.  (transfer full) */
cairo_surface_t *pattern_image(const PatternNumbers *pattern, PatternRange range);
/* Fills width x height (user units, at least 160 x 200): title, the pattern magnified by whole pixels, what
 * was done to it. */
void pattern_picture_draw(cairo_t *cr, double width, double height, const PatternPicture *picture);
/* The drawing as a PNG file, of a size that suits the pattern.  (transfer full) */
GBytes *pattern_picture_png(const PatternPicture *picture, GError **error);
/* The drawing as a PDF page.  `date` ("2026-05-01T14:03:00", NULL: now) is its date of creation: the same
 * bytes each time. (transfer full) */
GBytes *pattern_picture_pdf(const PatternPicture *picture, const char *date, GError **error);
