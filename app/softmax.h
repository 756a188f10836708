/* Where a gradient begins when no run is around: the cross-entropy of a model's own answers. */
#pragma once

#include <stdint.h>

/* z and dz are (rows, classes): dz = (softmax(z) - onehot(target)) / counted, the gradient of the mean
 * cross-entropy over `counted` rows.  A row whose target is negative does not count.  target NULL: class 0
 * for every row. */
void softmax_gradient(const float *z, const int64_t *target, int64_t rows, int64_t classes, int64_t counted,
                      float *dz);
