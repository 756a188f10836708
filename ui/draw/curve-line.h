/* A curve as a path, and names that keep clear of each other. */
#pragma once

#include "ui/draw/curves.h"

/* Where numbers lie on the paper. */
typedef struct {
  double left, top, width, height; /* user units */
  double last_step, low, high;
} CurveFrame;

double curve_x(const CurveFrame *frame, double step);
double curve_y(const CurveFrame *frame, double value);
/* Strokes the curve.  Where many steps fall into one column of `pixel` user units their first, least,
 * greatest and last value are drawn: the same ink at a bounded price. */
void curve_stroke(cairo_t *cr, const CurveFrame *frame, const Curve *curve, double pixel);
/* Moves n ascending places apart so that neighbours are at least `apart` away from each other and all lie
 * within low..high, as far as there is room. */
void places_apart(double *places, int n, double apart, double low, double high);
