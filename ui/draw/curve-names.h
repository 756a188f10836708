/* What stands beside curves: reference levels with their names, labels at the curves' ends, cursors with
 * their values. */
#pragma once

#include "ui/draw/curve-line.h"

#define CURVE_TEXT  10.5
#define CURVE_TITLE 11.5
#define CURVE_RIGHT 10.0 /* of the frame to the paper's edge, without the labels' room */

/* The lines, below the curves. */
void curve_levels_draw(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot);
/* Their names and values, on top of the curves. */
void curve_level_names_draw(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot);
void curve_labels_draw(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot);
void curve_marks_draw(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot);
/* The vertical line at a step, a ring where the last curve was measured. */
void curve_cursor_draw(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot, int step, Ink ink);
/* "step 780  73.7 %" at the right end of the title's line, which has taken a part of the width. */
void curve_reading_draw(cairo_t *cr, double width, const CurvesPlot *plot, int step, double taken, Ink ink);
