/* Patterns inside f as they are drawn: maps of tokens, mosaics of channels; what stands where, in words, and
 * reference pictures. */
#include "tests/support/drawn.h"
#include "ui/draw/channel-mosaic.h"
#include "ui/draw/signed-map.h"
#include "ui/draw/token-map.h"
#include "ui/draw/token-text.h"

#include <string.h>

#define TOKENS   5
#define CHANNELS 24

/* Token 2 is the strongest, and above zero in its first half. */
static void fill_tokens(float *numbers) {
  for (int t = 0; t < TOKENS; t++)
    for (int c = 0; c < CHANNELS; c++)
      numbers[t * CHANNELS + c] = (t == 1 ? 1.f : 0.2f) * (c < CHANNELS / 2 ? 1 : -1) * (1 + (t + c) % 3) / 3;
}

static TokenLook looks[TOKENS] = {{"once", 0.41, 0.93},
                                  {"upon", -0.05, 0.5},
                                  {NULL, NAN, NAN},
                                  {"a long word that has no room", 0.3, 1},
                                  {"time", 0.2, NAN}};

static void test_tokens(void) {
  float numbers[TOKENS * CHANNELS];
  fill_tokens(numbers);
  for (int dark = 0; dark < 2; dark++) {
    Palette palette = palette_builtin(dark, false);
    TokenMapPlot plot = {&palette, numbers, TOKENS, CHANNELS, looks, "embedding"};
    cairo_surface_t *surface = drawn(300, 180, draw_token_map, &plot, &palette);
    int token = -1, channel = -1;
    g_assert_true(token_map_at(300, 180, &plot, 23, 20, &token, &channel));
    g_assert_cmpint(token, ==, 0);
    g_assert_cmpint(channel, ==, 0);
    g_assert_false(token_map_at(300, 180, &plot, 299, 20, &token, &channel)); /* names */
    /* What the names do not need is the map's. */
    g_assert_true(token_map_at(900, 180, &plot, 700, 20, &token, &channel));
    g_assert_false(token_map_at(900, 180, &plot, 760, 20, &token, &channel));
    g_assert_true(token_map_at(200, 180, &plot, 80, 20, &token, &channel));
    g_assert_false(token_map_at(300, 180, &plot, 30, 2, &token, &channel));
    /* Orange left, blue right; the second row more than the first. */
    int x = 0, y[2] = {0, 0};
    for (int row = 0; row < 2; row++)
      for (int down = 0; down < 180 && !y[row]; down++)
        if (token_map_at(300, 180, &plot, 40, down, &token, &channel) && token == row)
          y[row] = down + 8;
    while (token_map_at(300, 180, &plot, x = x < 23 ? 23 : x + 1, y[0], &token, &channel) &&
           channel < CHANNELS - 1)
      ;
    uint32_t left = pixel(surface, 28, y[1]), right = pixel(surface, x - 4, y[1]),
             weak = pixel(surface, 28, y[0]);
    g_assert_cmpint((int)(left >> 16) - (int)(left & 255), >, 60);
    g_assert_cmpint((int)(right & 255) - (int)(right >> 16), >, 60);
    g_assert_cmpint((int)(weak >> 16) - (int)(weak & 255), <, 60);
    compare_with_reference(surface, dark ? "token-map-dark" : "token-map");
    cairo_surface_destroy(surface);
  }
}

/* Ten rows in a low pane: each has its number. */
static void test_low_tokens(void) {
  enum { N = 10, HEIGHT = 130 };
  float numbers[N * CHANNELS] = {0};
  TokenLook many[N];
  for (int t = 0; t < N; t++)
    many[t] = looks[t % TOKENS];
  Palette palette = palette_builtin(false, false);
  TokenMapPlot plot = {&palette, numbers, N, CHANNELS, many, "embedding"};
  cairo_surface_t *surface = drawn(300, HEIGHT, draw_token_map, &plot, &palette);
  int inked[N] = {0}, token, channel;
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < 18 && token_map_at(300, HEIGHT, &plot, 30, y, &token, &channel); x++)
      inked[token] += distance(pixel(surface, x, y), ink_pixel(palette.background)) > 25;
  for (int t = 0; t < N; t++)
    g_assert_cmpint(inked[t], >, 2);
  cairo_surface_destroy(surface);
}

static void test_token_words(void) {
  float numbers[TOKENS * CHANNELS];
  fill_tokens(numbers);
  Palette palette = palette_builtin(false, false);
  TokenMapPlot plot = {&palette, numbers, TOKENS, CHANNELS, looks, NULL};
  g_autofree char *words = token_map_words(&plot);
  g_assert_nonnull(strstr(words, "5 tokens of 24 channels"));
  g_assert_nonnull(strstr(words, "token 1 is nearest to once, cosine 0.41, to its start 0.93"));
  g_assert_nonnull(strstr(words, "token 5 is nearest to time, cosine 0.20"));
  plot.looks = NULL;
  g_autofree char *fewer = token_map_words(&plot);
  g_assert_cmpstr(fewer, ==, "5 tokens of 24 channels");
}

/* No tokens, more tokens than pixels, numbers that are none, no room. */
static void test_odd_tokens(void) {
  Palette palette = palette_builtin(false, false);
  g_autofree float *many = g_new(float, 4096 * 3);
  for (int i = 0; i < 4096 * 3; i++)
    many[i] = i % 5 == 0 ? NAN : (float)(i % 7 - 3);
  TokenMapPlot plot = {&palette, many, 4096, 3, NULL, NULL};
  const int sizes[][2] = {{300, 180}, {60, 40}, {20, 10}, {1200, 900}};
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
    cairo_surface_destroy(drawn(sizes[i][0], sizes[i][1], draw_token_map, &plot, &palette));
    TokenMapPlot none = {&palette, many, 0, 3, looks, "empty"};
    cairo_surface_destroy(drawn(sizes[i][0], sizes[i][1], draw_token_map, &none, &palette));
  }
}

static void fill_channels(float *numbers, int n, int side) {
  memset(numbers, 0, sizeof(float) * (size_t)(n * side * side));
  for (int c = 0; c < n; c++)
    for (int i = 0; i < side * side; i++)
      numbers[c * side * side + i] = (float)(c + 1) / (float)n * (i % side < c % side ? 1 : -1);
}

static void test_mosaic(void) {
  float numbers[12 * 16];
  fill_channels(numbers, 12, 4);
  for (int dark = 0; dark < 2; dark++) {
    Palette palette = palette_builtin(dark, false);
    ChannelMosaicPlot plot = {&palette, numbers, 12, 4, 4, 3, "block2, 12 channels of 4×4"};
    cairo_surface_t *surface = drawn(220, 180, draw_channel_mosaic, &plot, &palette);
    g_assert_cmpint(channel_mosaic_at(220, 180, &plot, 3, 20), ==, 0);
    g_assert_cmpint(channel_mosaic_at(220, 180, &plot, 3, 2), ==, -1);
    g_assert_cmpint(channel_mosaic_at(220, 180, &plot, 219, 179), ==, -1);
    g_assert_cmpint(count_ink(surface, palette.mark, 0, 0, 220, 180), >, 40); /* the fourth is outlined */
    compare_with_reference(surface, dark ? "channel-mosaic-dark" : "channel-mosaic");
    cairo_surface_destroy(surface);
  }
}

static void test_mosaic_words(void) {
  float numbers[12 * 16];
  fill_channels(numbers, 12, 4);
  Palette palette = palette_builtin(false, false);
  ChannelMosaicPlot plot = {&palette, numbers, 12, 4, 4, -1, NULL};
  int channels[3];
  double norms[3];
  g_assert_cmpint(channel_mosaic_strongest(&plot, 3, channels, norms), ==, 3);
  g_assert_cmpint(channels[0], ==, 11);
  g_assert_cmpint(channels[2], ==, 9);
  g_assert_cmpfloat(fabs(norms[0] - 4), <, 1e-6);
  g_autofree char *words = channel_mosaic_words(&plot);
  g_assert_cmpstr(
      words, ==,
      "12 channels of 4×4; strongest channel 12 (norm 4), channel 11 (norm 3.7), channel 10 (norm 3.3)");
  memset(numbers, 0, sizeof numbers);
  g_autofree char *nothing = channel_mosaic_words(&plot);
  g_assert_cmpstr(nothing, ==, "12 channels of 4×4; all zero");
}

/* More channels than there is room for: some are shown. */
static void test_odd_mosaics(void) {
  Palette palette = palette_builtin(false, false);
  g_autofree float *many = g_new0(float, 20000);
  many[77] = NAN;
  ChannelMosaicPlot plot = {&palette, many, 20000, 1, 1, -1, "many"};
  const int sizes[][2] = {{300, 180}, {60, 40}, {20, 10}, {900, 700}};
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
    cairo_surface_destroy(drawn(sizes[i][0], sizes[i][1], draw_channel_mosaic, &plot, &palette));
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 300, 180);
  cairo_t *cr = cairo_create(surface);
  int shown = channel_mosaic_draw(cr, 300, 180, &plot);
  g_assert_cmpint(shown, >, 100);
  g_assert_cmpint(shown, <, 20000);
  plot.n_channels = 90;
  g_assert_cmpint(channel_mosaic_draw(cr, 300, 180, &plot), ==, 90);
  cairo_destroy(cr);
  cairo_surface_destroy(surface);
}

/* How many pixels are of the mark's colour: the boxes' edges. */
static int count_marks(cairo_surface_t *surface, int width, int height, const Palette *palette) {
  int n = 0;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      n += distance(pixel(surface, x, y), ink_pixel(palette->mark)) < 12;
  return n;
}

/* The rows of the prompt stand in boxes in front of the text, in the colours of the theme. */
static void test_text(void) {
  for (int dark = 0; dark < 2; dark++) {
    Palette palette = palette_builtin(dark, false);
    TokenText with = {&palette, "Once upon a time\nthere was a fox.", 3}, without = with;
    without.prompt = 0;
    cairo_surface_t *surface = drawn(180, 120, draw_token_text, &with, &palette),
                    *plain = drawn(180, 120, draw_token_text, &without, &palette);
    g_assert_cmpint(count_marks(surface, 180, 120, &palette), >, 100);
    g_assert_cmpint(count_marks(plain, 180, 120, &palette), ==, 0);
    compare_with_reference(surface, dark ? "token-text-dark" : "token-text");
    cairo_surface_destroy(surface);
    cairo_surface_destroy(plain);
  }
  Palette palette = palette_builtin(false, false);
  g_autofree char *endless = g_strnfill(5000, 'w');
  TokenText odd[] = {{&palette, "", 0}, {&palette, "", 4096}, {&palette, endless, 13}};
  for (guint i = 0; i < G_N_ELEMENTS(odd); i++)
    for (int size = 60; size < 300; size += 60)
      cairo_surface_destroy(drawn(size, size / 2, draw_token_text, &odd[i], &palette));
  g_autofree char *words = token_text_words(&(TokenText){NULL, "once", 3}),
                  *plain = token_text_words(&(TokenText){NULL, "once", 0});
  g_assert_cmpstr(words, ==, "δ1 to δ3, then: once");
  g_assert_cmpstr(plain, ==, "once");
}

static void test_range(void) {
  const float numbers[] = {0, -3, 1, NAN, INFINITY, 2};
  g_assert_cmpfloat(signed_range(numbers, 6), ==, 2); /* of four: the third */
  g_assert_cmpfloat(signed_range(numbers, 2), ==, 3); /* hardly anything but zeros: the largest */
  g_assert_cmpfloat(signed_range(numbers, 1), ==, 0);
  g_assert_cmpfloat(signed_range(numbers + 3, 2), ==, 0);
  g_autofree char *text = signed_range_text(0.0123);
  g_assert_cmpstr(text, ==, "±0.012");
}

int main(int argc, char **argv) {
  (g_test_init)(&argc, &argv, NULL);
  g_test_add_func("/inside-draw/range", test_range);
  g_test_add_func("/inside-draw/tokens", test_tokens);
  g_test_add_func("/inside-draw/low-tokens", test_low_tokens);
  g_test_add_func("/inside-draw/token-words", test_token_words);
  g_test_add_func("/inside-draw/odd-tokens", test_odd_tokens);
  g_test_add_func("/inside-draw/mosaic", test_mosaic);
  g_test_add_func("/inside-draw/mosaic-words", test_mosaic_words);
  g_test_add_func("/inside-draw/odd-mosaics", test_odd_mosaics);
  g_test_add_func("/inside-draw/text", test_text);
  return g_test_run();
}
