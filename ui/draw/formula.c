#include "ui/draw/formula.h"

#include <pango/pangocairo.h>
#include <string.h>

#define MATHS "STIX Two Text, STIX, Latin Modern Roman, Liberation Serif, DejaVu Serif, serif"

static guint16 component(double value) {
  return (guint16)(value * G_MAXUINT16);
}

static void attribute(PangoAttrList *list, PangoAttribute *made, guint start, guint end) {
  made->start_index = start;
  made->end_index = end;
  pango_attr_list_insert(list, made);
}

static void style_piece(PangoAttrList *list, const FormulaPiece *piece, guint start, double size, Ink ink) {
  guint end = start + (guint)strlen(piece->text);
  attribute(list, pango_attr_foreground_new(component(ink.red), component(ink.green), component(ink.blue)),
            start, end);
  if (!piece->upright)
    attribute(list, pango_attr_style_new(PANGO_STYLE_ITALIC), start, end);
  if (piece->part != FORMULA_PLAIN)
    attribute(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), start, end);
  if (!piece->below)
    return;
  attribute(list, pango_attr_scale_new(0.7), start, end);
  attribute(list, pango_attr_rise_new((int)(-0.18 * size * PANGO_SCALE)), start, end);
}

/* What manipulates is in the colour of what is pointed at, what aligns in the accent. */
static Ink part_ink(FormulaPart part, const Palette *palette) {
  const Ink inks[] = {palette->text, palette->mark, palette->accent};
  return inks[part];
}

static PangoLayout *lay_out(PangoLayout *layout, const FormulaPiece *pieces, int n, double width, double size,
                            const Palette *palette) {
  g_autoptr(GString) text = g_string_new(NULL);
  PangoAttrList *list = pango_attr_list_new();
  for (int i = 0; i < n; i++) {
    style_piece(list, &pieces[i], (guint)text->len, size, part_ink(pieces[i].part, palette));
    g_string_append(text, pieces[i].text);
  }
  PangoFontDescription *font = pango_font_description_from_string(MATHS);
  pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_text(layout, text->str, -1);
  pango_layout_set_attributes(layout, list);
  pango_attr_list_unref(list);
  pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
  pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
  return layout;
}

double formula_height(const FormulaPiece *pieces, int n, double width, double size) {
  static const Palette none;
  PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
  PangoLayout *layout = lay_out(pango_layout_new(context), pieces, n, width, size, &none);
  int height;
  pango_layout_get_pixel_size(layout, NULL, &height);
  g_object_unref(layout);
  g_object_unref(context);
  return height;
}

void formula_draw(cairo_t *cr, double width, const FormulaPiece *pieces, int n, double size,
                  const Palette *palette) {
  PangoLayout *layout = lay_out(pango_cairo_create_layout(cr), pieces, n, width, size, palette);
  cairo_move_to(cr, 0, 0);
  pango_cairo_show_layout(cr, layout);
  g_object_unref(layout);
}
