#include "app/answers.h"

#include <math.h>

void answers_softmax(float *row, int n) {
  float top = row[0];
  double sum = 0;
  for (int i = 1; i < n; i++)
    top = MAX(top, row[i]);
  for (int i = 0; i < n; i++)
    sum += row[i] = expf(row[i] - top);
  for (int i = 0; i < n; i++)
    row[i] = (float)(row[i] / sum);
}

float *answers_map(const float *z, const Tensor *omega, const Tensor *bias) {
  int n_source = (int)omega->shape.dim[0], n_target = (int)omega->shape.dim[1];
  float *target = g_memdup2(bias->data, tensor_bytes(bias));
  for (int s = 0; s < n_source; s++)
    for (int t = 0; t < n_target; t++)
      target[t] += z[s] * tensor_floats(omega)[s * n_target + t];
  return target;
}

float *answers_probabilities(const float *z, const Tensor *omega, const Tensor *bias) {
  float *row = answers_map(z, omega, bias);
  answers_softmax(row, (int)tensor_count(bias));
  return row;
}

void answers_undo_normalisation(const Manipulation *like, float *received) {
  int64_t plane = (int64_t)like->height * like->width;
  for (int64_t i = 0; i < plane * like->channels; i++)
    received[i] = received[i] * like->std[i / plane] + like->mean[i / plane];
}
