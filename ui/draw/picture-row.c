#include "ui/draw/picture-row.h"

#include "ui/draw/pattern-picture.h"

#include <math.h>

#define GAP        14.0
#define TITLE_SIZE 12.5
#define NOTE_SIZE  11.0
#define ABOVE      (TITLE_SIZE * 1.8)
#define BELOW      (NOTE_SIZE * 1.9)
#define RADIUS     5.0
#define SHARP      512 /* pixels along an edge, below which a picture is magnified before it is embedded */

double picture_row_height(double width, int n) {
  return ceil((width - (n - 1) * GAP) / n + ABOVE + BELOW);
}

/* Numbers that are shown as they are.  (transfer full) */
static cairo_surface_t *plain_image(const PatternNumbers *numbers) {
  cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, numbers->width, numbers->height);
  if (cairo_surface_status(image) != CAIRO_STATUS_SUCCESS)
    return image;
  picture_pixels(numbers, cairo_image_surface_get_data(image), (size_t)cairo_image_surface_get_stride(image));
  cairo_surface_mark_dirty(image);
  return image;
}

/* Viewers of SVG and PDF smooth small pictures: they get whole blocks.  Takes the image.  (transfer full) */
static cairo_surface_t *sharpened(cairo_surface_t *image) {
  int width = cairo_image_surface_get_width(image), height = cairo_image_surface_get_height(image);
  int times = SHARP / MAX(1, MAX(width, height));
  if (times < 2 || cairo_surface_status(image) != CAIRO_STATUS_SUCCESS)
    return image;
  cairo_surface_t *large = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width * times, height * times);
  cairo_t *cr = cairo_create(large);
  cairo_scale(cr, times, times);
  cairo_set_source_surface(cr, image, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_paint(cr);
  cairo_destroy(cr);
  cairo_surface_destroy(image);
  return large;
}

static void draw_image(cairo_t *cr, double x, double y, double width, double height,
                       const RowPicture *picture) {
  cairo_surface_t *image = sharpened(picture->amplified ? pattern_image(&picture->numbers, picture->range)
                                                        : plain_image(&picture->numbers));
  double scale = width / MAX(1, cairo_image_surface_get_width(image));
  cairo_save(cr);
  path_rounded(cr, x, y, width, height, RADIUS);
  cairo_clip(cr);
  cairo_translate(cr, x, y);
  cairo_scale(cr, scale, scale);
  cairo_set_source_surface(cr, image, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_paint(cr);
  cairo_restore(cr);
  cairo_surface_destroy(image);
}

/* In a frame, since it has no ground of its own. */
static void draw_plot(cairo_t *cr, double x, double width, double height, const Palette *palette,
                      const RowPicture *picture) {
  cairo_save(cr);
  cairo_translate(cr, x, ABOVE);
  path_rounded(cr, 0.5, 0.5, width - 1, height - 1, RADIUS);
  ink_set(cr, palette->line);
  cairo_set_line_width(cr, 1);
  cairo_stroke(cr);
  picture->draw(cr, width, height, picture->plot);
  cairo_restore(cr);
}

static void draw_one(cairo_t *cr, double x, double width, double height, const Palette *palette,
                     const RowPicture *picture) {
  TextStyle title = {TITLE_SIZE, palette->text, .bold = true}, note = {NOTE_SIZE, palette->dim};
  double used = draw_text(cr, x, 0, width, picture->title, &title);
  if (picture->note) {
    note.right = true;
    draw_text(cr, x + used + 8, 1, MAX(1, width - used - 8), picture->note, &note);
  }
  const PatternNumbers *numbers = &picture->numbers;
  double room = height - ABOVE - BELOW;
  if (picture->draw) {
    draw_plot(cr, x, width, room, palette, picture);
    return;
  }
  double scale = MIN(width / numbers->width, room / numbers->height);
  draw_image(cr, x, ABOVE, scale * numbers->width, scale * numbers->height, picture);
  g_autofree char *size = g_strdup_printf("%d × %d", numbers->width, numbers->height);
  g_autofree char *done = picture->amplified ? pattern_range_text(picture->range) : NULL;
  double y = ABOVE + scale * numbers->height + NOTE_SIZE * 0.5;
  note.right = false;
  draw_text(cr, x, y, width, done ? done : size, &note);
}

void picture_row_draw(cairo_t *cr, double width, double height, const PictureRow *row) {
  double each = (width - (row->n - 1) * GAP) / MAX(row->n, 1);
  for (int i = 0; i < row->n; i++)
    draw_one(cr, i * (each + GAP), each, height, row->palette, &row->pictures[i]);
}

void draw_picture_row(cairo_t *cr, double width, double height, const void *row) {
  picture_row_draw(cr, width, height, row);
}
