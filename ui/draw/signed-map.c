#include "ui/draw/signed-map.h"

#include "ui/draw/pattern-pixels.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

#define PERCENTILE 0.995
#define TEXT       10.0

static int compare(const void *a, const void *b) {
  float first = *(const float *)a, second = *(const float *)b;
  return first < second ? -1 : first > second;
}

double signed_range(const float *numbers, size_t n) {
  g_autofree float *sizes = g_new(float, n + 1);
  size_t finite = 0;
  for (size_t i = 0; i < n; i++)
    if (isfinite(numbers[i]))
      sizes[finite++] = fabsf(numbers[i]);
  if (finite == 0)
    return 0;
  qsort(sizes, finite, sizeof(float), compare);
  float range = sizes[(size_t)(PERCENTILE * (double)(finite - 1))];
  return (double)(range > 0 ? range : sizes[finite - 1]); /* few that are not zero: the largest */
}

void signed_map_draw(cairo_t *cr, double x, double y, double width, double height, const float *numbers,
                     int rows, int columns, int row_stride, int column_stride, double range) {
  if (rows < 1 || columns < 1 || width <= 0 || height <= 0)
    return;
  g_autofree float *plane = g_new(float, (gsize)rows *(gsize)columns);
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++)
      plane[(size_t)r * (size_t)columns + (size_t)c] =
          numbers[(ptrdiff_t)r * row_stride + (ptrdiff_t)c * column_stride];
  PatternNumbers pattern = {
      .numbers = plane, .channels = 1, .height = rows, .width = columns, .map = MAP_DIVERGING};
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns, rows);
  if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS) {
    pattern_pixels(&pattern, (PatternRange){.factor = range > 0 ? 0.5 / range : 1},
                   cairo_image_surface_get_data(surface), (size_t)cairo_image_surface_get_stride(surface));
    cairo_surface_mark_dirty(surface);
    cairo_save(cr);
    cairo_rectangle(cr, x, y, width, height);
    cairo_clip(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, width / columns, height / rows);
    cairo_set_source_surface(cr, surface, 0, 0);
    bool magnified = width >= columns && height >= rows;
    cairo_pattern_set_filter(cairo_get_source(cr), magnified ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
    cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
    cairo_paint(cr);
    cairo_restore(cr);
  }
  cairo_surface_destroy(surface);
}

char *signed_range_text(double range) {
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup_printf("±%s", g_ascii_formatd(number, sizeof number, "%.2g", range));
}

void signed_scale_draw(cairo_t *cr, double x, double y, double width, double range, const Palette *palette) {
  static const float ramp[] = {-1, -0.75f, -0.5f, -0.25f, 0, 0.25f, 0.5f, 0.75f, 1};
  const int n = G_N_ELEMENTS(ramp);
  TextStyle style = {TEXT, palette->dim};
  g_autofree char *text = signed_range_text(range);
  double bar = MIN(54, width / 2);
  signed_map_draw(cr, x, y + 3, bar, TEXT - 2, ramp, 1, n, 0, 1, 1);
  draw_text(cr, x + bar + 5, y, width - bar - 5, text, &style);
}
