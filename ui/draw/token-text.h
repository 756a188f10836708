/* Draws a sample of text as a language model receives it: the rows of a prompt as marked boxes, "δ1" and so
 * on, then the text.  Cairo and Pango only. */
#pragma once

#include "ui/draw/palette.h"

typedef struct {
  const Palette *palette;
  const char *text; /* UTF-8 */
  int prompt;       /* rows in front of it; of many the first and the last are drawn */
} TokenText;

/* Fills width x height; what has no room ends in an ellipsis. */
void token_text_draw(cairo_t *cr, double width, double height, const TokenText *plot);
/* The same in the form that ui/draw/export.h wants. */
void draw_token_text(cairo_t *cr, double width, double height, const void *plot);
/* "δ1 to δ10, then: once upon"  (transfer full) */
char *token_text_words(const TokenText *plot);
