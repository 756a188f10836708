#include "engine/kernels/columns.h"

#include <string.h>

/* Where tap (kd, kh) of the output pixel (od, oh, .) reads: the row of input elements, or -1 in the padding.
 */
static int64_t input_row(const Window *w, int64_t od, int64_t oh, int64_t kd, int64_t kh) {
  int64_t id = od * w->stride[DEPTH] - w->before[DEPTH] + kd * w->dilation[DEPTH];
  int64_t ih = oh * w->stride[HEIGHT] - w->before[HEIGHT] + kh * w->dilation[HEIGHT];
  if (id < 0 || id >= w->in[DEPTH] || ih < 0 || ih >= w->in[HEIGHT])
    return -1;
  return id * w->in[HEIGHT] + ih;
}

/* The taps of one kernel row at output column ow.  n channels at a time; with dilation 1 and one group all
 * taps that lie inside are one run of memory. */
static void gather_taps(const ConvShape *shape, const float *row, int64_t ow, int64_t n, float *columns) {
  const Window *w = &shape->window;
  int64_t first = ow * w->stride[WIDTH] - w->before[WIDTH], taps = w->kernel[WIDTH];
  if (w->dilation[WIDTH] == 1 && shape->groups == 1) {
    int64_t from = CLAMP(-first, 0, taps), to = CLAMP(w->in[WIDTH] - first, from, taps);
    memset(columns, 0, sizeof(float) * (size_t)(from * n));
    if (to > from)
      memcpy(columns + from * n, row + (first + from) * n, sizeof(float) * (size_t)((to - from) * n));
    memset(columns + to * n, 0, sizeof(float) * (size_t)((taps - to) * n));
    return;
  }
  for (int64_t k = 0; k < taps; k++, columns += n) {
    int64_t i = first + k * w->dilation[WIDTH];
    if (i >= 0 && i < w->in[WIDTH])
      memcpy(columns, row + i * shape->inputs, sizeof(float) * (size_t)n);
    else
      memset(columns, 0, sizeof(float) * (size_t)n);
  }
}

static void scatter_taps(const ConvShape *shape, const float *columns, int64_t ow, int64_t n, float *row) {
  const Window *w = &shape->window;
  int64_t first = ow * w->stride[WIDTH] - w->before[WIDTH];
  for (int64_t k = 0; k < w->kernel[WIDTH]; k++, columns += n) {
    int64_t i = first + k * w->dilation[WIDTH];
    if (i < 0 || i >= w->in[WIDTH])
      continue;
    for (int64_t c = 0; c < n; c++)
      row[i * shape->inputs + c] += columns[c];
  }
}

/* One of x and dx is NULL: gather or scatter. */
static void last_columns(const ConvShape *shape, const float *x, float *dx, int64_t group, int64_t from,
                         int64_t to, float *columns) {
  const Window *w = &shape->window;
  int64_t n = shape->inputs / shape->groups, taps = w->kernel[WIDTH] * n,
          row_size = w->in[WIDTH] * shape->inputs;
  for (int64_t p = from; p < to; p++) {
    int64_t ow = p % w->out[WIDTH], oh = p / w->out[WIDTH] % w->out[HEIGHT],
            od = p / (w->out[WIDTH] * w->out[HEIGHT]);
    for (int64_t kd = 0; kd < w->kernel[DEPTH]; kd++)
      for (int64_t kh = 0; kh < w->kernel[HEIGHT]; kh++, columns += taps) {
        int64_t row = input_row(w, od, oh, kd, kh), at = row * row_size + group * n;
        if (row < 0 && x)
          memset(columns, 0, sizeof(float) * (size_t)taps);
        else if (row >= 0 && x)
          gather_taps(shape, x + at, ow, n, columns);
        else if (row >= 0)
          scatter_taps(shape, columns, ow, n, dx + at);
      }
  }
}

/* Output columns from..to-1 of one row for a tap at `shift` input elements. */
static void gather_run(const Window *w, const float *row, int64_t shift, int64_t from, int64_t to,
                       float *columns) {
  int64_t stride = w->stride[WIDTH];
  for (int64_t o = from; o < to; o++) {
    int64_t i = o * stride + shift;
    columns[o - from] = i >= 0 && i < w->in[WIDTH] ? row[i] : 0;
  }
}

static void scatter_run(const Window *w, const float *columns, int64_t shift, int64_t from, int64_t to,
                        float *row) {
  int64_t stride = w->stride[WIDTH];
  for (int64_t o = from; o < to; o++) {
    int64_t i = o * stride + shift;
    if (i >= 0 && i < w->in[WIDTH])
      row[i] += columns[o - from];
  }
}

/* One tap of one channel for all pixels: the output's rows, or parts of them, one after the other. */
static void major_tap(const Window *w, const float *x, float *dx, const int64_t tap[SPACE], int64_t from,
                      int64_t to, float *columns) {
  int64_t shift = tap[WIDTH] * w->dilation[WIDTH] - w->before[WIDTH];
  for (int64_t p = from; p < to;) {
    int64_t ow = p % w->out[WIDTH], oh = p / w->out[WIDTH] % w->out[HEIGHT],
            od = p / (w->out[WIDTH] * w->out[HEIGHT]);
    int64_t n = MIN(w->out[WIDTH] - ow, to - p), row = input_row(w, od, oh, tap[DEPTH], tap[HEIGHT]);
    if (row < 0 && x)
      memset(columns, 0, sizeof(float) * (size_t)n);
    else if (row >= 0 && x)
      gather_run(w, x + row * w->in[WIDTH], shift, ow, ow + n, columns);
    else if (row >= 0)
      scatter_run(w, columns, shift, ow, ow + n, dx + row * w->in[WIDTH]);
    columns += n;
    p += n;
  }
}

static void major_columns(const ConvShape *shape, const float *x, float *dx, int64_t group, int64_t from,
                          int64_t to, float *columns) {
  const Window *w = &shape->window;
  int64_t n = shape->inputs / shape->groups, plane = space_count(w->in), tap[SPACE];
  for (int64_t c = group * n; c < (group + 1) * n; c++)
    for (tap[DEPTH] = 0; tap[DEPTH] < w->kernel[DEPTH]; tap[DEPTH]++)
      for (tap[HEIGHT] = 0; tap[HEIGHT] < w->kernel[HEIGHT]; tap[HEIGHT]++)
        for (tap[WIDTH] = 0; tap[WIDTH] < w->kernel[WIDTH]; tap[WIDTH]++, columns += to - from)
          major_tap(w, x ? x + c * plane : NULL, dx ? dx + c * plane : NULL, tap, from, to, columns);
}

void columns_gather(const ConvShape *shape, const float *x, int64_t group, int64_t from, int64_t to,
                    float *columns) {
  if (shape->order == ORDER_CHANNELS_LAST)
    last_columns(shape, x, NULL, group, from, to, columns);
  else
    major_columns(shape, x, NULL, group, from, to, columns);
}

void columns_scatter(const ConvShape *shape, const float *columns, int64_t group, int64_t from, int64_t to,
                     float *dx) {
  if (shape->order == ORDER_CHANNELS_LAST)
    last_columns(shape, NULL, dx, group, from, to, (float *)columns);
  else
    major_columns(shape, NULL, dx, group, from, to, (float *)columns);
}
