#include "app/text-picture.h"

#include "ui/draw/text.h"

#include <pango/pangocairo.h>

#define MARGIN    4
#define FONT_SIZE 11 /* pixels */
#define MOST_ROWS 12 /* of the prompt that are all shown */

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

/* The prompt's rows in boxes.  (transfer full) */
static char *prompt_text(int prompt, GArray *boxes) {
  GString *text = g_string_new(NULL);
  for (int row = 1; row <= prompt; row++)
    if (prompt <= MOST_ROWS || row < MOST_ROWS - 1 || row == prompt)
      append_row(text, boxes, row);
    else if (row == prompt - 1)
      g_string_append(text, "… ");
  return g_string_free(text, FALSE);
}

/* Spaces and lines' ends instead of the marks for them.  (transfer full) */
static char *row_text(const FrozenModel *model, const TokenRow *row) {
  GString *text = g_string_new(NULL);
  for (int i = 0; i < row->n; i++)
    g_string_append(text, frozen_model_class_name(model, row->ids[i]));
  g_string_replace(text, "\342\220\243", " ", 0);
  g_string_replace(text, "\342\220\212", "\n", 0);
  return g_string_free(text, FALSE);
}

static void draw_box(cairo_t *cr, PangoLayout *layout, const Span *span) {
  static const Ink ground = {1, 0.89, 0.78}, edge = {0.84, 0.37, 0};
  PangoRectangle first, last;
  pango_layout_index_to_pos(layout, span->start, &first);
  pango_layout_index_to_pos(layout, span->end, &last);
  double left = MARGIN + (double)first.x / PANGO_SCALE, right = MARGIN + (double)last.x / PANGO_SCALE;
  path_rounded(cr, left + 0.5, MARGIN + (double)first.y / PANGO_SCALE + 0.5, right - left - 1,
               (double)first.height / PANGO_SCALE - 1, 3);
  ink_set(cr, ground);
  cairo_fill_preserve(cr);
  ink_set(cr, edge);
  cairo_set_line_width(cr, 1);
  cairo_stroke(cr);
}

static void draw(cairo_surface_t *surface, const char *text, const GArray *boxes, int width) {
  cairo_t *cr = cairo_create(surface);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_paint(cr);
  g_autoptr(PangoLayout) layout = pango_cairo_create_layout(cr);
  PangoFontDescription *font = pango_font_description_from_string("Sans");
  pango_font_description_set_absolute_size(font, FONT_SIZE * PANGO_SCALE);
  pango_layout_set_font_description(layout, font);
  pango_layout_set_width(layout, (width - 2 * MARGIN) * PANGO_SCALE);
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text(layout, text, -1);
  if (boxes->len)
    pango_layout_set_spacing(layout, 2 * PANGO_SCALE);
  for (guint i = 0; i < boxes->len; i++)
    draw_box(cr, layout, &g_array_index(boxes, Span, i));
  cairo_set_source_rgb(cr, 0, 0, 0);
  cairo_move_to(cr, MARGIN, MARGIN);
  pango_cairo_show_layout(cr, layout);
  pango_font_description_free(font);
  cairo_destroy(cr);
}

Tensor *text_picture(const FrozenModel *model, const TokenRow *row, int prompt, int height, int width,
                     GError **error) {
  Tensor *picture = tensor_new(TENSOR_FLOAT32, &SHAPE(3, height, width), error);
  if (!picture)
    return NULL;
  g_autoptr(GArray) boxes = g_array_new(FALSE, FALSE, sizeof(Span));
  g_autofree char *in_front = prompt_text(prompt, boxes), *own = row_text(model, row);
  g_autofree char *text = g_strconcat(in_front, own, NULL);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  draw(surface, text, boxes, width);
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
