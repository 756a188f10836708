#include "ui/draw/pattern-picture.h"

#include "engine/error.h"
#include "ui/draw/text.h"

#include <cairo-pdf.h>
#include <math.h>

#define MARGIN     20.0
#define RADIUS     8.0
#define MIN_WIDTH  240.0
#define TITLE_SIZE 15.0
#define TEXT_SIZE  11.5
#define LINE       (TEXT_SIZE * 1.6)

static const Ink background[] = {{0.98, 0.98, 0.98}, {0.14, 0.14, 0.14}};
static const Ink strong[] = {{0.12, 0.12, 0.12}, {0.96, 0.96, 0.96}};
static const Ink faint[] = {{0.42, 0.42, 0.42}, {0.66, 0.66, 0.66}};

cairo_surface_t *pattern_image(const PatternNumbers *pattern, PatternRange range) {
  cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, pattern->width, pattern->height);
  if (cairo_surface_status(image) != CAIRO_STATUS_SUCCESS)
    return image;
  pattern_pixels(pattern, range, cairo_image_surface_get_data(image),
                 (size_t)cairo_image_surface_get_stride(image));
  cairo_surface_mark_dirty(image);
  return image;
}

/* Height of what stands above and below the pattern, margins included. */
static double above(const PatternPicture *picture) {
  return MARGIN + (picture->title ? TITLE_SIZE * 1.7 : 0) + (picture->subtitle ? LINE + 4 : 0);
}

static double below(const PatternPicture *picture) {
  return 8 + LINE * (picture->caption ? 2 : 1) + MARGIN - 6;
}

void pattern_picture_draw(cairo_t *cr, double width, double height, const PatternPicture *picture) {
  PatternRange range = pattern_range(&picture->pattern);
  double top = above(picture), room_x = width - 2 * MARGIN, room_y = height - top - below(picture);
  double magnified = MIN(room_x / picture->pattern.width, room_y / picture->pattern.height);
  if (magnified > 1)
    magnified = floor(magnified);
  double w = magnified * picture->pattern.width, h = magnified * picture->pattern.height,
         left = floor((width - w) / 2);

  ink_set(cr, background[picture->dark]);
  cairo_rectangle(cr, 0, 0, width, height);
  cairo_fill(cr);

  double y = MARGIN - 4, text_width = MAX(w, room_x - 2 * (left - MARGIN));
  if (picture->title) {
    draw_text(cr, left, y, text_width, picture->title,
              &(TextStyle){TITLE_SIZE, strong[picture->dark], .bold = true});
    y += TITLE_SIZE * 1.7;
  }
  if (picture->subtitle)
    draw_text(cr, left, y, text_width, picture->subtitle, &(TextStyle){TEXT_SIZE, faint[picture->dark]});

  cairo_surface_t *image = pattern_image(&picture->pattern, range);
  cairo_save(cr);
  path_rounded(cr, left, top, w, h, MIN(RADIUS, MIN(w, h) / 4));
  cairo_clip(cr);
  cairo_translate(cr, left, top);
  cairo_scale(cr, magnified, magnified);
  cairo_set_source_surface(cr, image, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), magnified >= 1 ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
  cairo_paint(cr);
  cairo_restore(cr);
  cairo_surface_destroy(image);

  y = top + h + 8;
  if (picture->caption) {
    draw_text(cr, left, y, text_width, picture->caption, &(TextStyle){TEXT_SIZE, strong[picture->dark]});
    y += LINE;
  }
  g_autofree char *size = g_strdup_printf("%d × %d", picture->pattern.width, picture->pattern.height);
  g_autofree char *done = pattern_range_text(range);
  TextStyle small = {TEXT_SIZE, faint[picture->dark]};
  double used = draw_text(cr, left, y, text_width, done, &small);
  small.right = true;
  if (text_width - used > 7 * TEXT_SIZE)
    draw_text(cr, left, y, text_width, size, &small);
}

static cairo_status_t append(void *closure, const unsigned char *data, unsigned length) {
  g_byte_array_append(closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* A size that suits the pattern, in user units. */
static void natural_size(const PatternPicture *picture, double *width, double *height) {
  int edge = MAX(picture->pattern.width, picture->pattern.height);
  int magnified = MAX(1, 400 / MAX(edge, 1));
  *width = MAX(MIN_WIDTH, magnified * picture->pattern.width + 2 * MARGIN);
  *height = ceil(magnified * picture->pattern.height + above(picture) + below(picture));
}

/* Draws onto the surface and takes it away. */
static cairo_status_t draw_on(cairo_surface_t *surface, double scale, const PatternPicture *picture) {
  double width, height;
  natural_size(picture, &width, &height);
  cairo_t *cr = cairo_create(surface);
  cairo_scale(cr, scale, scale);
  pattern_picture_draw(cr, width, height, picture);
  cairo_status_t status = cairo_status(cr);
  cairo_destroy(cr);
  return status;
}

static GBytes *finished(const PatternPicture *picture, cairo_status_t status, GByteArray *file,
                        GError **error) {
  if (status == CAIRO_STATUS_SUCCESS)
    return g_byte_array_free_to_bytes(file);
  g_byte_array_unref(file);
  input_error(error, "a picture of %d x %d cannot be drawn: %s", picture->pattern.width,
              picture->pattern.height, cairo_status_to_string(status));
  return NULL;
}

GBytes *pattern_picture_png(const PatternPicture *picture, GError **error) {
  /* Twice the size of a screen's user unit, so that the text is fine on paper too. */
  const double scale = 2;
  double width, height;
  natural_size(picture, &width, &height);
  cairo_surface_t *surface =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(scale * width), (int)(scale * height));
  cairo_status_t status = draw_on(surface, scale, picture);
  GByteArray *file = g_byte_array_new();
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream(surface, append, file);
  cairo_surface_destroy(surface);
  return finished(picture, status, file, error);
}

GBytes *pattern_picture_pdf(const PatternPicture *picture, const char *date, GError **error) {
  double width, height;
  natural_size(picture, &width, &height);
  GByteArray *file = g_byte_array_new();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, file, width, height);
  if (date)
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
  if (picture->title)
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, picture->title);
  cairo_status_t status = draw_on(surface, 1, picture);
  cairo_surface_finish(surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  return finished(picture, status, file, error);
}
