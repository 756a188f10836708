/* What stands beside curves: reference levels with their names, labels at the curves' ends, cursors with
 * their values. */
#pragma once

#include "ui/draw/curve-line.h"

#define CURVE_TEXT 10.5

/* The lines, below the curves. */
void curve_levels_draw(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot);
/* Their names and values, on top of the curves. */
void curve_level_names_draw(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot);
void curve_labels_draw(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot);
void curve_marks_draw(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot);
/* The vertical line at a step, with the last curve's value beside it where it is `named`. */
void curve_cursor_draw(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot, int step, Ink ink,
                       bool named);
