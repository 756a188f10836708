#include "app/thumbnail.h"

#include "app/answers.h"

/* Three planes, or one, in 0..1 as pixels. */
static HfThumbnail pixels_of(const float *planes, int channels, int height, int width, bool bgr) {
  int area = height * width,
      red = channels < 3 ? 0
            : bgr        ? 2
                         : 0,
      green = channels < 3 ? 0 : 1, blue = channels < 3 ? 0 : 2 - red;
  const float *from[] = {planes + red * area, planes + green * area, planes + blue * area};
  uint8_t *pixels = g_malloc((gsize)area * 3);
  for (int i = 0; i < area; i++)
    for (int c = 0; c < 3; c++)
      pixels[3 * i + c] = (uint8_t)(CLAMP(from[c][i], 0.0f, 1.0f) * 255 + 0.5f);
  return (HfThumbnail){g_bytes_new_take(pixels, (gsize)area * 3), width, height};
}

HfThumbnail thumbnail_of_picture(const Picture *picture) {
  int longer = MAX(picture->width, picture->height), edge = MIN(longer, ANSWER_EDGE);
  int width = MAX(1, (int)((gint64)picture->width * edge / longer)),
      height = MAX(1, (int)((gint64)picture->height * edge / longer));
  g_autofree float *planes = g_new(float, 3 * (gsize)width * (gsize)height);
  picture_resize(picture, height, width, 3, planes);
  return pixels_of(planes, 3, height, width, false);
}

HfThumbnail thumbnail_of_received(const Manipulation *like, float *received) {
  answers_undo_normalisation(like, received);
  HfThumbnail whole = pixels_of(received, like->channels, like->height, like->width, like->bgr);
  if (MAX(like->width, like->height) <= ANSWER_EDGE)
    return whole;
  Picture picture = {g_bytes_get_data(whole.pixels, NULL), whole.width, whole.height, 3};
  HfThumbnail small = thumbnail_of_picture(&picture);
  g_bytes_unref(whole.pixels);
  return small;
}
