/* Draws a formula as one centred, wrapped line of mathematics, with the parts that are chosen in colour. */
#pragma once

#include "ui/draw/palette.h"

typedef enum { FORMULA_PLAIN, FORMULA_PATTERN, FORMULA_ANSWER } FormulaPart;

typedef struct {
  const char *text;
  FormulaPart part;
  bool upright; /* brackets, signs, names of functions; else italic */
  bool below;   /* a subscript */
} FormulaPiece;

double formula_height(const FormulaPiece *pieces, int n, double width, double size);
void formula_draw(cairo_t *cr, double width, const FormulaPiece *pieces, int n, double size,
                  const Palette *palette);
