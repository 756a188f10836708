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
  bool right; /* ends at x + width instead of beginning at x */
} TextStyle;

void ink_set(cairo_t *cr, Ink ink);
/* One line whose top left corner is (x, y), shortened with an ellipsis beyond `width`.  Returns the width it
 * took. */
double draw_text(cairo_t *cr, double x, double y, double width, const char *text, const TextStyle *style);
