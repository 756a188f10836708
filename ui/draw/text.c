#include "ui/draw/text.h"

#include <pango/pangocairo.h>

void ink_set(cairo_t *cr, Ink ink) {
  cairo_set_source_rgb(cr, ink.red, ink.green, ink.blue);
}

double draw_text(cairo_t *cr, double x, double y, double width, const char *text, const TextStyle *style) {
  g_autoptr(PangoLayout) layout = pango_cairo_create_layout(cr);
  PangoFontDescription *font = pango_font_description_from_string("Cantarell, Inter, Sans");
  pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
  if (style->bold)
    pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_single_paragraph_mode(layout, TRUE);
  pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
  pango_layout_set_alignment(layout, style->right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  pango_layout_set_text(layout, text, -1);
  ink_set(cr, style->ink);
  cairo_move_to(cr, x, y);
  pango_cairo_show_layout(cr, layout);
  PangoRectangle taken;
  pango_layout_get_extents(layout, NULL, &taken);
  return (double)taken.width / PANGO_SCALE;
}
