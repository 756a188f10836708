/* What rows of runs show as drawings: chips, and an accuracy over its baseline. */
#pragma once

#include "ui/draw/palette.h"

/* Words in rounded boxes, `in_line` of them beside each other, as many lines as it takes; the lines stand in
 * the middle of the height.  With in_line 0 they follow each other and "+2" stands for those without room. */
void draw_chips(cairo_t *cr, double width, double height, char *const *words, int n, int in_line,
                const Palette *palette);

/* Shares 0..1.  `gain`: accuracy minus its baseline.  NaN: not known; nothing is drawn for it. */
void draw_gain(cairo_t *cr, double width, double height, double accuracy, double gain,
               const Palette *palette);
