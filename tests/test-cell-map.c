/* The map of the 72 cells on an image surface: where a cell is, what each mark looks like. */
#include "ui/draw/cell-legend.h"
#include "ui/draw/cell-map.h"

#include <stdint.h>

#define WIDTH 400

static uint32_t pixel(cairo_surface_t *surface, double x, double y) {
  cairo_surface_flush(surface);
  const unsigned char *rows = cairo_image_surface_get_data(surface);
  return ((const uint32_t *)(const void *)(rows +
                                           (size_t)y * cairo_image_surface_get_stride(surface)))[(int)x] &
         0xffffff;
}

/* The pixel that Cairo makes of an ink. */
static uint32_t colour(Ink ink) {
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1);
  cairo_t *cr = cairo_create(surface);
  ink_set(cr, ink);
  cairo_paint(cr);
  cairo_destroy(cr);
  uint32_t made = pixel(surface, 0, 0);
  cairo_surface_destroy(surface);
  return made;
}

static cairo_surface_t *drawn(const CellMap *map, const Palette *palette) {
  cairo_surface_t *surface =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, (int)cell_map_height(WIDTH) + 8);
  cairo_t *cr = cairo_create(surface);
  ink_set(cr, palette->background);
  cairo_paint(cr);
  cell_map_draw(cr, WIDTH, map, palette);
  g_assert_cmpint(cairo_status(cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy(cr);
  return surface;
}

/* In a corner of the cell, where no number stands, a bit inside of the rounding. */
static uint32_t ground(cairo_surface_t *surface, int cell) {
  CellMapBox box = cell_map_box(WIDTH, cell);
  return pixel(surface, box.x + 3, box.y + box.height / 2);
}

/* How many pixels of a cell have exactly this colour. */
static int count(cairo_surface_t *surface, int cell, uint32_t wanted) {
  CellMapBox box = cell_map_box(WIDTH, cell);
  int n = 0;
  for (double y = box.y + 1; y < box.y + box.height - 1; y++)
    for (double x = box.x + 1; x < box.x + box.width - 1; x++)
      n += pixel(surface, x, y) == wanted;
  return n;
}

/* Every cell is found under its own middle, rows by format and location, columns by operator and alignment.
 */
static void test_places(void) {
  for (int cell = 0; cell < N_CELLS; cell++) {
    CellMapBox box = cell_map_box(WIDTH, cell);
    g_assert_cmpint(cell_map_at(WIDTH, box.x + box.width / 2, box.y + box.height / 2), ==, cell);
    g_assert_cmpfloat(box.x + box.width, <=, WIDTH);
    g_assert_cmpfloat(box.y + box.height, <=, cell_map_height(WIDTH));
  }
  g_assert_cmpint(cell_map_at(WIDTH, 2, 2), ==, -1);
  CellMapBox first = cell_map_box(WIDTH, 0), right = cell_map_box(WIDTH, 1), below = cell_map_box(WIDTH, 12);
  g_assert_cmpfloat(right.x, >, first.x);
  g_assert_cmpfloat(right.y, ==, first.y);
  g_assert_cmpfloat(below.x, ==, first.x);
  g_assert_cmpfloat(below.y, >, first.y);
}

static void test_marks(void) {
  for (int dark = 0; dark < 2; dark++) {
    Palette palette = palette_builtin(dark, false);
    CellMap map = {.here = 42, .pointed = -1};
    map.impossible[5] = true;
    map.methods[7] = 2;
    cairo_surface_t *surface = drawn(&map, &palette);
    uint32_t back = colour(palette.background), here = colour(palette.mark);
    g_assert_cmphex(ground(surface, 42), ==, here);
    g_assert_cmphex(ground(surface, 7), !=, ground(surface, 8));
    g_assert_cmphex(ground(surface, 8), !=, back);
    g_assert_cmphex(ground(surface, 8), ==, ground(surface, 0));
    g_assert_cmpint(count(surface, 8, back), ==, 0);
    CellMapBox box = cell_map_box(WIDTH, 5);
    int inside = count(surface, 5, back), all = (int)((box.width - 2) * (box.height - 2));
    g_assert_cmpint(inside, >, all / 5); /* hatched: ground between the lines */
    g_assert_cmpint(inside, <, all);
    cairo_surface_destroy(surface);
  }
}

/* Numbers of runs and the frame of the cell pointed at leave ink where there was none. */
static void test_runs_and_pointer(void) {
  Palette palette = palette_builtin(false, false);
  CellMap map = {.here = -1, .pointed = -1};
  cairo_surface_t *plain = drawn(&map, &palette);
  uint32_t fill = ground(plain, 20);
  map.runs[20] = 8;
  cairo_surface_t *numbered = drawn(&map, &palette);
  g_assert_cmpint(count(numbered, 20, fill), <, count(plain, 20, fill));
  g_assert_cmpint(count(numbered, 21, fill), ==, count(plain, 21, fill));
  map.runs[20] = 0;
  map.pointed = 20;
  cairo_surface_t *pointed = drawn(&map, &palette);
  CellMapBox box = cell_map_box(WIDTH, 20);
  int framed = 0;
  for (double x = box.x; x < box.x + box.width; x++)
    for (double y = box.y - 3; y < box.y + 1; y++)
      framed += pixel(pointed, x, y) != pixel(plain, x, y);
  g_assert_cmpint(framed, >, 5);
  cairo_surface_destroy(plain);
  cairo_surface_destroy(numbered);
  cairo_surface_destroy(pointed);
}

/* The legend's marks are those of the map, in two columns where there is room. */
static void test_legend(void) {
  Palette palette = palette_builtin(false, false);
  g_assert_cmpfloat(cell_legend_height(260), <, cell_legend_height(150));
  cairo_surface_t *surface =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, 260, (int)cell_legend_height(260) + 1);
  cairo_t *cr = cairo_create(surface);
  ink_set(cr, palette.background);
  cairo_paint(cr);
  cell_legend_draw(cr, 260, &palette);
  cairo_destroy(cr);
  g_assert_cmphex(pixel(surface, 8, 8), ==, colour(palette.mark));
  g_assert_cmphex(pixel(surface, 138, 8), ==, colour(ink_mix(palette.accent, palette.background, 0.45)));
  g_assert_cmphex(pixel(surface, 8, 25), ==, colour(ink_mix(palette.text, palette.background, 0.84)));
  cairo_surface_destroy(surface);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/cell-map/places", test_places);
  g_test_add_func("/cell-map/marks", test_marks);
  g_test_add_func("/cell-map/runs-and-pointer", test_runs_and_pointer);
  g_test_add_func("/cell-map/legend", test_legend);
  return g_test_run();
}
