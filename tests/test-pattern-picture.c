/* The drawing of a pattern: pixels for numbers, the range, the words below. */
#include "ui/draw/pattern-picture.h"

#include <math.h>
#include <stdint.h>

static uint32_t pixel(cairo_surface_t *surface, int x, int y) {
  const unsigned char *rows = cairo_image_surface_get_data(surface);
  return ((const uint32_t *)(const void *)(rows + (size_t)y * cairo_image_surface_get_stride(surface)))[x] &
         0xffffff;
}

/* Three channels, 2 x 2: red, neutral, the hole, and a faint blue. */
static void test_image(void) {
  const float numbers[] = {0.75, 0.5, 0, 0.5, 0.25, 0.5, 0, 0.5, 0.25, 0.5, 0, 0.625};
  const float mask[] = {1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1};
  PatternNumbers picture = {
      .numbers = numbers, .channels = 3, .height = 2, .width = 2, .mask = mask, .neutral = 0.5};
  PatternRange range = pattern_range(&picture);
  g_assert_cmpfloat(range.factor, ==, 2);
  g_assert_cmpfloat(range.clipped, ==, 0);
  cairo_surface_t *image = pattern_image(&picture, range);
  g_assert_cmphex(pixel(image, 0, 0), ==, 0xff0000);
  g_assert_cmphex(pixel(image, 1, 0), ==, 0x808080);
  g_assert_cmphex(pixel(image, 0, 1), ==, 0x808080);
  g_assert_cmphex(pixel(image, 1, 1), ==, 0x8080bf);
  cairo_surface_destroy(image);
}

/* 1000 faint numbers and 4 large ones: the percentile decides, the large ones are clipped and counted. */
static void test_clipping(void) {
  float numbers[1000];
  for (int i = 0; i < 1000; i++)
    numbers[i] = i < 4 ? 7 : 0.01f;
  PatternNumbers picture = {.numbers = numbers, .channels = 1, .height = 10, .width = 100};
  PatternRange range = pattern_range(&picture);
  g_assert_cmpfloat_with_epsilon(range.factor, 50, 1e-4);
  g_assert_cmpfloat_with_epsilon(range.clipped, 0.004, 1e-9);
  g_autofree char *text = pattern_range_text(range);
  g_assert_cmpstr(text, ==, "×50 around grey, 0.4 % clipped");
}

static void test_edges(void) {
  const float silent[] = {0.5, 0.5}, broken[] = {NAN, INFINITY}, lonely[300] = {[7] = -0.25f};
  PatternNumbers picture = {.numbers = silent, .channels = 1, .height = 1, .width = 2, .neutral = 0.5};
  g_assert_cmpfloat(pattern_range(&picture).factor, ==, 1);
  picture.numbers = broken;
  PatternRange range = pattern_range(&picture);
  g_assert_cmpfloat(range.factor, ==, 1);
  cairo_surface_t *image = pattern_image(&picture, range);
  g_assert_cmphex(pixel(image, 0, 0), ==, 0x808080);
  cairo_surface_destroy(image);
  picture = (PatternNumbers){.numbers = lonely, .channels = 3, .height = 10, .width = 10};
  g_assert_cmpfloat(pattern_range(&picture).factor, ==, 2);
}

/* Nearest neighbour on whole pixels, and ink for each text. */
static void test_drawing(void) {
  float numbers[64 * 64];
  for (int i = 0; i < 64 * 64; i++)
    numbers[i] = (i + i / 64) % 2 ? 1.0f : -1.0f;
  PatternPicture picture = {{.numbers = numbers, .channels = 1, .height = 64, .width = 64}};
  int inks[2];
  for (int titled = 0; titled < 2; titled++) {
    picture.title = titled ? "Border" : "";
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 300, 340);
    cairo_t *cr = cairo_create(surface);
    pattern_picture_draw(cr, 300, 340, &picture);
    g_assert_cmpint(cairo_status(cr), ==, CAIRO_STATUS_SUCCESS);
    cairo_destroy(cr);
    int mixed = 0;
    inks[titled] = 0;
    for (int y = 120; y < 160; y++)
      for (int x = 60; x < 240; x++)
        mixed += pixel(surface, x, y) != 0 && pixel(surface, x, y) != 0xffffff;
    g_assert_cmpint(mixed, ==, 0);
    for (int y = 0; y < 36; y++)
      for (int x = 0; x < 300; x++)
        inks[titled] += pixel(surface, x, y) != pixel(surface, 0, 0);
    cairo_surface_destroy(surface);
  }
  g_assert_cmpint(inks[1], >, inks[0]);
}

static void test_png(void) {
  const float numbers[3 * 5 * 7] = {1, 2, 3};
  PatternPicture picture = {
      {.numbers = numbers, .channels = 3, .height = 5, .width = 7}, .subtitle = "odd", .dark = true};
  g_autoptr(GBytes) png = pattern_picture_png(&picture, NULL);
  g_assert_nonnull(png);
  g_assert_cmpmem(g_bytes_get_data(png, NULL), 8, "\x89PNG\r\n\x1a\n", 8);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/pattern-picture/image", test_image);
  g_test_add_func("/pattern-picture/clipping", test_clipping);
  g_test_add_func("/pattern-picture/edges", test_edges);
  g_test_add_func("/pattern-picture/drawing", test_drawing);
  g_test_add_func("/pattern-picture/png", test_png);
  return g_test_run();
}
