#include "data/datasets/digit-glyphs.h"

#include "engine/error.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

static int move_to(const FT_Vector *to, void *cairo) {
  cairo_move_to(cairo, (double)to->x, (double)to->y);
  return 0;
}

static int line_to(const FT_Vector *to, void *cairo) {
  cairo_line_to(cairo, (double)to->x, (double)to->y);
  return 0;
}

/* A quadratic Bezier curve as a cubic one: the handles lie at two thirds of the way to its own. */
static int conic_to(const FT_Vector *handle, const FT_Vector *to, void *cairo) {
  double x, y, hx = (double)handle->x, hy = (double)handle->y, tx = (double)to->x, ty = (double)to->y;
  cairo_get_current_point(cairo, &x, &y);
  cairo_curve_to(cairo, x + (hx - x) * 2 / 3, y + (hy - y) * 2 / 3, tx + (hx - tx) * 2 / 3,
                 ty + (hy - ty) * 2 / 3, tx, ty);
  return 0;
}

static int cubic_to(const FT_Vector *a, const FT_Vector *b, const FT_Vector *to, void *cairo) {
  cairo_curve_to(cairo, (double)a->x, (double)a->y, (double)b->x, (double)b->y, (double)to->x, (double)to->y);
  return 0;
}

static const FT_Outline_Funcs pen = {move_to, line_to, conic_to, cubic_to, 0, 0};

/* Replaces the current path with the outline of a digit.  Cairo keeps points in 1/256, so the em is made 1024
 * high. */
static bool outline_digit(cairo_t *cairo, FT_Face face, int digit) {
  FT_UInt glyph = FT_Get_Char_Index(face, (FT_ULong)('0' + digit));
  if (glyph == 0 || FT_Load_Glyph(face, glyph, FT_LOAD_NO_SCALE) != 0 ||
      face->glyph->format != FT_GLYPH_FORMAT_OUTLINE || face->glyph->outline.n_points == 0 ||
      face->units_per_EM == 0)
    return false;
  double scale = 1024.0 / face->units_per_EM;
  cairo_new_path(cairo);
  cairo_save(cairo);
  cairo_scale(cairo, scale, -scale);
  bool done = FT_Outline_Decompose(&face->glyph->outline, &pen, cairo) == 0;
  cairo_restore(cairo);
  return done && cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
}

/* Copies the paths, `scale` times as large. */
static bool take_digits(DigitGlyphs *glyphs, cairo_t *cairo, FT_Face face, double scale) {
  for (int digit = 0; digit < 10; digit++) {
    if (!outline_digit(cairo, face, digit))
      return false;
    cairo_save(cairo);
    cairo_scale(cairo, 1 / scale, 1 / scale);
    glyphs->digits[digit] = cairo_copy_path(cairo);
    cairo_restore(cairo);
  }
  return true;
}

static bool tallest_digit(cairo_t *cairo, FT_Face face, double *height) {
  *height = 0;
  for (int digit = 0; digit < 10; digit++) {
    double left, top, right, bottom;
    if (!outline_digit(cairo, face, digit))
      return false;
    cairo_path_extents(cairo, &left, &top, &right, &bottom);
    *height = MAX(*height, bottom - top);
  }
  return *height > 0;
}

DigitGlyphs *digit_glyphs_load(const char *path, const char *package, char **family, GError **error) {
  FT_Library library;
  FT_Face face = NULL;
  if (FT_Init_FreeType(&library) != 0) {
    input_error(error, "FreeType cannot be started, there is no memory left; close other programs");
    return NULL;
  }
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cairo = cairo_create(surface);
  g_autoptr(DigitGlyphs) glyphs = g_new0(DigitGlyphs, 1);
  double height;
  bool opened = FT_New_Face(library, path, 0, &face) == 0;
  bool done = opened && tallest_digit(cairo, face, &height) && take_digits(glyphs, cairo, face, 1 / height);
  if (done && family)
    *family = g_strdup(face->family_name);
  cairo_destroy(cairo);
  cairo_surface_destroy(surface);
  FT_Done_FreeType(library); /* the face with it */
  if (done)
    return g_steal_pointer(&glyphs);
  input_error(error, "the font %s of the Debian package %s %s; call ./run setup", path, package,
              opened ? "has no outlines of digits" : "cannot be opened");
  return NULL;
}

void digit_glyphs_free(DigitGlyphs *glyphs) {
  if (!glyphs)
    return;
  for (int digit = 0; digit < 10; digit++)
    if (glyphs->digits[digit])
      cairo_path_destroy(glyphs->digits[digit]);
  g_free(glyphs);
}
