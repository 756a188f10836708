/* Draws pictures beside each other, most of them of numbers, each with its name above and what was done to it
 * below.  Cairo and Pango only. */
#pragma once

#include "ui/draw/export.h"
#include "ui/draw/pattern-pixels.h"

typedef struct {
  const char *title;
  const char *note;  /* right of the title, dim; NULL: none */
  DrawFunction draw; /* draws the picture from `plot`, instead of numbers; NULL: numbers */
  const void *plot;
  PatternNumbers numbers;
  bool amplified; /* a pattern, shown with `range`; else numbers 0..1 as they are */
  PatternRange range;
} RowPicture;

typedef struct {
  const Palette *palette;
  const RowPicture *pictures;
  int n;
} PictureRow;

/* The height that suits a width where all pictures are square. */
double picture_row_height(double width, int n);
/* Fills width x height. */
void picture_row_draw(cairo_t *cr, double width, double height, const PictureRow *row);
/* The same in the form that ui/draw/export.h wants. */
void draw_picture_row(cairo_t *cr, double width, double height, const void *row);
