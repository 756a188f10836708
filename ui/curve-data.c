#include "ui/curve-data.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define SMOOTH 0.1 /* weight of a new batch */

static GArray *doubles(void) {
  return g_array_new(FALSE, FALSE, sizeof(double));
}

void curve_data_init(CurveData *self) {
  *self = (CurveData){.step = doubles(),
                      .accuracy = doubles(),
                      .loss = doubles(),
                      .gradient = doubles(),
                      .at = doubles(),
                      .validation_accuracy = doubles(),
                      .validation_loss = doubles(),
                      .smooth_accuracy = NAN,
                      .smooth_loss = NAN};
}

void curve_data_clear(CurveData *self) {
  GArray *all[] = {
      self->step,    self->accuracy, self->loss, self->at, self->validation_accuracy, self->validation_loss,
      self->gradient};
  for (guint i = 0; i < G_N_ELEMENTS(all); i++)
    g_array_unref(all[i]);
}

/* Whether what was read is still the beginning of the series. */
static bool goes_on(const CurveData *self, const HfSeries *series) {
  if (series->steps->len < self->steps_read || series->evaluations->len < self->evaluations_read)
    return false;
  return !self->steps_read || !memcmp(&g_array_index(series->steps, RunStep, self->steps_read - 1),
                                      &self->last_step, sizeof self->last_step);
}

static void begin(CurveData *self, const HfSeries *series) {
  curve_data_clear(self);
  curve_data_init(self);
  self->series = series;
}

void curve_data_set(CurveData *self, const HfSeries *series) {
  if (!series || series != self->series || !goes_on(self, series))
    begin(self, series);
}

/* A loss that is not a number stays a gap; the mean goes on behind it. */
static double smooth(double *mean, double value) {
  if (!isfinite(value))
    return NAN;
  *mean = isfinite(*mean) ? *mean + SMOOTH * (value - *mean) : value;
  return *mean;
}

void curve_data_update(CurveData *self) {
  const HfSeries *series = self->series;
  if (!series)
    return;
  if (!goes_on(self, series))
    begin(self, series);
  for (; self->steps_read < series->steps->len; self->steps_read++) {
    const RunStep *row = &g_array_index(series->steps, RunStep, self->steps_read);
    self->last_step = *row;
    double step = row->step, accuracy = smooth(&self->smooth_accuracy, row->train_accuracy),
           loss = smooth(&self->smooth_loss, row->loss);
    g_array_append_val(self->step, step);
    g_array_append_val(self->accuracy, accuracy);
    g_array_append_val(self->loss, loss);
    double gradient = row->gradient_norm > 0 ? row->gradient_norm : NAN;
    g_array_append_val(self->gradient, gradient);
    self->has_gradient = self->has_gradient || isfinite(gradient);
  }
  for (; self->evaluations_read < series->evaluations->len; self->evaluations_read++) {
    const RunEvaluation *row = &g_array_index(series->evaluations, RunEvaluation, self->evaluations_read);
    double step = row->step;
    g_array_append_val(self->at, step);
    g_array_append_val(self->validation_accuracy, row->validation_accuracy);
    g_array_append_val(self->validation_loss, row->validation_loss);
  }
}

static Curve curve_of(const char *name, const GArray *steps, const GArray *values, Ink ink) {
  return (Curve){.name = name,
                 .steps = (const double *)(const void *)steps->data,
                 .values = (const double *)(const void *)values->data,
                 .n = (int)values->len,
                 .ink = ink,
                 .width = 1.6,
                 .alpha = 0.42};
}

static void pair(const CurveData *self, const Palette *palette, const GArray *batches,
                 const GArray *evaluations, Curve curves[2]) {
  curves[0] = curve_of(_("batches, smoothed"), self->step, batches, palette->accent);
  curves[1] = curve_of(_("validation"), self->at, evaluations, palette->accent);
  curves[1].width = 2.4;
  curves[1].alpha = 1;
  curves[1].points = true;
}

void curve_data_accuracy(const CurveData *self, const Palette *palette, Curve curves[2]) {
  pair(self, palette, self->accuracy, self->validation_accuracy, curves);
}

void curve_data_loss(const CurveData *self, const Palette *palette, Curve curves[2]) {
  pair(self, palette, self->loss, self->validation_loss, curves);
}

void curve_data_gradient(const CurveData *self, const Palette *palette, Curve curves[1]) {
  curves[0] = curve_of(_("batches"), self->step, self->gradient, palette->mark);
  curves[0].alpha = 0.9;
}
