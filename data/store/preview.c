#include "data/store/preview.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>

#define MOST_PIXELS ((gint64)1 << 24)

/* value * factor + shift is the pixel in 0..1. */
typedef struct {
  double factor, shift;
} Scale;

static Scale find_scale(const float *numbers, gint64 count, double neutral) {
  if (neutral != 0)
    return (Scale){1, 0};
  double largest = 0;
  for (gint64 i = 0; i < count; i++)
    if (isfinite(numbers[i]))
      largest = fmax(largest, fabs(numbers[i]));
  return (Scale){largest > 0 ? 0.5 / largest : 0, 0.5};
}

static guint8 pixel(float number, Scale scale) {
  double value = isfinite(number) ? number * scale.factor + scale.shift : 0;
  return (guint8)lrint(CLAMP(value, 0, 1) * 255);
}

static GdkPixbuf *draw(const float *planes, int channels, int height, int width, Scale scale, bool bgr) {
  GdkPixbuf *picture = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  if (!picture)
    return NULL;
  guint8 *pixels = gdk_pixbuf_get_pixels(picture);
  int stride = gdk_pixbuf_get_rowstride(picture);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int c = 0; c < 3; c++) {
        int plane = channels == 1 ? 0 : bgr ? 2 - c : c;
        pixels[y * stride + x * 3 + c] = pixel(planes[((gsize)plane * height + y) * width + x], scale);
      }
  return picture;
}

GBytes *preview_new(const Tensor *pattern, double neutral, bool bgr) {
  const Shape *shape = &pattern->shape;
  gint64 channels = shape->rank == 3 ? shape->dim[0] : 1, count = shape_count(shape);
  if (shape->rank < 2 || shape->rank > 3 || (channels != 1 && channels != 3) || count == 0 ||
      count > MOST_PIXELS || pattern->type != TENSOR_FLOAT32)
    return NULL;
  int height = (int)shape->dim[shape->rank - 2], width = (int)shape->dim[shape->rank - 1];
  const float *planes = tensor_floats(pattern);
  g_autoptr(GdkPixbuf) whole =
      draw(planes, (int)channels, height, width, find_scale(planes, count, neutral), bgr);
  if (!whole)
    return NULL;
  double shrink = fmin(1, (double)PREVIEW_EDGE / MAX(height, width));
  g_autoptr(GdkPixbuf) small = gdk_pixbuf_scale_simple(whole, MAX(1, (int)(width * shrink)),
                                                       MAX(1, (int)(height * shrink)), GDK_INTERP_BILINEAR);
  char *bytes;
  gsize size;
  if (!small || !gdk_pixbuf_save_to_buffer(small, &bytes, &size, "png", NULL, NULL))
    return NULL;
  return g_bytes_new_take(bytes, size);
}
