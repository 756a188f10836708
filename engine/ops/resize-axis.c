#include "engine/ops/resize-axis.h"

#include <math.h>
#include <string.h>

static double half_pixel(const ResizeAxis *axis, double index) {
  return (index + 0.5) / axis->scale - 0.5;
}

static double pytorch_half_pixel(const ResizeAxis *axis, double index) {
  return axis->out > 1 ? half_pixel(axis, index) : 0;
}

/* The length is that of the scaled input, which need not be whole. */
static double align_corners(const ResizeAxis *axis, double index) {
  double length = axis->scale * (double)axis->in;
  return axis->out > 1 && length > 1 ? index * (double)(axis->in - 1) / (length - 1) : 0;
}

static double asymmetric(const ResizeAxis *axis, double index) {
  return index / axis->scale;
}

static double half_pixel_for_nearest(const ResizeAxis *axis, double index) {
  return (index + 0.5) / axis->scale;
}

static double half_pixel_symmetric(const ResizeAxis *axis, double index) {
  double in = (double)axis->in, adjustment = (double)axis->out / (axis->scale * in);
  return in / 2 * (1 - adjustment) + half_pixel(axis, index);
}

static double crop_and_resize(const ResizeAxis *axis, double index) {
  double last = (double)(axis->in - 1);
  if (axis->out <= 1)
    return 0.5 * (axis->start + axis->end) * last;
  return axis->start * last + index * (axis->end - axis->start) * last / (double)(axis->out - 1);
}

ResizeTransform resize_transform(const char *name) {
  static const struct {
    const char *name;
    ResizeTransform transform;
  } rows[] = {
      {"half_pixel", half_pixel},
      {"pytorch_half_pixel", pytorch_half_pixel},
      {"align_corners", align_corners},
      {"asymmetric", asymmetric},
      {"tf_half_pixel_for_nn", half_pixel_for_nearest},
      {"half_pixel_symmetric", half_pixel_symmetric},
      {"tf_crop_and_resize", crop_and_resize},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    if (strcmp(rows[i].name, name) == 0)
      return rows[i].transform;
  return NULL;
}

static double prefer_floor(double index) {
  return ceil(index - 0.5);
}

static double prefer_ceil(double index) {
  return floor(index + 0.5);
}

ResizeRound resize_round(const char *name) {
  static const struct {
    const char *name;
    ResizeRound round;
  } rows[] = {
      {"round_prefer_floor", prefer_floor},
      {"round_prefer_ceil", prefer_ceil},
      {"floor", floor},
      {"ceil", ceil},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    if (strcmp(rows[i].name, name) == 0)
      return rows[i].round;
  return NULL;
}

/* Scales are float32, so an index that is meant to be whole or half is one up to that precision only: 3 /
 * (1/3) must not become 8. */
static double settle(double index) {
  double halves = nearbyint(index * 2);
  return fabs(index * 2 - halves) <= MIN(0.01, fabs(halves) * 0x1p-22) ? halves / 2 : index;
}

static double linear_kernel(double x, double a) {
  return MAX(0, 1 - fabs(x));
}

static double cubic_kernel(double x, double a) {
  x = fabs(x);
  if (x <= 1)
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

/* The reach of the kernel on the input and its stretching. */
typedef struct {
  double (*kernel)(double x, double a);
  double reach, shrink;
} Filter;

static Filter filter_of(const ResizeAxis *axis) {
  double shrink = axis->antialias ? MIN(axis->scale, 1) : 1;
  bool cubic = axis->mode == RESIZE_CUBIC;
  return (Filter){cubic ? cubic_kernel : linear_kernel, (cubic ? 2 : 1) / shrink, shrink};
}

/* The inputs first..last that the kernel at `index` reaches; those outside the axis stand for its edge. */
static void reached(const Filter *filter, double index, int64_t *first, int64_t *last) {
  *first = (int64_t)floor(index - filter->reach) + 1;
  *last = MAX((int64_t)ceil(index + filter->reach) - 1, *first);
}

/* The weights of one output element, added up where the edge stands for several inputs. */
static void weigh(const ResizeAxis *axis, const Filter *filter, double index, ResizeTaps *taps,
                  float *weight) {
  int64_t first, last, edge = axis->in - 1;
  reached(filter, index, &first, &last);
  taps->first = (int32_t)CLAMP(first, 0, edge);
  taps->count = (int32_t)(CLAMP(last, 0, edge) - taps->first + 1);
  double sum = 0, outside[2] = {0, 0};
  for (int64_t i = first; i <= last; i++) {
    bool inside = i >= 0 && i <= edge;
    double w = filter->kernel(((double)i - index) * filter->shrink, axis->cubic);
    if (axis->exclude_outside && !inside)
      continue;
    sum += w;
    if (inside)
      weight[i - taps->first] = (float)w;
    else
      outside[i > edge] += w;
  }
  weight[0] += (float)outside[0];
  weight[taps->count - 1] += (float)outside[1];
  for (int k = 0; sum != 0 && k < taps->count; k++)
    weight[k] = (float)(weight[k] / sum);
}

/* The original index, kept where the kernels reach the input's edge at most, so that none runs over millions
 * of elements outside. */
static double original_index(const ResizeAxis *axis, int64_t i) {
  double index = axis->transform(axis, (double)i);
  return index == index ? CLAMP(index, -1.0, (double)axis->in) : 0;
}

static bool is_outside(const ResizeAxis *axis, int64_t i) {
  double index = axis->transform(axis, (double)i);
  return axis->crops && !(index >= 0 && index <= (double)(axis->in - 1));
}

/* An interval of twice the reach holds at most so many whole numbers. */
int64_t resize_axis_taps(const ResizeAxis *axis) {
  Filter filter = filter_of(axis);
  return axis->mode == RESIZE_NEAREST ? 1 : MIN((int64_t)MIN(2 * filter.reach + 2, 0x1p40), axis->in);
}

void resize_table_init(ResizeTable *table, const ResizeAxis *axis) {
  *table = (ResizeTable){.in = axis->in, .out = axis->out, .taps = g_new0(ResizeTaps, MAX(axis->out, 1))};
  Filter filter = filter_of(axis);
  int64_t most = resize_axis_taps(axis);
  g_autoptr(GArray) weights = g_array_new(FALSE, TRUE, sizeof(float));
  for (int64_t i = 0; i < axis->out; i++) {
    ResizeTaps *taps = &table->taps[i];
    taps->weights = weights->len;
    if (is_outside(axis, i))
      continue;
    double index = original_index(axis, i);
    g_array_set_size(weights, weights->len + (guint)most);
    float *weight = &g_array_index(weights, float, taps->weights);
    if (axis->mode == RESIZE_NEAREST) {
      taps->first = (int32_t)CLAMP(axis->round(settle(index)), 0, (double)(axis->in - 1));
      taps->count = 1;
      weight[0] = 1;
    } else {
      weigh(axis, &filter, index, taps, weight);
      g_array_set_size(weights, (guint)(taps->weights + taps->count));
    }
  }
  table->weight = (float *)g_array_free(g_steal_pointer(&weights), FALSE);
}

void resize_table_clear(ResizeTable *table) {
  g_free(table->taps);
  g_free(table->weight);
}
