/* How Resize and Upsample map one axis: for each output index the input elements it is a weighted sum of.
 *
 * Source: ONNX operator Resize (operator sets 10 to 19) and Upsample (7, 9).  Cubic: Keys 1981, Cubic
 * convolution interpolation for digital image processing. */
#pragma once

#include "engine/op.h"

typedef enum { RESIZE_NEAREST, RESIZE_LINEAR, RESIZE_CUBIC } ResizeMode;

/* The original index that an output index stands for, before rounding. */
typedef struct _ResizeAxis ResizeAxis;
typedef double (*ResizeTransform)(const ResizeAxis *axis, double index);
typedef double (*ResizeRound)(double index);

/* The settings of one axis. */
struct _ResizeAxis {
  int64_t in, out;
  double scale;      /* out / in, or as the node has it */
  double start, end; /* of the region, as parts of the input: tf_crop_and_resize only */
  ResizeMode mode;
  ResizeTransform transform;
  ResizeRound round; /* nearest only */
  bool crops;        /* indices outside the input become the extrapolation value */
  bool antialias, exclude_outside;
  double cubic; /* cubic_coeff_a */
};

/* By name; NULL when there is none. */
ResizeTransform resize_transform(const char *name);
ResizeRound resize_round(const char *name);

/* One output element: sum over k < count of weight[k] x[first + k].  count 0: it lies outside. */
typedef struct {
  int32_t first, count;
  int64_t weights; /* where they begin in ResizeTable.weight */
} ResizeTaps;

typedef struct {
  int64_t in, out;
  ResizeTaps *taps; /* out of them */
  float *weight;
} ResizeTable;

/* Axes whose numbers of elements are beyond this are refused where they are resized, so that tables stay
 * small. */
#define RESIZE_AXIS_LIMIT ((int64_t)1 << 22)

/* At most so many inputs belong to one output element. */
int64_t resize_axis_taps(const ResizeAxis *axis);
/* Allocates what the table points at; out and in are at most RESIZE_AXIS_LIMIT. */
void resize_table_init(ResizeTable *table, const ResizeAxis *axis);
void resize_table_clear(ResizeTable *table);
