/* Signed numbers as colours: blue below zero, pale at it, orange above, as in the label map and the
 * difference. */
#pragma once

#include "ui/draw/palette.h"

#include <stddef.h>

/* The 99.5th percentile of the absolute values, what is not finite left out: what the full colours stand for.
 * 0 where all are 0. */
double signed_range(const float *numbers, size_t n);
/* rows x columns numbers, fitted into the rectangle with sharp edges; numbers[r * row_stride + c *
 * column_stride]. */
void signed_map_draw(cairo_t *cr, double x, double y, double width, double height, const float *numbers,
                     int rows, int columns, int row_stride, int column_stride, double range);
/* A scale: "−0.12 ▒▒▒ +0.12" in a row of this height. */
void signed_scale_draw(cairo_t *cr, double x, double y, double width, double range, const Palette *palette);
/* "±0.0123": two digits that count.  (transfer full) */
char *signed_range_text(double range);
