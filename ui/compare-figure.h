/* Two runs side by side as a figure for files: patterns and difference, curves, the rows that differ.  Cairo
 * and numbers; any thread that owns what it draws. */
#pragma once

#include "ui/compared-run.h"
#include "ui/draw/palette.h"
#include "ui/draw/pattern-pixels.h"

typedef struct {
  const Palette *palette;
  const HfComparedRun *runs[N_SIDES];
  const HfComparedMoment *moments[N_SIDES];
  double lock; /* of the factor; 0: what suits both patterns */
  PatternMap map;
  const HfCompareRow *rows; /* those that differ are drawn, with their names as they are */
  int n_rows;
} CompareFigure;

/* For a figure of this width. */
double compare_figure_height(double width, const CompareFigure *figure);
/* A DrawFunction: figure is a CompareFigure. */
void compare_figure_draw(cairo_t *cr, double width, double height, const void *figure);
