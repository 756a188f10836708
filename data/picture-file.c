#include "data/picture-file.h"

#include "data/input-file.h"
#include "engine/error.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#define MOST_FILE_BYTES (512u << 20)

/* PNG: the chunks lead to IEND (length, type, data, checksum each). */
static bool png_is_whole(const uint8_t *data, size_t size) {
  for (size_t at = 8; size - at >= 12;) {
    guint32 length;
    memcpy(&length, data + at, 4);
    length = GUINT32_FROM_BE(length);
    if (length > size - at - 12)
      return false;
    if (memcmp(data + at + 4, "IEND", 4) == 0)
      return true;
    at += 12 + (size_t)length;
  }
  return false;
}

/* JPEG: the end marker stands behind the last scan.  It cannot occur inside one: there 0 follows 0xff. */
static bool jpeg_is_whole(const uint8_t *data, size_t size) {
  for (size_t at = size - 1; at >= 2; at--) {
    if (data[at - 1] == 0xff && data[at] == 0xd9)
      return true;
    if (data[at - 1] == 0xff && data[at] == 0xda)
      return false;
  }
  return false;
}

static const struct {
  const char *type; /* gdk-pixbuf's name */
  const char *title;
  const char *signature;
  gsize length;
  bool (*is_whole)(const uint8_t *data, size_t size);
} formats[] = {
    {"png", "PNG", "\x89PNG\r\n\x1a\n", 8, png_is_whole},
    {"jpeg", "JPEG", "\xff\xd8\xff", 3, jpeg_is_whole},
};

typedef struct {
  int width, height;
} Size;

/* A size of nought makes gdk-pixbuf give up before it allocates the picture. */
static void look_at_size(GdkPixbufLoader *loader, int width, int height, gpointer data) {
  *(Size *)data = (Size){width, height};
  if ((gint64)width * height > PICTURE_MOST_PIXELS)
    gdk_pixbuf_loader_set_size(loader, 0, 0);
}

/* Blends onto black and drops the padding of rows. */
static GBytes *take_pixels(const GdkPixbuf *pixbuf, Picture *picture) {
  int width = gdk_pixbuf_get_width(pixbuf), height = gdk_pixbuf_get_height(pixbuf);
  int from = gdk_pixbuf_get_n_channels(pixbuf);
  gsize count = (gsize)width * (gsize)height, stride = (gsize)gdk_pixbuf_get_rowstride(pixbuf);
  uint8_t *pixels = g_malloc(count * 3), *to = pixels, colour = 0;
  for (int y = 0; y < height; y++) {
    const uint8_t *p = gdk_pixbuf_read_pixels(pixbuf) + (gsize)y * stride;
    for (int x = 0; x < width; x++, p += from, to += 3) {
      int alpha = from == 4 ? p[3] : 255;
      for (int c = 0; c < 3; c++)
        to[c] = (uint8_t)((p[c] * alpha + 127) / 255);
      colour |= (to[0] ^ to[1]) | (to[0] ^ to[2]);
    }
  }
  *picture = (Picture){.width = width, .height = height, .channels = colour ? 3 : 1};
  if (!colour) {
    for (gsize i = 0; i < count; i++)
      pixels[i] = pixels[3 * i];
    pixels = g_realloc(pixels, count);
  }
  picture->pixels = pixels;
  return g_bytes_new_take(pixels, count * (gsize)picture->channels);
}

GBytes *picture_decode(const uint8_t *data, size_t size, const char *where, Picture *picture,
                       GError **error) {
  guint k = 0;
  while (k < G_N_ELEMENTS(formats) &&
         (size < formats[k].length || memcmp(data, formats[k].signature, formats[k].length) != 0))
    k++;
  if (k == G_N_ELEMENTS(formats)) {
    input_error(error, "%s is not a PNG or JPEG picture; convert it to one of these", where);
    return NULL;
  }
  const char *title = formats[k].title;
  if (!formats[k].is_whole(data, size)) {
    input_error(error, "the %s picture %s ends early; fetch it again or take it away", title, where);
    return NULL;
  }
  g_autoptr(GError) problem = NULL;
  g_autoptr(GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type(formats[k].type, &problem);
  if (!loader) {
    input_error(error, "gdk-pixbuf cannot read %s pictures here: %s; install libgdk-pixbuf-2.0-0 again",
                title, problem->message);
    return NULL;
  }
  Size announced = {0, 0};
  g_signal_connect(loader, "size-prepared", G_CALLBACK(look_at_size), &announced);
  bool written = gdk_pixbuf_loader_write(loader, data, size, &problem);
  bool done = gdk_pixbuf_loader_close(loader, written ? &problem : NULL) && written;
  if ((gint64)announced.width * announced.height > PICTURE_MOST_PIXELS) {
    input_error(error, "the %s picture %s has %d x %d pixels, more than 64 million; make it smaller", title,
                where, announced.width, announced.height);
    return NULL;
  }
  GdkPixbuf *decoded = done ? gdk_pixbuf_loader_get_pixbuf(loader) : NULL;
  if (!decoded) {
    input_error(error, "the %s picture %s is damaged (%s); fetch it again or take it away", title, where,
                problem ? problem->message : "nothing in it could be decoded");
    return NULL;
  }
  g_autoptr(GdkPixbuf) upright = gdk_pixbuf_apply_embedded_orientation(decoded);
  return take_pixels(upright, picture);
}

GBytes *picture_read(const char *path, Picture *picture, GError **error) {
  g_autoptr(GBytes) bytes = input_file_read(path, MOST_FILE_BYTES, error);
  if (!bytes)
    return NULL;
  gsize size = 0;
  const uint8_t *data = g_bytes_get_data(bytes, &size);
  return picture_decode(data, size, path, picture, error);
}

bool picture_file_name(const char *name) {
  static const char *const ends[] = {".png", ".jpg", ".jpeg"};
  g_autofree char *lower = g_ascii_strdown(name, -1);
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
    if (g_str_has_suffix(lower, ends[i]))
      return true;
  return false;
}
