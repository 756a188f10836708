/* Sample sets: resizing against PyTorch and against the definition, and its speed. */
#include "engine/random.h"
#include "engine/sample-set.h"

#include <math.h>
#include <string.h>

static const char *const reference = SOURCE_ROOT "/tests/references/resize.bin";

static void fill(uint8_t *pixels, int n, uint64_t seed) {
  Random random = {seed, RANDOM_DRAWING, 9};
  for (int i = 0; i < n; i++)
    pixels[i] = (uint8_t)random_below(&random, (uint64_t)i, 256);
}

/* Enlarging agrees with torch.nn.functional.interpolate (tests/references/resize.py). */
static void test_enlarge(void) {
  g_autofree char *bytes = NULL;
  gsize size = 0;
  g_assert_true(g_file_get_contents(reference, &bytes, &size, NULL));
  int cases = 0;
  for (const char *at = bytes; at < bytes + size; cases++) {
    gint32 head[5];
    memcpy(head, at, sizeof head);
    at += sizeof head;
    for (int i = 0; i < 5; i++)
      head[i] = GINT32_FROM_LE(head[i]);
    Picture picture = {(const uint8_t *)at, head[2], head[1], head[0]};
    at += head[0] * head[1] * head[2];
    int n = head[0] * head[3] * head[4];
    g_autofree float *planes = g_new(float, n);
    picture_resize(&picture, head[3], head[4], head[0], planes);
    for (int i = 0; i < n; i++, at += sizeof(float)) {
      guint32 word;
      float expected;
      memcpy(&word, at, sizeof word);
      word = GUINT32_FROM_LE(word);
      memcpy(&expected, &word, sizeof word);
      g_assert_cmpfloat(fabsf(planes[i] - expected), <, 1e-6f);
    }
  }
  g_assert_cmpint(cases, ==, 6);
}

/* Share of old pixel j in new pixel i by the definition of each way. */
static double share(int from, int to, int i, int j) {
  if (from > to) {
    double start = (double)i * from / to, end = (double)(i + 1) * from / to;
    return MAX(0, MIN(end, j + 1) - MAX(start, j)) * to / from;
  }
  double place = CLAMP((i + 0.5) * from / to - 0.5, 0, from - 1);
  return MAX(0, 1 - fabs(place - j));
}

/* Any mixture of enlarged, shrunk and equal axes, grey and RGB, against sums over all pixels. */
static void test_definition(void) {
  static const int sizes[][4] = {/* height, width, new height, new width */
                                 {9, 8, 3, 4},    {7, 10, 3, 4},   {10, 4, 7, 9}, {4, 10, 9, 7},
                                 {1, 13, 5, 5},   {13, 1, 4, 1},   {6, 6, 6, 6},  {50, 3, 1, 1},
                                 {31, 17, 8, 16}, {300, 500, 7, 9}};
  for (guint k = 0; k < G_N_ELEMENTS(sizes) * 4; k++) {
    int h = sizes[k / 4][0], w = sizes[k / 4][1], H = sizes[k / 4][2], W = sizes[k / 4][3];
    int from = k & 1 ? 3 : 1, to = k & 2 ? 3 : 1;
    g_autofree uint8_t *pixels = g_malloc((gsize)(h * w * from));
    g_autofree float *planes = g_new(float, to *H *W + 1);
    planes[to * H * W] = -7;
    fill(pixels, h * w * from, k);
    picture_resize(&(Picture){pixels, w, h, from}, H, W, to, planes);
    g_assert_cmpfloat(planes[to * H * W], ==, -7);
    for (int c = 0; c < to; c++)
      for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
          double sum = 0;
          for (int v = 0; v < h; v++)
            for (int u = 0; u < w; u++) {
              const uint8_t *p = pixels + (v * w + u) * from;
              double value = from == 1 ? p[0] : to == 3 ? p[c] : (p[0] + p[1] + p[2]) / 3.0;
              sum += share(h, H, y, v) * share(w, W, x, u) * value / 255;
            }
          g_assert_cmpfloat(fabs(planes[(c * H + y) * W + x] - sum), <, 1e-6);
        }
  }
}

/* The same size gives the same numbers, bit for bit: byte / 255. */
static void test_same_size(void) {
  uint8_t pixels[28 * 28];
  float planes[3 * 28 * 28];
  fill(pixels, sizeof pixels, 1);
  picture_resize(&(Picture){pixels, 28, 28, 1}, 28, 28, 3, planes);
  for (int i = 0; i < 3 * 28 * 28; i++)
    g_assert_cmpfloat(planes[i], ==, (float)pixels[i % (28 * 28)] / 255.0f);
}

/* A large picture takes the path with its own memory. */
static void test_large(void) {
  int w = 3000, h = 2000;
  g_autofree uint8_t *pixels = g_malloc((gsize)(w * h * 3));
  for (int i = 0; i < w * h; i++) {
    pixels[3 * i] = (uint8_t)(i % w < w / 2 ? 0 : 200);
    pixels[3 * i + 1] = 100;
    pixels[3 * i + 2] = (uint8_t)(i / w < h / 2 ? 255 : 0);
  }
  float planes[3 * 2 * 2];
  picture_resize(&(Picture){pixels, w, h, 3}, 2, 2, 3, planes);
  const float expected[] = {0, 200, 0, 200, 100, 100, 100, 100, 255, 255, 0, 0};
  for (int i = 0; i < 12; i++)
    g_assert_cmpfloat(fabsf(planes[i] - expected[i] / 255), <, 5e-5f);
}

static void test_parts(void) {
  g_autoptr(SampleSet) set = sample_set_new("name", "Title");
  const uint8_t *pixels = g_malloc0(4);
  g_ptr_array_add(set->blocks, g_bytes_new_take((gpointer)pixels, 4));
  sample_part_append(&set->test, &(Picture){pixels, 2, 2, 1}, 3);
  g_assert_cmpint(sample_part_size(&set->test), ==, 1);
  g_assert_cmpint(sample_part_size(&set->train), ==, 0);
  g_assert_cmpint(g_array_index(set->test.labels, int, 0), ==, 3);
  g_assert_true(g_array_index(set->test.pictures, Picture, 0).pixels == pixels);
  g_assert_cmpstr(set->title, ==, "Title");
}

/* It is called for each training sample: goal under 10 microseconds for the first row. */
static void test_speed(void) {
  static const int sizes[][4] = {/* side, channels, new side, new channels */
                                 {28, 1, 32, 3},
                                 {32, 3, 32, 3},
                                 {32, 3, 64, 3},
                                 {32, 3, 224, 3},
                                 {640, 3, 224, 3}};
  g_autofree uint8_t *pixels = g_malloc0(640 * 640 * 3);
  g_autofree float *planes = g_new(float, 3 * 224 * 224);
  for (guint k = 0; k < G_N_ELEMENTS(sizes); k++) {
    const int *s = sizes[k];
    int rounds = k < 3 ? 2000 : 50;
    gint64 start = g_get_monotonic_time();
    for (int i = 0; i < rounds; i++)
      picture_resize(&(Picture){pixels, s[0], s[0], s[1]}, s[2], s[2], s[3], planes);
    double microseconds = (double)(g_get_monotonic_time() - start) / rounds;
    g_test_message("%dx%dx%d to %dx%dx%d: %.1f microseconds", s[0], s[0], s[1], s[2], s[2], s[3],
                   microseconds);
    g_assert_cmpfloat(microseconds, <, k < 3 ? 1000 : 100000);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sample-set/enlarge", test_enlarge);
  g_test_add_func("/sample-set/definition", test_definition);
  g_test_add_func("/sample-set/same-size", test_same_size);
  g_test_add_func("/sample-set/large", test_large);
  g_test_add_func("/sample-set/parts", test_parts);
  g_test_add_func("/sample-set/speed", test_speed);
  return g_test_run();
}
