/* im2col and col2im: the windows of a convolution written out as the rows or columns of a matrix.
 *
 * For pixels from..to-1 of one image's output (counted row-major over depth, height, width) and one group:
 *   channels-last: columns[pixel - from][tap][channel]    taps row-major over depth, height, width
 *   row-major:     columns[channel][tap][pixel - from]
 * Source: Chellapilla, Puri, Simard 2006, High performance convolutional neural networks for document
 * processing. */
#pragma once

#include "engine/kernels/kernel.h"

/* Elements of a row of the matrix that belong to one pixel. */
static inline int64_t columns_depth(const ConvShape *shape) {
  return shape->inputs / shape->groups * space_count(shape->window.kernel);
}
/* x: one image, all groups.  Padding becomes zeros. */
void columns_gather(const ConvShape *shape, const float *x, int64_t group, int64_t from, int64_t to,
                    float *columns);
/* The chain rule of columns_gather: adds each element to the input element that it came from. */
void columns_scatter(const ConvShape *shape, const float *columns, int64_t group, int64_t from, int64_t to,
                     float *dx);
