/* The curves of two runs on the same axes: accuracy and loss, beside each other where there is width, else
 * one above the other.  Cairo and numbers; any thread that owns the data. */
#pragma once

#include "ui/compared-run.h"
#include "ui/curve-data.h"

typedef struct {
  const CurveData *data[N_SIDES]; /* with a series */
  int at[N_SIDES];                /* the step that is marked; -1: none */
} CompareCurves;

void compare_curves_draw(cairo_t *cr, double width, double height, const Palette *palette,
                         const CompareCurves *curves);
/* The step below a point of that drawing; -1: none. */
int compare_curves_step_at(double width, double height, const CompareCurves *curves, double x, double y);
/* "A 73.4 %, B 70.1 %": validation accuracies at or before a step.  (transfer full) */
char *compare_curves_words(const CompareCurves *curves, int step);
