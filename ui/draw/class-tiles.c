#include "ui/draw/class-tiles.h"

#include "ui/draw/text.h"

#include <stddef.h>

#define ROUND 0.14 /* radius of the corners for a tile's width */

void class_tile_draw(cairo_t *cr, const ClassTiles *tiles, int class, double x, double y, double size) {
  if (!tiles->pixels || class < 0 || class >= tiles->n)
    return;
  /* Cairo only reads it. */
  unsigned char *first = (unsigned char *)(uintptr_t)(tiles->pixels + (size_t) class * (size_t)tiles->edge);
  cairo_surface_t *tile = cairo_image_surface_create_for_data(first, CAIRO_FORMAT_RGB24, tiles->edge,
                                                              tiles->edge, 4 * tiles->n * tiles->edge);
  cairo_save(cr);
  path_rounded(cr, x, y, size, size, ROUND * size);
  cairo_clip(cr);
  cairo_translate(cr, x, y);
  cairo_scale(cr, size / tiles->edge, size / tiles->edge);
  cairo_set_source_surface(cr, tile, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_GOOD);
  cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
  cairo_paint(cr);
  cairo_restore(cr);
  cairo_surface_destroy(tile);
}
