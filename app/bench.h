/* How long a model, or a run's step, takes. */
#pragma once

#include "app/session.h"

typedef struct {
  int batch;      /* items a step; 0: 64 for a model, the spec's own for a spec */
  int tokens;     /* length of a row of tokens */
  int threads;    /* 0: as many as cores */
  double seconds; /* how long each kind of step is repeated */
  int steps;      /* exactly so many times; 0: as long as `seconds` */
} BenchOptions;

typedef struct {
  int batch, threads;
  double forward_ms, step_ms; /* medians; NaN where there is no way back to the input */
  size_t kept_bytes;          /* an item: what lives from forward to backward */
} BenchResult;

/* Forward, and forward with backward to the input (for integers: to the embedding) from a cross-entropy. */
bool bench_model(const FrozenModel *model, const BenchOptions *options, BenchResult *result, GError **error);
/* Forward of the whole program on a batch of training pictures, and a whole training step. */
bool bench_session(Session *session, const BenchOptions *options, BenchResult *result, GError **error);

/* Runs it once to warm up, then repeatedly, and returns the median in milliseconds; NaN when it failed. */
double bench_median(const BenchOptions *options, bool (*run)(void *data), void *data);
