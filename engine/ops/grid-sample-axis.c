#include "engine/ops/grid-sample.h"

#include <math.h>

/* Where the axis begins and ends for a reflection. */
typedef struct {
  double low, high;
} Border;

static Border border_of(const Sampling *sampling, int64_t size) {
  return sampling->align_corners ? (Border){0, (double)(size - 1)} : (Border){-0.5, (double)size - 0.5};
}

/* at mirrored at the borders until it lies between them; *sign: whether it now runs backwards. */
static double reflect(double at, Border border, double *sign) {
  double span = border.high - border.low, distance = fabs(at - border.low);
  *sign = at < border.low ? -1 : 1;
  if (span <= 0)
    return border.low;
  bool odd = fmod(floor(distance / span), 2) != 0;
  double rest = fmod(distance, span);
  if (odd)
    *sign = -*sign;
  return odd ? border.high - rest : border.low + rest;
}

/* The pixel that stands for `index`, -1 where there is none. */
static int64_t padded(const Sampling *sampling, double index, int64_t size) {
  double last = (double)(size - 1), sign;
  if (sampling->padding == SAMPLE_ZEROS && !(index >= 0 && index <= last))
    return -1;
  if (sampling->padding == SAMPLE_REFLECTION)
    index = nearbyint(reflect(index, border_of(sampling, size), &sign));
  return (int64_t)CLAMP(index, 0, last);
}

static double cubic(double x) {
  const double a = -0.75;
  x = fabs(x);
  return x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

static double cubic_slope(double x) {
  const double a = -0.75;
  double size = fabs(x), slope = 0;
  if (size <= 1)
    slope = (3 * (a + 2) * size - 2 * (a + 3)) * size;
  else if (size < 2)
    slope = (3 * a * size - 10 * a) * size + 8 * a;
  return x < 0 ? -slope : slope;
}

static void add_tap(SampleTaps *taps, const Sampling *sampling, double index, int64_t size, double weight,
                    double slope) {
  int64_t found = padded(sampling, index, size);
  int k = taps->n++;
  taps->index[k] = MAX(found, 0);
  taps->weight[k] = found < 0 ? 0 : (float)weight;
  taps->slope[k] = found < 0 ? 0 : (float)slope;
}

SampleTaps sample_taps(const Sampling *sampling, float number, int64_t size) {
  SampleTaps taps = {0};
  double length = (double)size, last = length - 1, sign = 1;
  double slope = sampling->align_corners ? last / 2 : length / 2;
  double at =
      sampling->align_corners ? ((double)number + 1) * last / 2 : (((double)number + 1) * length - 1) / 2;
  Border border = border_of(sampling, size);
  /* Far away all indices are alike: outside, on the border, or again and again between the mirrors. */
  if (!(fabs(at) < 0x1p40))
    at = at == at && sampling->padding == SAMPLE_REFLECTION ? fmod(at, MAX(2 * (border.high - border.low), 1))
         : at > 0                                           ? 2 * length + 8
                                                            : -length - 8;
  if (sampling->mode == SAMPLE_NEAREST) {
    add_tap(&taps, sampling, nearbyint(at), size, 1, 0);
  } else if (sampling->mode == SAMPLE_LINEAR) {
    if (sampling->padding == SAMPLE_REFLECTION)
      at = reflect(at, border, &sign);
    if (sampling->padding != SAMPLE_ZEROS && !(at >= 0 && at <= last)) {
      at = CLAMP(at, 0, last);
      sign = 0;
    }
    double first = floor(at), part = at - first;
    add_tap(&taps, sampling, first, size, 1 - part, -slope * sign);
    add_tap(&taps, sampling, first + 1, size, part, slope * sign);
  } else {
    double first = floor(at) - 1;
    for (int k = 0; k < SAMPLE_TAPS; k++)
      add_tap(&taps, sampling, first + k, size, cubic(at - first - k), slope * cubic_slope(at - first - k));
  }
  return taps;
}
