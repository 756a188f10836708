/* Draws what the marks on the map of the 72 cells mean, each beside a small cell.  Numbers in, ink out; no
 * GTK. */
#pragma once

#include "ui/draw/palette.h"

/* The height that suits a width, in user units. */
double cell_legend_height(double width);
void cell_legend_draw(cairo_t *cr, double width, const Palette *palette);
/* The same in words. (transfer full) */
char *cell_legend_words(void);
