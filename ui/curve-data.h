/* A run's series as curves: batches smoothed, evaluations as they are.  Follows a series that grows without
 * starting anew. */
#pragma once

#include "ui/draw/curves.h"
#include "ui/series.h"

typedef struct {
  const HfSeries *series; /* borrowed; NULL: none */
  guint steps_read, evaluations_read;
  GArray *step, *accuracy, *loss;                     /* double: of the batches, smoothed */
  GArray *gradient;                                   /* double: norms as they are; NaN: not known */
  bool has_gradient;                                  /* some are known */
  GArray *at, *validation_accuracy, *validation_loss; /* double: of the evaluations */
  double smooth_accuracy, smooth_loss;
  RunStep last_step; /* as it was read: an array that has grown still has it in its place */
} CurveData;

void curve_data_init(CurveData *self);
void curve_data_clear(CurveData *self);
/* The same series again is followed on; another one begins anew with the next update. */
void curve_data_set(CurveData *self, const HfSeries *series);
/* Reads what has been added since. */
void curve_data_update(CurveData *self);
/* The last curve is the validation's. */
void curve_data_accuracy(const CurveData *self, const Palette *palette, Curve curves[2]);
void curve_data_loss(const CurveData *self, const Palette *palette, Curve curves[2]);
void curve_data_gradient(const CurveData *self, const Palette *palette, Curve curves[1]);
