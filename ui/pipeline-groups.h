/* Blocks of f that stand as one stage of the strip, so that all of it fits.  Plain values; no widget. */
#pragma once

#include "ui/pipeline-stages.h"

/* Stages first..last of the row; mostly one. */
typedef struct {
  guint first, last;
  int width; /* pixels */
} StageGroup;

/* How wide the i-th stage's button is with another title and another shape. */
typedef int (*StageWidth)(guint i, const char *title, const char *shape, gpointer data);

/* The row as groups, `between` pixels apart, no wider than `available` where that can be had; widths[i] is
 * the i-th stage's own.  Runs of blocks with equal shapes come first, the longest before others; then
 * neighbours of other shapes.  What is lit stays apart from what is not, and stands alone as long as that is
 * possible. (transfer full) (element-type StageGroup) */
GArray *pipeline_groups(const GPtrArray *stages, const int *widths, int between, int available,
                        StageWidth width, gpointer data);
/* "block2–5", or the only stage's name.  (transfer full) */
char *stage_group_name(const GPtrArray *stages, const StageGroup *group);
/* The shape that all of it has, or "→" and the one that comes out.  (transfer full) */
char *stage_group_shape(const GPtrArray *stages, const StageGroup *group);
