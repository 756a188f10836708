#include "app/softmax.h"

#include <math.h>
#include <string.h>

void softmax_gradient(const float *z, const int64_t *target, int64_t rows, int64_t classes, int64_t counted,
                      float *dz) {
  for (int64_t i = 0; i < rows; i++, z += classes, dz += classes) {
    int64_t class = target ? target[i] : 0;
    if (class < 0) {
      memset(dz, 0, sizeof(float) * (size_t)classes);
      continue;
    }
    double most = z[0], sum = 0;
    for (int64_t k = 1; k < classes; k++)
      most = fmax(most, z[k]);
    for (int64_t k = 0; k < classes; k++)
      sum += exp(z[k] - most);
    for (int64_t k = 0; k < classes; k++)
      dz[k] = (float)((exp(z[k] - most) / sum - (k == class)) / (double)counted);
  }
}
