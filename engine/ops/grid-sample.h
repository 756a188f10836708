/* The points of GridSample: which pixels of x a point reads along one axis, and with which weights. */
#pragma once

#include "engine/op.h"

typedef enum { SAMPLE_NEAREST, SAMPLE_LINEAR, SAMPLE_CUBIC } SampleMode;
typedef enum { SAMPLE_ZEROS, SAMPLE_BORDER, SAMPLE_REFLECTION } SamplePadding;

#define SAMPLE_TAPS 4

typedef struct {
  SampleMode mode;
  SamplePadding padding;
  bool align_corners;
} Sampling;

/* sum over k < n of weight[k] x[index[k]]; slope[k] is the derivative of weight[k] with respect to the grid's
 * number.  Every index lies inside the axis. */
typedef struct {
  int n;
  int64_t index[SAMPLE_TAPS];
  float weight[SAMPLE_TAPS], slope[SAMPLE_TAPS];
} SampleTaps;

/* The taps of the grid's number (-1..1 is the axis) on an axis of `size` >= 1 pixels. */
SampleTaps sample_taps(const Sampling *sampling, float number, int64_t size);
