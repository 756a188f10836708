#include "app/text-picture.h"

#include <pango/pangocairo.h>

#define MARGIN    4
#define FONT_SIZE 11 /* pixels */

/* Spaces and lines' ends instead of the marks for them.  (transfer full) */
static char *row_text(const FrozenModel *model, const TokenRow *row) {
  GString *text = g_string_new(NULL);
  for (int i = 0; i < row->n; i++)
    g_string_append(text, frozen_model_class_name(model, row->ids[i]));
  g_string_replace(text, "\342\220\243", " ", 0);
  g_string_replace(text, "\342\220\212", "\n", 0);
  return g_string_free(text, FALSE);
}

static void draw(cairo_surface_t *surface, const char *text, int width) {
  cairo_t *cr = cairo_create(surface);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_paint(cr);
  cairo_set_source_rgb(cr, 0, 0, 0);
  cairo_move_to(cr, MARGIN, MARGIN);
  g_autoptr(PangoLayout) layout = pango_cairo_create_layout(cr);
  PangoFontDescription *font = pango_font_description_from_string("Sans");
  pango_font_description_set_absolute_size(font, FONT_SIZE * PANGO_SCALE);
  pango_layout_set_font_description(layout, font);
  pango_layout_set_width(layout, (width - 2 * MARGIN) * PANGO_SCALE);
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text(layout, text, -1);
  pango_cairo_show_layout(cr, layout);
  pango_font_description_free(font);
  cairo_destroy(cr);
}

Tensor *text_picture(const FrozenModel *model, const TokenRow *row, int height, int width, GError **error) {
  Tensor *picture = tensor_new(TENSOR_FLOAT32, &SHAPE(3, height, width), error);
  if (!picture)
    return NULL;
  g_autofree char *text = row_text(model, row);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  draw(surface, text, width);
  cairo_surface_flush(surface);
  const unsigned char *bytes = cairo_image_surface_get_data(surface);
  int stride = cairo_image_surface_get_stride(surface);
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++) {
        guint32 pixel = ((const guint32 *)(const void *)(bytes + (size_t)y * (size_t)stride))[x];
        tensor_floats(picture)[(c * height + y) * width + x] = (float)(pixel >> (16 - 8 * c) & 255) / 255;
      }
  cairo_surface_destroy(surface);
  return picture;
}
