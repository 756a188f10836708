/* Lines of text for drawings.  Sizes are in user units. */
#pragma once

#include <cairo.h>
#include <stdbool.h>

typedef struct {
  double red, green, blue;
} Ink;

typedef struct {
  double size;
  Ink ink;
  bool bold;
  bool right;  /* ends at x + width instead of beginning at x */
  bool centre; /* stands in the middle of x .. x + width */
} TextStyle;

/* A name as sentences have it: in quotation marks where it is a token, which may be a point, a space or a
 * word that the sentence could have said itself.  (transfer full) */
char *name_in_sentence(const char *name, bool token);
void ink_set(cairo_t *cr, Ink ink);
void ink_set_alpha(cairo_t *cr, Ink ink, double alpha);
/* One line whose top left corner is (x, y), shortened with an ellipsis beyond `width`.  Returns the width it
 * took. */
double draw_text(cairo_t *cr, double x, double y, double width, const char *text, const TextStyle *style);
/* The width and height that a line would take without shortening; height may be NULL. */
double measure_text(cairo_t *cr, const char *text, const TextStyle *style, double *height);
/* One line, turned counterclockwise by `angle` (radians), that ends at (x, y) with the middle of its height.
 */
void draw_text_towards(cairo_t *cr, double x, double y, double width, double angle, const char *text,
                       const TextStyle *style);
/* A path: corners of this radius, at most half of the shorter side. */
void path_rounded(cairo_t *cr, double x, double y, double width, double height, double radius);
