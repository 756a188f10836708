#include "ui/draw/token-text.h"

#include <glib/gi18n.h>
#include <math.h>
#include <pango/pangocairo.h>

#define MARGIN    8.0
#define FONT_SIZE 12.0
#define LARGEST   20.0
#define LINE      26.0 /* letters that a wide pane has in a line, about */
#define MOST_ROWS 12   /* of the prompt that are all shown */

typedef struct {
  int start, end; /* bytes of the text */
} Span;

/* "δ1" with room for a box around it. */
static void append_row(GString *text, GArray *boxes, int row) {
  Span span = {.start = (int)text->len};
  g_string_append_printf(text, "\302\240δ%d\302\240", row);
  span.end = (int)text->len;
  g_array_append_val(boxes, span);
  g_string_append_c(text, ' ');
}

static void append_prompt(GString *text, GArray *boxes, int prompt) {
  for (int row = 1; row <= prompt; row++)
    if (prompt <= MOST_ROWS || row < MOST_ROWS - 1 || row == prompt)
      append_row(text, boxes, row);
    else if (row == prompt - 1)
      g_string_append(text, "… ");
}

/* In the mark's colour, on a light one of it. */
static void draw_box(cairo_t *cr, PangoLayout *layout, const Span *span, const Palette *palette) {
  PangoRectangle first, last;
  pango_layout_index_to_pos(layout, span->start, &first);
  pango_layout_index_to_pos(layout, span->end, &last);
  double left = MARGIN + (double)first.x / PANGO_SCALE, right = MARGIN + (double)last.x / PANGO_SCALE;
  path_rounded(cr, left + 0.5, MARGIN + (double)first.y / PANGO_SCALE + 0.5, right - left - 1,
               (double)first.height / PANGO_SCALE - 1, 3);
  ink_set(cr, ink_mix(palette->background, palette->mark, 0.25));
  cairo_fill_preserve(cr);
  ink_set(cr, palette->mark);
  cairo_set_line_width(cr, 1);
  cairo_stroke(cr);
}

/* (transfer full) */
static PangoLayout *lay_out(cairo_t *cr, double width, double height, const char *text, bool boxed) {
  PangoLayout *layout = pango_cairo_create_layout(cr);
  PangoFontDescription *font = pango_font_description_from_string("Sans");
  double size = CLAMP(width / LINE, FONT_SIZE, LARGEST);
  pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_width(layout, (int)((width - 2 * MARGIN) * PANGO_SCALE));
  pango_layout_set_height(layout, (int)((height - 2 * MARGIN) * PANGO_SCALE));
  pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_spacing(layout, (int)((boxed ? 3 : 1) * PANGO_SCALE));
  pango_layout_set_text(layout, text, -1);
  return layout;
}

void token_text_draw(cairo_t *cr, double width, double height, const TokenText *plot) {
  if (width < 4 * MARGIN || height < 4 * MARGIN)
    return;
  g_autoptr(GArray) boxes = g_array_new(FALSE, FALSE, sizeof(Span));
  g_autoptr(GString) text = g_string_new(NULL);
  append_prompt(text, boxes, plot->prompt);
  g_string_append(text, plot->text);
  g_autoptr(PangoLayout) layout = lay_out(cr, width, height, text->str, boxes->len > 0);
  for (guint i = 0; i < boxes->len; i++)
    draw_box(cr, layout, &g_array_index(boxes, Span, i), plot->palette);
  ink_set(cr, plot->palette->text);
  cairo_move_to(cr, MARGIN, MARGIN);
  pango_cairo_show_layout(cr, layout);
}

void draw_token_text(cairo_t *cr, double width, double height, const void *plot) {
  token_text_draw(cr, width, height, plot);
}

char *token_text_words(const TokenText *plot) {
  return plot->prompt > 0 ? g_strdup_printf(_("δ1 to δ%d, then: %s"), plot->prompt, plot->text)
                          : g_strdup(plot->text);
}
