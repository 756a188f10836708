#include "ui/picture-texture.h"

#include <math.h>

static GdkTexture *texture_of(guchar *rgb, int width, int height) {
  g_autoptr(GBytes) bytes = g_bytes_new_take(rgb, 3 * (gsize)width * (gsize)height);
  return gdk_memory_texture_new(width, height, GDK_MEMORY_R8G8B8, bytes, 3 * (gsize)width);
}

static GdkTexture *shrunk(const Picture *picture, int width, int height) {
  gsize area = (gsize)width * (gsize)height;
  g_autofree float *planes = g_new(float, 3 * area);
  picture_resize(picture, height, width, 3, planes);
  guchar *rgb = g_malloc(3 * area);
  for (gsize i = 0; i < area; i++)
    for (gsize c = 0; c < 3; c++)
      rgb[3 * i + c] = (guchar)lrintf(255 * CLAMP(planes[c * area + i], 0, 1));
  return texture_of(rgb, width, height);
}

GdkTexture *picture_texture(const Picture *picture, int most) {
  int edge = MAX(picture->width, picture->height);
  if (edge > most)
    return shrunk(picture, MAX(1, picture->width * most / edge), MAX(1, picture->height * most / edge));
  gsize n = (gsize)picture->width * (gsize)picture->height;
  guchar *rgb = g_malloc(3 * n);
  for (gsize i = 0; i < n; i++)
    for (int c = 0; c < 3; c++)
      rgb[3 * i + (gsize)c] =
          picture->pixels[i * (gsize)picture->channels + (gsize)MIN(c, picture->channels - 1)];
  return texture_of(rgb, picture->width, picture->height);
}
