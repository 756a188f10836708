/* A stored run that stands beside another one, as plain values.  Made in a thread, then owned by the page. */
#pragma once

#include "engine/tensor.h"
#include "ui/draw/pattern-pixels.h"
#include "ui/series.h"

typedef enum { SIDE_A, SIDE_B, N_SIDES } CompareSide;

/* What does not change with the moment. */
typedef struct {
  char *id, *name;
  HfSeries *series;
  GArray *stored;  /* int: steps with a stored pattern, ascending */
  int total_steps; /* at least 1 */
} HfComparedRun;

/* What is seen at a stored step. */
typedef struct {
  int step;
  Tensor *pattern; /* (channels, height, width); NULL: there is none that is a picture */
  Tensor *mask;    /* 1 where the pattern may be; NULL: everywhere */
  float neutral;
} HfComparedMoment;

/* The factor that both patterns are shown with: the smaller of those that suit them.  One that says nothing,
 * or is not there (NULL), is not asked. */
double compared_factor(const PatternNumbers *a, const PatternNumbers *b);

/* A line of what differs. */
typedef struct {
  const char *name;
  const char *a, *b;
  const char *difference; /* NULL: none can be told */
  bool differs;
} HfCompareRow;

/* Lines below a heading. */
typedef struct {
  const char *title;
  const HfCompareRow *rows;
  int n;
  bool numbers;     /* the last column is B - A */
  bool same_hidden; /* rows that do not differ are shown only on demand */
} HfCompareSection;

/* All empty.  (transfer full) */
HfComparedRun *hf_compared_run_new(void);
void hf_compared_run_free(HfComparedRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HfComparedRun, hf_compared_run_free)
/* The last stored step at or before a share of the training; -1: none. */
int hf_compared_run_step_at(const HfComparedRun *run, double share);

HfComparedMoment *hf_compared_moment_new(void);
void hf_compared_moment_free(HfComparedMoment *moment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HfComparedMoment, hf_compared_moment_free)

/* b - a, each as its distance from neutral, 0 where it may not be.  NULL where the shapes do not agree.
 * (transfer full) */
Tensor *compared_difference(const HfComparedMoment *a, const HfComparedMoment *b);
/* Where one of them may be; NULL: everywhere.  (transfer full) */
Tensor *compared_mask(const HfComparedMoment *a, const HfComparedMoment *b);
/* A value of a row as it is shown: one that is not there, and one that is empty, are seen as such. */
const char *compare_value_text(const char *value);
