/* The equation of the present choice, y = O(f(I(x))) with the values filled in, as pieces to draw and in
 * words. */
#pragma once

#include "engine/run-spec.h"
#include "ui/draw/formula.h"

/* Texts live as long as the program.  (transfer full) (element-type FormulaPiece) */
GArray *choice_formula(const RunSpec *spec);
/* The pieces one after the other, for a reader that cannot see them.  (transfer full) */
char *formula_words(const FormulaPiece *pieces, int n);
