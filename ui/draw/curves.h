/* Draws curves over steps: lines with min/max decimation, reference levels with their names, a cursor.  Cairo
 * and Pango only. */
#pragma once

#include "ui/draw/palette.h"

typedef struct {
  const char *name;
  const double *steps, *values; /* steps ascend; a value that is NaN is a gap */
  int n;
  Ink ink;
  double width;        /* of the line, user units */
  double alpha;        /* 0..1 */
  bool dashed, points; /* points: a dot at each value, where there is room */
  const char *label;   /* beside its last value, in the plot's `room`; NULL: none */
} Curve;

typedef struct {
  const char *name;
  double value;   /* NaN: not drawn */
  const Ink *ink; /* NULL: of second rank */
  bool test;      /* measured on the test part, other than the curves: its name says so */
} CurveLevel;

/* A vertical line at a step of one of the curves. */
typedef struct {
  double step; /* negative: not drawn */
  int curve;   /* whose value is marked, in whose ink */
} CurveMark;

typedef struct {
  const Palette *palette;
  const char *title;   /* within the plot's upper left corner; NULL: none */
  const Curve *curves; /* drawn in this order; the last one is read at the cursor */
  int n_curves;
  const CurveLevel *levels;
  int n_levels;
  double last_step;       /* right end of the axis */
  double low, high;       /* NaN: where curves and levels are */
  bool percent;           /* values are shares, shown in percent */
  int cursor;             /* the step that all panes show; -1: none */
  int hover;              /* the step below the pointer; -1: none */
  const char *empty;      /* shown where no curve has a value yet; NULL: nothing */
  const CurveMark *marks; /* beside the cursor */
  int n_marks;
  double room;        /* for the curves' labels, right of the frame */
  bool no_steps;      /* the axis of steps is that of a plot below */
  bool levels_beside; /* the levels' names stand there too, where there is height for all */
} CurvesPlot;

/* Fills width x height (at least 120 x 50, else nothing is drawn). */
void curves_draw(cairo_t *cr, double width, double height, const CurvesPlot *plot);
/* The step below a point of that drawing; -1 outside. */
int curves_step_at(double width, double height, const CurvesPlot *plot, double x, double y);
/* The value of a curve at the last of its steps that is not after `step` and has one; NaN when there is none.
 * *found (may be NULL): its step. */
double curve_value_at(const Curve *curve, double step, double *found);
/* Likewise on the straight line to its next value; NaN outside of the curve. */
double curve_value_between(const Curve *curve, double step);
/* "64.1 %" or "0.412"  (transfer full) */
char *curves_value_text(const CurvesPlot *plot, double value);
