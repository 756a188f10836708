/* Drawings on surfaces in memory, their pixels, and reference pictures in tests/references/draw.
 *
 * HOARFROST_WRITE_REFERENCES=1 writes those anew; look at them before they are kept. */
#pragma once

#include "ui/draw/export.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static inline uint32_t pixel(cairo_surface_t *surface, int x, int y) {
  const unsigned char *rows = cairo_image_surface_get_data(surface);
  return ((const uint32_t *)(const void *)(rows + (size_t)y * cairo_image_surface_get_stride(surface)))[x] &
         0xffffff;
}

static inline uint32_t ink_pixel(Ink ink) {
  return (uint32_t)lround(255 * ink.red) << 16 | (uint32_t)lround(255 * ink.green) << 8 |
         (uint32_t)lround(255 * ink.blue);
}

static inline int distance(uint32_t a, uint32_t b) {
  int most = 0;
  for (int shift = 0; shift < 24; shift += 8)
    most = MAX(most, abs((int)(a >> shift & 255) - (int)(b >> shift & 255)));
  return most;
}

/* (transfer full) */
static inline cairo_surface_t *drawn(int width, int height, DrawFunction draw, const void *plot,
                                     const Palette *palette) {
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create(surface);
  ink_set(cr, palette->background);
  cairo_paint(cr);
  draw(cr, width, height, plot);
  g_assert_cmpint(cairo_status(cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy(cr);
  cairo_surface_flush(surface);
  return surface;
}

static inline int count_ink(cairo_surface_t *surface, Ink ink, int x0, int y0, int x1, int y1) {
  int n = 0;
  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      n += distance(pixel(surface, x, y), ink_pixel(ink)) < 6;
  return n;
}

/* Fonts differ between machines: a few pixels may differ much, most must not. */
static inline void compare_with_reference(cairo_surface_t *surface, const char *name) {
  g_autofree char *path = g_strdup_printf("%s/tests/references/draw/%s.png", SOURCE_ROOT, name);
  if (g_getenv("HOARFROST_WRITE_REFERENCES")) {
    g_assert_cmpint(cairo_surface_write_to_png(surface, path), ==, CAIRO_STATUS_SUCCESS);
    return;
  }
  cairo_surface_t *reference = cairo_image_surface_create_from_png(path);
  int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface),
      differ = 0;
  g_assert_cmpint(cairo_image_surface_get_width(reference), ==, width);
  g_assert_cmpint(cairo_image_surface_get_height(reference), ==, height);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      differ += distance(pixel(surface, x, y), pixel(reference, x, y)) > 40;
  g_test_message("%s: %.2f %% of the pixels differ", name, 100.0 * differ / (width * height));
  g_assert_cmpint(differ * 100, <, 5 * width * height);
  cairo_surface_destroy(reference);
}
