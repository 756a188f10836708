/* Small pictures of classes in drawings.  Cairo only. */
#pragma once

#include <cairo.h>
#include <stdint.h>

/* Square tiles beside each other: rows of n * edge pixels, 0xFFRRGGBB each.  Borrowed. */
typedef struct {
  const uint32_t *pixels; /* NULL: there are none */
  int n, edge;
} ClassTiles;

/* One of them with rounded corners, `size` units wide, its top left corner at (x, y). */
void class_tile_draw(cairo_t *cr, const ClassTiles *tiles, int class, double x, double y, double size);
