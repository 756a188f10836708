/* Training from the command line: what `run` and `resume` share. */
#pragma once

#include "app/session.h"

typedef struct {
  gboolean json;
  double seconds;     /* stop after so long; 0: never */
  const char *png;    /* where the pattern goes as a picture; NULL: nowhere */
  const char *resume; /* UUID; NULL: a new run */
} TrainOptions;

/* Trains until the end, Ctrl-C or the time, and reports.  False when the run failed. */
bool train(const Session *session, RunStore *store, const TrainOptions *options, GError **error);
