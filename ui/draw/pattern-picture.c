#include "ui/draw/pattern-picture.h"

#include "engine/error.h"
#include "ui/draw/text.h"

#include <cairo-pdf.h>
#include <math.h>
#include <stdint.h>

#define PERCENTILE 0.995
#define MARGIN     20.0
#define RADIUS     8.0
#define MIN_WIDTH  240.0
#define TITLE_SIZE 15.0
#define TEXT_SIZE  11.5
#define LINE       (TEXT_SIZE * 1.6)

static const Ink background[] = {{0.98, 0.98, 0.98}, {0.14, 0.14, 0.14}};
static const Ink strong[] = {{0.12, 0.12, 0.12}, {0.96, 0.96, 0.96}};
static const Ink faint[] = {{0.42, 0.42, 0.42}, {0.66, 0.66, 0.66}};

static int compare_floats(gconstpointer a, gconstpointer b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

/* Distances from neutral of all numbers that belong to the pattern, ascending.  (transfer full) */
static GArray *distances(const PatternPicture *picture) {
  size_t n = (size_t)picture->channels * picture->height * picture->width;
  GArray *found = g_array_sized_new(FALSE, FALSE, sizeof(float), n);
  for (size_t i = 0; i < n; i++) {
    float distance = fabsf(picture->numbers[i] - picture->neutral);
    if (isfinite(distance) && (!picture->mask || picture->mask[i] != 0))
      g_array_append_val(found, distance);
  }
  g_array_sort(found, compare_floats);
  return found;
}

PatternRange pattern_range(const PatternPicture *picture) {
  g_autoptr(GArray) sorted = distances(picture);
  PatternRange range = {1, 0};
  if (!sorted->len)
    return range;
  float most = g_array_index(sorted, float, (guint)(PERCENTILE * (sorted->len - 1)));
  /* A pattern that hardly anywhere differs from neutral is shown by its largest number. */
  if (most == 0)
    most = g_array_index(sorted, float, sorted->len - 1);
  if (most > 0)
    range.factor = 0.5 / most;
  guint clipped = 0;
  while (clipped < sorted->len && g_array_index(sorted, float, sorted->len - 1 - clipped) > most)
    clipped++;
  range.clipped = (double)clipped / sorted->len;
  return range;
}

char *pattern_range_text(PatternRange range) {
  char factor[G_ASCII_DTOSTR_BUF_SIZE], clipped[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(factor, sizeof factor, range.factor < 10 ? "%.2f" : "%.0f", range.factor);
  g_ascii_formatd(clipped, sizeof clipped, "%.1f", 100 * range.clipped);
  return g_strdup_printf("×%s around grey, %s %% clipped", factor, clipped);
}

static uint32_t level(const PatternPicture *picture, size_t i, double factor) {
  if (picture->mask && picture->mask[i] == 0)
    return 128;
  double shown = 0.5 + factor * ((double)picture->numbers[i] - picture->neutral);
  return isfinite(shown) ? (uint32_t)lround(255 * CLAMP(shown, 0, 1)) : 128;
}

cairo_surface_t *pattern_image(const PatternPicture *picture, PatternRange range) {
  cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture->width, picture->height);
  if (cairo_surface_status(image) != CAIRO_STATUS_SUCCESS)
    return image;
  unsigned char *rows = cairo_image_surface_get_data(image);
  int stride = cairo_image_surface_get_stride(image);
  size_t plane = (size_t)picture->height * picture->width;
  size_t green = picture->channels >= 3 ? plane : 0, blue = 2 * green;
  for (int y = 0; y < picture->height; y++) {
    uint32_t *row = (uint32_t *)(void *)(rows + (size_t)y * stride);
    for (int x = 0; x < picture->width; x++) {
      size_t i = (size_t)y * picture->width + x;
      row[x] = level(picture, i, range.factor) << 16 | level(picture, i + green, range.factor) << 8 |
               level(picture, i + blue, range.factor);
    }
  }
  cairo_surface_mark_dirty(image);
  return image;
}

static void rounded_rectangle(cairo_t *cr, double x, double y, double width, double height, double radius) {
  cairo_new_sub_path(cr);
  cairo_arc(cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc(cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc(cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc(cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path(cr);
}

/* Height of what stands above and below the pattern, margins included. */
static double above(const PatternPicture *picture) {
  return MARGIN + (picture->title ? TITLE_SIZE * 1.7 : 0) + (picture->subtitle ? LINE + 4 : 0);
}

static double below(const PatternPicture *picture) {
  return 8 + LINE * (picture->caption ? 2 : 1) + MARGIN - 6;
}

void pattern_picture_draw(cairo_t *cr, double width, double height, const PatternPicture *picture) {
  PatternRange range = pattern_range(picture);
  double top = above(picture), room_x = width - 2 * MARGIN, room_y = height - top - below(picture);
  double magnified = MIN(room_x / picture->width, room_y / picture->height);
  if (magnified > 1)
    magnified = floor(magnified);
  double w = magnified * picture->width, h = magnified * picture->height, left = floor((width - w) / 2);

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

  cairo_surface_t *image = pattern_image(picture, range);
  cairo_save(cr);
  rounded_rectangle(cr, left, top, w, h, MIN(RADIUS, MIN(w, h) / 4));
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
  g_autofree char *size = g_strdup_printf("%d × %d", picture->width, picture->height);
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
  int magnified = MAX(1, 400 / MAX(picture->width, picture->height));
  *width = MAX(MIN_WIDTH, magnified * picture->width + 2 * MARGIN);
  *height = ceil(magnified * picture->height + above(picture) + below(picture));
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
  input_error(error, "a picture of %d x %d cannot be drawn: %s", picture->width, picture->height,
              cairo_status_to_string(status));
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
