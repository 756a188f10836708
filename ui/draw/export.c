#include "ui/draw/export.h"

#include "engine/error.h"
#include "ui/draw/confidence.h"
#include "ui/draw/curves.h"
#include "ui/draw/label-map.h"
#include "ui/draw/pattern-picture.h"
#include "ui/draw/png-text.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <string.h>

#define MARGIN       20.0
#define TITLE_SIZE   15.0
#define CAPTION_SIZE 11.5

void draw_confidence(cairo_t *cr, double width, double height, const void *plot) {
  confidence_draw(cr, width, height, plot);
}

void draw_label_map(cairo_t *cr, double width, double height, const void *plot) {
  label_map_draw(cr, width, height, plot);
}

void draw_curves(cairo_t *cr, double width, double height, const void *plot) {
  curves_draw(cr, width, height, plot);
}

void draw_pattern(cairo_t *cr, double width, double height, const void *plot) {
  pattern_picture_draw(cr, width, height, plot);
}

typedef struct {
  double width, height, top;
} Page;

static Page page_of(const Drawing *drawing) {
  Page page = {.top = MARGIN + (drawing->title ? TITLE_SIZE * 1.9 : 0)};
  page.width = drawing->width + 2 * MARGIN;
  page.height = page.top + drawing->height + MARGIN + (drawing->caption ? CAPTION_SIZE * 2 : 0);
  return page;
}

/* Draws onto the surface, which stays. */
static cairo_status_t draw_on(cairo_surface_t *surface, double scale, const Drawing *drawing) {
  Page page = page_of(drawing);
  cairo_t *cr = cairo_create(surface);
  cairo_scale(cr, scale, scale);
  ink_set(cr, drawing->palette->background);
  cairo_paint(cr);
  if (drawing->title)
    draw_text(cr, MARGIN, MARGIN - 4, drawing->width, drawing->title,
              &(TextStyle){TITLE_SIZE, drawing->palette->text, .bold = true});
  cairo_save(cr);
  cairo_translate(cr, MARGIN, page.top);
  drawing->draw(cr, drawing->width, drawing->height, drawing->plot);
  cairo_restore(cr);
  if (drawing->caption)
    draw_text(cr, MARGIN, page.height - MARGIN - CAPTION_SIZE * 1.2, drawing->width, drawing->caption,
              &(TextStyle){CAPTION_SIZE, drawing->palette->dim});
  cairo_status_t status = cairo_status(cr);
  cairo_destroy(cr);
  return status;
}

static cairo_status_t append(void *closure, const unsigned char *data, unsigned length) {
  g_byte_array_append(closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t write_png(const Drawing *drawing, GByteArray *file) {
  Page page = page_of(drawing);
  double scale = drawing->scale > 0 ? drawing->scale : 2;
  cairo_surface_t *surface =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(scale * page.width), (int)(scale * page.height));
  cairo_status_t status = draw_on(surface, scale, drawing);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream(surface, append, file);
  cairo_surface_destroy(surface);
  return status;
}

/* Ends the surface and takes it away. */
static cairo_status_t finished(cairo_surface_t *surface, cairo_status_t status) {
  cairo_surface_finish(surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  return status;
}

static cairo_status_t write_svg(const Drawing *drawing, GByteArray *file) {
  Page page = page_of(drawing);
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream(append, file, page.width, page.height);
  return finished(surface, draw_on(surface, 1, drawing));
}

static cairo_status_t write_pdf(const Drawing *drawing, GByteArray *file) {
  Page page = page_of(drawing);
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, file, page.width, page.height);
  const struct {
    cairo_pdf_metadata_t row;
    const char *text;
  } rows[] = {
      {CAIRO_PDF_METADATA_TITLE, drawing->title},      {CAIRO_PDF_METADATA_SUBJECT, drawing->caption},
      {CAIRO_PDF_METADATA_KEYWORDS, drawing->spec},    {CAIRO_PDF_METADATA_CREATOR, "Hoarfrost"},
      {CAIRO_PDF_METADATA_CREATE_DATE, drawing->date},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    if (rows[i].text)
      cairo_pdf_surface_set_metadata(surface, rows[i].row, rows[i].text);
  return finished(surface, draw_on(surface, 1, drawing));
}

static GBytes *keep(GByteArray *file, const Drawing *drawing) {
  return g_byte_array_free_to_bytes(file);
}

static GBytes *add_png_texts(GByteArray *file, const Drawing *drawing) {
  g_autoptr(GBytes) bare = g_byte_array_free_to_bytes(file);
  const char *title = drawing->title ? drawing->title : "Hoarfrost", *date = drawing->date;
  const char *pairs[] = {
      "Title", title,         "Software",      "Hoarfrost", "Description", drawing->caption,
      "Spec",  drawing->spec, "Creation Time", date,        NULL};
  return png_with_texts(bare, pairs);
}

/* Title, description and metadata become the first elements of the <svg> element. */
static GBytes *add_svg_texts(GByteArray *file, const Drawing *drawing) {
  g_byte_array_append(file, (const guint8 *)"", 1);
  const char *text = (const char *)file->data, *root = strstr(text, "<svg"),
             *body = root ? strchr(root, '>') : NULL;
  GString *all = g_string_new(NULL);
  if (body)
    g_string_append_len(all, text, body + 1 - text);
  const char *const rows[][2] = {
      {"title", drawing->title}, {"desc", drawing->caption}, {"metadata", drawing->spec}};
  for (guint i = 0; body && i < G_N_ELEMENTS(rows); i++)
    if (rows[i][1]) {
      g_autofree char *escaped = g_markup_escape_text(rows[i][1], -1);
      g_string_append_printf(all, "\n<%s>%s</%s>", rows[i][0], escaped, rows[i][0]);
    }
  g_string_append(all, body ? body + 1 : text);
  g_byte_array_unref(file);
  return g_string_free_to_bytes(all);
}

static const struct {
  const char *suffix;
  cairo_status_t (*write)(const Drawing *drawing, GByteArray *file);
  GBytes *(*add_texts)(GByteArray *file, const Drawing *drawing); /* takes the file */
} forms[N_EXPORT_FORMS] = {
    [EXPORT_PNG] = {".png", write_png, add_png_texts},
    [EXPORT_SVG] = {".svg", write_svg, add_svg_texts},
    [EXPORT_PDF] = {".pdf", write_pdf, keep},
};

const char *export_form_suffix(ExportForm form) {
  return forms[form].suffix;
}

ExportForm export_form_of(const char *file_name) {
  g_autofree char *lower = g_ascii_strdown(file_name, -1);
  int form = 0;
  while (form < N_EXPORT_FORMS && !g_str_has_suffix(lower, forms[form].suffix))
    form++;
  return form;
}

GBytes *drawing_export(const Drawing *drawing, ExportForm form, GError **error) {
  GByteArray *file = g_byte_array_new();
  cairo_status_t status = forms[form].write(drawing, file);
  if (status == CAIRO_STATUS_SUCCESS)
    return forms[form].add_texts(file, drawing);
  g_byte_array_unref(file);
  input_error(error, "a picture of %.0f x %.0f cannot be drawn: %s", drawing->width, drawing->height,
              cairo_status_to_string(status));
  return NULL;
}
