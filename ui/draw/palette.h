/* Colours of drawings: what belongs to the theme comes from the widget or from one of the built-in sets, what
 * belongs to data is fixed and can be told apart by colour-blind people (Okabe and Ito 2008). */
#pragma once

#include "ui/draw/text.h"

typedef struct {
  Ink background, text, dim; /* dim: text of second rank */
  Ink line;                  /* grids, frames, empty tracks */
  Ink without;               /* numbers of f without the pattern */
  Ink accent;                /* numbers of f with the pattern */
  Ink mark;                  /* what is pointed at: the cursor, the assignment */
  Ink right, wrong;          /* always beside a word or a sign */
  Ink first, second;         /* two runs that are compared */
  bool dark, high_contrast;
} Palette;

/* Of files, and of widgets before the theme is known. */
Palette palette_builtin(bool dark, bool high_contrast);
/* The parts that are fixed, for the ground that the theme has: mark, right, wrong, first, second.
 */
void palette_set_data(Palette *palette);
Ink ink_mix(Ink a, Ink b, double share_of_b);
