#include "ui/inside-part.h"

#include <math.h>

static void part_free(gpointer data) {
  HfPart *part = data;
  for (int i = 0; part->looks && i < part->rows; i++)
    g_free(part->looks[i].nearest);
  g_free(part->looks);
  g_free(part->numbers);
  g_free(part->site);
  g_free(part);
}

GPtrArray *hf_parts_new(void) {
  return g_ptr_array_new_with_free_func(part_free);
}

float *hf_part_turned(const float *numbers, const int64_t *dims, int rank, int axis) {
  int64_t before = 1, behind = 1, n = axis < rank ? dims[axis] : 1;
  for (int i = 0; i < rank; i++)
    if (i < axis)
      before *= dims[i];
    else if (i > axis)
      behind *= dims[i];
  float *turned = g_new(float, (gsize)(before * n * behind) + 1);
  for (int64_t b = 0; b < before; b++)
    for (int64_t i = 0; i < n; i++)
      for (int64_t k = 0; k < behind; k++)
        turned[(i * before + b) * behind + k] = numbers[(b * n + i) * behind + k];
  return turned;
}

double hf_part_cosine(const float *a, const float *b, int n) {
  double product = 0, first = 0, second = 0;
  for (int i = 0; i < n; i++) {
    product += (double)a[i] * (double)b[i];
    first += (double)a[i] * (double)a[i];
    second += (double)b[i] * (double)b[i];
  }
  return first > 0 && second > 0 ? product / sqrt(first * second) : NAN;
}
