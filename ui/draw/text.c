#include "ui/draw/text.h"

#include <glib/gi18n.h>
#include <pango/pangocairo.h>

char *name_in_sentence(const char *name, bool token) {
  return token ? g_strdup_printf(_("“%s”"), name) : g_strdup(name);
}

void ink_set(cairo_t *cr, Ink ink) {
  cairo_set_source_rgb(cr, ink.red, ink.green, ink.blue);
}

void ink_set_alpha(cairo_t *cr, Ink ink, double alpha) {
  cairo_set_source_rgba(cr, ink.red, ink.green, ink.blue, alpha);
}

/* (transfer full) */
static PangoLayout *layout_of(cairo_t *cr, const char *text, const TextStyle *style) {
  PangoLayout *layout = pango_cairo_create_layout(cr);
  PangoFontDescription *font = pango_font_description_new();
  pango_font_description_set_family_static(font, "Cantarell, Inter, Sans");
  pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
  if (style->bold)
    pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_single_paragraph_mode(layout, TRUE);
  pango_layout_set_text(layout, text, -1);
  return layout;
}

double draw_text(cairo_t *cr, double x, double y, double width, const char *text, const TextStyle *style) {
  g_autoptr(PangoLayout) layout = layout_of(cr, text, style);
  pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width(layout, (int)(MAX(width, 0) * PANGO_SCALE));
  pango_layout_set_alignment(layout, style->right    ? PANGO_ALIGN_RIGHT
                                     : style->centre ? PANGO_ALIGN_CENTER
                                                     : PANGO_ALIGN_LEFT);
  ink_set(cr, style->ink);
  cairo_move_to(cr, x, y);
  pango_cairo_show_layout(cr, layout);
  PangoRectangle taken;
  pango_layout_get_extents(layout, NULL, &taken);
  return (double)taken.width / PANGO_SCALE;
}

double measure_text(cairo_t *cr, const char *text, const TextStyle *style, double *height) {
  g_autoptr(PangoLayout) layout = layout_of(cr, text, style);
  PangoRectangle taken;
  pango_layout_get_extents(layout, NULL, &taken);
  if (height)
    *height = (double)taken.height / PANGO_SCALE;
  return (double)taken.width / PANGO_SCALE;
}

void draw_text_towards(cairo_t *cr, double x, double y, double width, double angle, const char *text,
                       const TextStyle *style) {
  double height;
  measure_text(cr, text, style, &height);
  TextStyle ending = *style;
  ending.right = true;
  cairo_save(cr);
  cairo_translate(cr, x, y);
  cairo_rotate(cr, -angle);
  draw_text(cr, -width, -height / 2, width, text, &ending);
  cairo_restore(cr);
}

void path_rounded(cairo_t *cr, double x, double y, double width, double height, double radius) {
  radius = MIN(radius, MIN(width, height) / 2);
  if (radius <= 0) {
    cairo_rectangle(cr, x, y, width, height);
    return;
  }
  cairo_new_sub_path(cr);
  cairo_arc(cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc(cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc(cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc(cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path(cr);
}
