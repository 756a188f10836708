#include "engine/sample-set.h"

#include <math.h>
#include <string.h>

static void part_init(SamplePart *part) {
  part->pictures = g_array_new(FALSE, FALSE, sizeof(Picture));
  part->texts = g_array_new(FALSE, FALSE, sizeof(Text));
  part->rows = g_array_new(FALSE, FALSE, sizeof(TokenRow));
  part->labels = g_array_new(FALSE, FALSE, sizeof(int));
}

static void part_clear(SamplePart *part) {
  g_array_unref(part->pictures);
  g_array_unref(part->texts);
  g_array_unref(part->rows);
  g_array_unref(part->labels);
}

SampleSet *sample_set_new(const char *name, const char *title) {
  SampleSet *set = g_new0(SampleSet, 1);
  set->name = g_strdup(name);
  set->title = g_strdup(title);
  part_init(&set->train);
  part_init(&set->validation);
  part_init(&set->test);
  set->blocks = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  return set;
}

void sample_set_free(SampleSet *set) {
  if (!set)
    return;
  part_clear(&set->train);
  part_clear(&set->validation);
  part_clear(&set->test);
  g_ptr_array_unref(set->blocks);
  g_strfreev(set->classes);
  g_free(set->name);
  g_free(set->title);
  g_free(set->license);
  g_free(set->source);
  g_free(set->drawn_sha256);
  g_free(set);
}

void sample_part_append(SamplePart *part, const Picture *picture, int label) {
  g_array_append_vals(part->pictures, picture, 1);
  g_array_append_val(part->labels, label);
}

void sample_part_append_text(SamplePart *part, const char *bytes, size_t length, int label) {
  Text text = {bytes, length};
  g_array_append_val(part->texts, text);
  g_array_append_val(part->labels, label);
}

void sample_part_append_row(SamplePart *part, const int32_t *ids, int n, int label) {
  TokenRow row = {ids, n};
  g_array_append_val(part->rows, row);
  g_array_append_val(part->labels, label);
}

/* How each element of a resized axis is made:
 *     out[i] = sum over t < taps of weights[i * taps + t] * in[first[i] + t]
 * where first[i] + taps is at most the length of the old axis. */
typedef struct {
  int taps;
  int *first;
  float *weights;
} Taps;

/* Bilinear: the centre of new pixel i lies at (i + 0.5) * from / to - 0.5 among the old ones, held inside. */
static void axis_enlarge(Taps *axis, int from, int to) {
  double scale = (double)from / to;
  for (int i = 0; i < to; i++) {
    double place = MAX((i + 0.5) * scale - 0.5, 0);
    int first = MIN((int)place, from - axis->taps);
    double weight = MIN(place - first, 1);
    axis->first[i] = first;
    axis->weights[i * axis->taps] = axis->taps == 1 ? 1 : (float)(1 - weight);
    if (axis->taps == 2)
      axis->weights[i * 2 + 1] = (float)weight;
  }
}

/* Area average: pixel i covers [i, i + 1) * from / to, and each old pixel counts by the length of it that is
 * covered. In units of 1 / to of an old pixel all ends are whole numbers, so the lengths are exact. */
static void axis_shrink(Taps *axis, int from, int to) {
  for (int i = 0; i < to; i++) {
    int64_t start = (int64_t)i * from, end = start + from;
    int first = MIN((int)(start / to), from - axis->taps);
    axis->first[i] = first;
    for (int t = 0; t < axis->taps; t++) {
      int64_t left = MAX(start, (int64_t)(first + t) * to), right = MIN(end, (int64_t)(first + t + 1) * to);
      axis->weights[i * axis->taps + t] = (float)((double)MAX(right - left, 0) / from);
    }
  }
}

/* A window of from / to old pixels that may begin inside one touches at most the whole ones and two parts. */
static int axis_taps(int from, int to) {
  if (from < to)
    return MIN(2, from);
  return from % to == 0 ? from / to : MIN(from / to + 2, from);
}

static size_t axis_size(int from, int to) {
  return (size_t)to * (sizeof(int) + (size_t)axis_taps(from, to) * sizeof(float));
}

/* Fills an axis whose arrays lie in `memory` (axis_size bytes). */
static Taps axis_new(int from, int to, void *memory) {
  Taps axis = {axis_taps(from, to), memory, (float *)((int *)memory + to)};
  (from < to ? axis_enlarge : axis_shrink)(&axis, from, to);
  return axis;
}

/* One row of the new height at the old width: sum[x] over width * channels interleaved numbers, in 0..1. */
static void mix_rows(const uint8_t *row, size_t stride, const float *weights, int taps, float *restrict sum) {
  for (size_t x = 0; x < stride; x++)
    sum[x] = weights[0] * (float)row[x];
  for (int t = 1; t < taps; t++) {
    row += stride;
    for (size_t x = 0; x < stride; x++)
      sum[x] += weights[t] * (float)row[x];
  }
  for (size_t x = 0; x < stride; x++)
    sum[x] /= 255.0f;
}

/* Inlined once for each usual number of taps, so that the inner loop has a known length. */
static inline void mix_columns(const float *restrict row, int step, const Taps *axis, int taps, int to,
                               float *restrict plane) {
  for (int i = 0; i < to; i++) {
    const float *from = row + (size_t)axis->first[i] * (size_t)step,
                *weights = axis->weights + (size_t)i * (size_t)taps;
    float sum = weights[0] * from[0];
    for (int t = 1; t < taps; t++)
      sum += weights[t] * from[t * step];
    plane[i] = MIN(sum, 1.0f); /* rounding may pass 1 by a little */
  }
}

static void resize_row(const float *row, int step, const Taps *axis, int to, float *plane) {
  if (axis->taps == 1)
    mix_columns(row, step, axis, 1, to, plane);
  else if (axis->taps == 2)
    mix_columns(row, step, axis, 2, to, plane);
  else
    mix_columns(row, step, axis, axis->taps, to, plane);
}

/* Red, green and blue of a row to their mean, in place. */
static void mean_row(float *row, int width) {
  for (int x = 0; x < width; x++)
    row[x] = (row[3 * x] + row[3 * x + 1] + row[3 * x + 2]) / 3.0f;
}

void picture_resize(const Picture *picture, int size_height, int size_width, int channels, float *planes) {
  g_return_if_fail(picture->width > 0 && picture->height > 0 && size_height > 0 && size_width > 0);
  g_return_if_fail((picture->channels == 1 || picture->channels == 3) && (channels == 1 || channels == 3));
  size_t stride = (size_t)picture->width * (size_t)picture->channels;
  size_t plane = (size_t)size_height * (size_t)size_width;
  size_t rows_size = axis_size(picture->height, size_height),
         columns_size = axis_size(picture->width, size_width);
  /* Small pictures, that is nearly all, need no allocation. */
  _Alignas(16) char small[16384];
  size_t needed = rows_size + columns_size + stride * sizeof(float);
  char *memory = needed <= sizeof small ? small : g_malloc(needed);
  Taps rows = axis_new(picture->height, size_height, memory);
  Taps columns = axis_new(picture->width, size_width, memory + rows_size);
  float *row = (float *)(void *)(memory + rows_size + columns_size);
  int colours = MIN(picture->channels, channels); /* planes that differ */
  for (int y = 0; y < size_height; y++) {
    mix_rows(picture->pixels + (size_t)rows.first[y] * stride, stride,
             rows.weights + (size_t)y * (size_t)rows.taps, rows.taps, row);
    if (channels < picture->channels)
      mean_row(row, picture->width);
    for (int c = 0; c < colours; c++)
      resize_row(row + c, colours, &columns, size_width,
                 planes + (size_t)c * plane + (size_t)y * (size_t)size_width);
  }
  for (int c = colours; c < channels; c++)
    memcpy(planes + (size_t)c * plane, planes, plane * sizeof(float));
  if (memory != small)
    g_free(memory);
}

void planes_swap_red_blue(float *planes, size_t area) {
  for (size_t i = 0; i < area; i++) {
    float red = planes[i];
    planes[i] = planes[2 * area + i];
    planes[2 * area + i] = red;
  }
}
