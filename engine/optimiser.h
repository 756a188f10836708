/* Optimisers and schedules: how the learnable numbers move.  One optimiser a file of optimisers/, one row in
 * the table of optimisers/optimisers.c.
 *
 * An optimiser is a function of (parameters, gradient, moments, step); it keeps nothing of its own, so a
 * checkpoint of the moments is all of its state. */
#pragma once

#include "engine/setting.h"
#include <stddef.h>

#define OPTIMISER_MAX_MOMENTS 2

typedef struct {
  const char *name, *title, *paper, *summary;
  const Setting *settings;
  int n_moments; /* arrays as long as the parameters, zero at the start */
  /* One update, in place.  `step` = 1 for the first; `rate` already has the schedule in it. */
  void (*update)(const Settings *settings, double rate, int step, size_t n, float *parameters,
                 const float *gradient, float *const *moments);
} OptimiserKind;

extern const OptimiserKind *const optimiser_kinds[];
/* Rows that every optimiser has: rate, schedule, milestones, gamma. */
extern const Setting optimiser_settings[];

typedef struct {
  const char *name, *title, *summary;
  /* Factor on the rate in [0, 1] for the step (0 = first) of `steps`, `epoch` (0 = first) of `epochs`. */
  double (*factor)(const Settings *settings, int step, int steps, int epoch, int epochs);
} ScheduleKind;

extern const ScheduleKind schedule_kinds[]; /* ends with a NULL name */
const ScheduleKind *schedule_find(const char *name);
/* The rate of a step: settings' rate times the factor of settings' schedule. */
double schedule_rate(const Settings *settings, int step, int steps, int epoch, int epochs);
