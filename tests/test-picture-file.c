/* PNG and JPEG files: pixels, transparency, and files that are cut, damaged, huge or something else. */
#include "data/picture-file.h"
#include "engine/error.h"
#include "engine/random.h"
#include "tests/temporary-folder.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>
#include <sys/stat.h>

/* A picture of width x height with 1 (grey), 3 or 4 channels, packed.  pixels[channels * i + c] are the
 * originals. */
static GBytes *encode(const char *type, int width, int height, int channels, const uint8_t *pixels) {
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new(GDK_COLORSPACE_RGB, channels == 4, 8, width, height);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int c = 0; c < MAX(channels, 3); c++)
        gdk_pixbuf_get_pixels(pixbuf)[y * gdk_pixbuf_get_rowstride(pixbuf) + x * MAX(channels, 3) + c] =
            pixels[(y * width + x) * channels + MIN(c, channels - 1)];
  char *bytes = NULL;
  gsize size = 0;
  g_assert_true(gdk_pixbuf_save_to_buffer(pixbuf, &bytes, &size, type, NULL, NULL));
  return g_bytes_new_take(bytes, size);
}

static void fill(uint8_t *pixels, int n) {
  Random random = {3, RANDOM_DRAWING, 9};
  for (int i = 0; i < n; i++)
    pixels[i] = (uint8_t)random_below(&random, (uint64_t)i, 256);
}

static GBytes *decode(GBytes *file, Picture *picture, GError **error) {
  gsize size = 0;
  const uint8_t *data = g_bytes_get_data(file, &size);
  return picture_decode(data, size, "the file", picture, error);
}

/* One line that says what to do. */
static void assert_sentence(const GError *error, const char *part) {
  g_assert_error(error, HOARFROST_ERROR, HOARFROST_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, part));
  g_assert_null(strchr(error->message, '\n'));
  g_assert_nonnull(strstr(error->message, "; ")); /* what to do */
}

static void test_png(void) {
  enum { W = 7, H = 5 };
  uint8_t pixels[W * H * 4];
  fill(pixels, sizeof pixels);
  for (int channels = 1; channels <= 4; channels++) {
    if (channels == 2)
      continue;
    g_autoptr(GBytes) file = encode("png", W, H, channels, pixels);
    Picture picture;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = decode(file, &picture, &error);
    g_assert_no_error(error);
    g_assert_cmpint(picture.width, ==, W);
    g_assert_cmpint(picture.height, ==, H);
    g_assert_cmpint(picture.channels, ==, channels == 1 ? 1 : 3);
    g_assert_cmpint(g_bytes_get_size(bytes), ==, W * H * picture.channels);
    for (int i = 0; i < W * H; i++)
      for (int c = 0; c < picture.channels; c++) {
        int alpha = channels == 4 ? pixels[4 * i + 3] : 255;
        int expected = (pixels[channels * i + c] * alpha * 2 + 255) / 510; /* rounded, onto black */
        g_assert_cmpint(picture.pixels[picture.channels * i + c], ==, expected);
      }
  }
}

static void test_jpeg(void) {
  enum { W = 40, H = 24 };
  uint8_t pixels[W * H * 3];
  for (int i = 0; i < W * H * 3; i++)
    pixels[i] = (uint8_t)(i / 3 % W * 5 + i % 3 * 20);
  g_autoptr(GBytes) file = encode("jpeg", W, H, 3, pixels);
  Picture picture;
  g_autoptr(GBytes) bytes = decode(file, &picture, NULL);
  g_assert_nonnull(bytes);
  g_assert_cmpint(picture.width, ==, W);
  g_assert_cmpint(picture.channels, ==, 3);
  for (int i = 0; i < W * H * 3; i++)
    g_assert_cmpint(ABS(picture.pixels[i] - pixels[i]), <, 30);
}

/* Cut anywhere, both kinds are refused. */
static void test_cut(void) {
  static const char *const types[] = {"png", "jpeg"};
  uint8_t pixels[16 * 16 * 3];
  fill(pixels, sizeof pixels);
  for (int k = 0; k < 2; k++) {
    g_autoptr(GBytes) file = encode(types[k], 16, 16, 3, pixels);
    for (gsize size = 0; size < g_bytes_get_size(file); size += 1 + size / 40) {
      g_autoptr(GBytes) part = g_bytes_new_from_bytes(file, 0, size);
      g_autoptr(GError) error = NULL;
      Picture picture;
      g_assert_null(decode(part, &picture, &error));
      assert_sentence(error, "the file");
    }
  }
}

/* Flipped bits give a picture of some kind or a sentence, nothing else; PNG has checksums and notices all of
 * them. */
static void test_flipped(void) {
  static const char *const types[] = {"png", "jpeg"};
  uint8_t pixels[16 * 16 * 3];
  fill(pixels, sizeof pixels);
  for (int k = 0; k < 2; k++) {
    g_autoptr(GBytes) file = encode(types[k], 16, 16, 3, pixels);
    gsize size = 0;
    const uint8_t *data = g_bytes_get_data(file, &size);
    int refused = 0, rounds = 200;
    for (int i = 0; i < rounds; i++) {
      g_autofree uint8_t *copy = g_memdup2(data, size);
      Random random = {(uint64_t)i, RANDOM_DRAWING, 8};
      /* Not in the IEND chunk, where the checksum does not matter. */
      copy[random_below(&random, 0, (uint32_t)size - 12)] ^= (uint8_t)(1 << random_below(&random, 1, 8));
      g_autoptr(GError) error = NULL;
      Picture picture;
      g_autoptr(GBytes) bytes = picture_decode(copy, size, "the file", &picture, &error);
      g_assert_true((bytes == NULL) == (error != NULL));
      if (error)
        assert_sentence(error, "the file");
      refused += !bytes;
    }
    g_assert_cmpint(refused, >=, k == 0 ? rounds * 9 / 10 : 1);
  }
}

/* CRC-32 of PNG, bit by bit. */
static guint32 checksum(const uint8_t *bytes, gsize n) {
  guint32 sum = 0xffffffff;
  for (gsize i = 0; i < n * 8; i++) {
    guint32 bit = ((sum ^ (guint32)(bytes[i / 8] >> (i % 8))) & 1);
    sum = sum >> 1 ^ (bit ? 0xedb88320 : 0);
  }
  return ~sum;
}

static void put(uint8_t *at, guint32 number) {
  number = GUINT32_TO_BE(number);
  memcpy(at, &number, 4);
}

/* The most address space that the process ever had, in MiB. */
static int peak(void) {
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents("/proc/self/status", &text, NULL, NULL));
  return (int)(g_ascii_strtoull(strstr(text, "VmPeak:") + 7, NULL, 10) >> 10);
}

/* A small file whose header says that it is 40000 x 40000 large is refused by its header, before 4.8 GB are
 * asked for. */
static void test_huge(void) {
  int before = peak();
  uint8_t pixels[16 * 16 * 3] = {0};
  g_autoptr(GBytes) png = encode("png", 16, 16, 3, pixels), jpeg = encode("jpeg", 16, 16, 3, pixels);
  gsize size = 0;
  g_autofree uint8_t *copy = g_memdup2(g_bytes_get_data(png, &size), g_bytes_get_size(png));
  put(copy + 16, 40000);
  put(copy + 20, 40000);
  put(copy + 29, checksum(copy + 12, 17));
  Picture picture;
  g_autoptr(GError) error = NULL;
  g_assert_null(picture_decode(copy, size, "the file", &picture, &error));
  assert_sentence(error, "40000 x 40000");
  g_clear_error(&error);

  g_autofree uint8_t *other = g_memdup2(g_bytes_get_data(jpeg, &size), g_bytes_get_size(jpeg));
  gsize at = 2;
  while (other[at + 1] != 0xc0) /* the segments up to the frame header */
    at += 2 + ((gsize)other[at + 2] << 8 | other[at + 3]);
  for (int i = 0; i < 2; i++) {
    other[at + 5 + 2 * i] = 40000 >> 8;
    other[at + 6 + 2 * i] = 40000 & 255;
  }
  g_assert_null(picture_decode(other, size, "the file", &picture, &error));
  assert_sentence(error, "40000 x 40000");
  g_assert_cmpint(peak() - before, <, 1000);
}

static void test_files(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  uint8_t pixels[4] = {1, 2, 3, 4};
  g_autoptr(GBytes) file = encode("png", 2, 2, 1, pixels);
  gsize size = 0;
  const void *data = g_bytes_get_data(file, &size);
  Picture picture;
  /* The bytes decide, not the name. */
  g_autofree char *good = folder_write(folder, "a.jpeg", data, size);
  g_autoptr(GBytes) bytes = picture_read(good, &picture, NULL);
  g_assert_nonnull(bytes);
  g_assert_cmpmem(picture.pixels, 4, pixels, 4);

  g_autofree char *text = folder_write(folder, "text.png", "Not a picture.", 14);
  g_autofree char *empty = folder_write(folder, "empty.png", "", 0);
  g_autofree char *pipe = g_build_filename(folder, "pipe.png", NULL);
  g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
  g_autofree char *missing = g_build_filename(folder, "missing.png", NULL);
  const char *const bad[][2] = {{text, "is not a PNG or JPEG"},
                                {empty, "is not a PNG or JPEG"},
                                {pipe, "is not a file but"},
                                {folder, "is not a file but"},
                                {missing, "cannot open"}};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(picture_read(bad[i][0], &picture, &error));
    assert_sentence(error, bad[i][1]);
    g_assert_nonnull(strstr(error->message, bad[i][0]));
  }
  g_assert_true(picture_file_name("A.JPG") && picture_file_name("b.jpeg") && picture_file_name("c.png"));
  g_assert_false(picture_file_name("png") || picture_file_name("c.png.txt"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/picture-file/png", test_png);
  g_test_add_func("/picture-file/jpeg", test_jpeg);
  g_test_add_func("/picture-file/cut", test_cut);
  g_test_add_func("/picture-file/flipped", test_flipped);
  g_test_add_func("/picture-file/huge", test_huge);
  g_test_add_func("/picture-file/files", test_files);
  return g_test_run();
}
