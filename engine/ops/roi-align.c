/* RoiAlign: x (n, c, h, w), rois (r, 4) of (x1, y1, x2, y2), images int64 (r) -> y (r, c, output...).
 *
 *     y[r, c, p] = mean, or in mode max the maximum, over the samples s of cell p of region r
 *     sample     = bilinear x at a point; the maximum is taken over its four weighted pixels, as ONNX has it
 *
 * A cell has sampling_ratio samples along each axis; 0: as many as it has pixels, MOST_SAMPLES at most.
 * Samples more than one pixel outside are 0, and so is a region whose image does not exist. He et al. 2017,
 * arXiv 1703.06870. */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <math.h>
#include <string.h>

#define MOST_SAMPLES 256

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  int64_t height = node_int(node, "output_height", 1), width = node_int(node, "output_width", 1),
          samples = node_int(node, "sampling_ratio", 0);
  const char *mode = node_text(node, "mode", "avg"),
             *transform = node_text(node, "coordinate_transformation_mode", "half_pixel");
  if (!check_one_output(n_outputs, error) || !check_type(x[0], TENSOR_FLOAT32, "the input", error) ||
      !check_type(x[1], TENSOR_FLOAT32, "the list of regions", error) ||
      !check_type(x[2], TENSOR_INT64, "the list of images", error))
    return false;
  if (x[0]->shape.rank != 4 || x[1]->shape.rank != 2 || x[1]->shape.dim[1] != 4 || x[2]->shape.rank != 1 ||
      x[2]->shape.dim[0] != x[1]->shape.dim[0])
    return input_error(error, "its input must have 4 axes, and each region 4 numbers and an image");
  if (strcmp(mode, "avg") != 0 && strcmp(mode, "max") != 0)
    return input_error(error, "its mode '%s' is not known; avg and max are", mode);
  if (strcmp(transform, "half_pixel") != 0 && strcmp(transform, "output_half_pixel") != 0)
    return input_error(error, "its coordinate_transformation_mode '%s' is not known", transform);
  if (MIN(height, width) < 1 || MAX(height, width) > G_MAXINT16 || samples < 0 || samples > MOST_SAMPLES)
    return input_error(error, "its output_height, output_width or sampling_ratio is out of range");
  return output_set(y[0], TENSOR_FLOAT32, &SHAPE(x[1]->shape.dim[0], x[0]->shape.dim[1], height, width),
                    error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  bool max = strcmp(node_text(node, "mode", "avg"), "max") == 0;
  return wanted & 1 ? (max ? KEEP_INPUT(0) : 0) | KEEP_INPUT(1) | KEEP_INPUT(2) : 0;
}

/* A region along one axis: cell p has its sample s at start + (p + (s + 1/2) / samples) * step. */
typedef struct {
  double start, step;
  int samples;
  int64_t size; /* pixels of x */
} Span;

static Span span_of(const OpCall *call, float low, float high, int64_t cells, int64_t size) {
  bool half =
      strcmp(node_text(call->node, "coordinate_transformation_mode", "half_pixel"), "half_pixel") == 0;
  float scale = node_float(call->node, "spatial_scale", 1);
  int64_t samples = node_int(call->node, "sampling_ratio", 0);
  double start = (double)low * scale - (half ? 0.5 : 0),
         length = (double)high * scale - (half ? 0.5 : 0) - start;
  if (!half)
    length = MAX(length, 1);
  double step = length / (double)cells;
  if (samples == 0)
    samples = (int64_t)(step > 0 ? MIN(ceil(step), MOST_SAMPLES) : 0);
  return (Span){start, step, (int)samples, size};
}

/* The two pixels of a sample and their weights; false outside. */
static bool sample_at(const Span *span, int64_t cell, int sample, int64_t pixel[2], float weight[2]) {
  double at = span->start + ((double)cell + (sample + 0.5) / span->samples) * span->step;
  int64_t last = span->size - 1;
  if (!(at >= -1 && at <= (double)span->size) || last < 0)
    return false;
  at = CLAMP(at, 0, (double)last);
  pixel[0] = (int64_t)at;
  pixel[1] = MIN(pixel[0] + 1, last);
  weight[1] = (float)(at - (double)pixel[0]);
  weight[0] = 1 - weight[1];
  return true;
}

/* One region. */
typedef struct {
  Span rows, columns;
  int64_t image; /* -1: none */
} Region;

static Region region_at(const OpCall *call, int64_t roi) {
  const Shape *x = &call->x[0]->shape, *y = &call->y[0]->shape;
  const float *corner = tensor_floats(call->x[1]) + roi * 4;
  int64_t image = tensor_ints(call->x[2])[roi];
  return (Region){span_of(call, corner[1], corner[3], y->dim[2], x->dim[2]),
                  span_of(call, corner[0], corner[2], y->dim[3], x->dim[3]),
                  image >= 0 && image < x->dim[0] ? image : -1};
}

/* A pixel of a sample, as a place within a plane, with its weight. */
typedef struct {
  int64_t place[4];
  float weight[4];
} Sample;

/* Sample s of a cell; false outside. */
static bool cell_sample(const Region *region, int64_t row, int64_t column, int s, Sample *sample) {
  int64_t y[2], x[2];
  float wy[2], wx[2];
  if (!sample_at(&region->rows, row, s / region->columns.samples, y, wy) ||
      !sample_at(&region->columns, column, s % region->columns.samples, x, wx))
    return false;
  for (int k = 0; k < 4; k++) {
    sample->place[k] = y[k / 2] * region->columns.size + x[k % 2];
    sample->weight[k] = wy[k / 2] * wx[k % 2];
  }
  return true;
}

/* The mean (max false), or the maximum with the place and weight that it comes from. */
static float cell_value(const Region *region, bool max, const float *plane, int64_t row, int64_t column,
                        int64_t *place, float *weight) {
  int samples = region->rows.samples * region->columns.samples;
  double sum = 0;
  float most = -INFINITY;
  *place = -1;
  for (int s = 0; s < samples; s++) {
    Sample sample = {{0}, {0}};
    bool inside = cell_sample(region, row, column, s, &sample);
    for (int k = 0; k < 4; k++) {
      float value = inside ? sample.weight[k] * plane[sample.place[k]] : 0;
      sum += value;
      if (value > most) {
        most = value;
        *place = inside ? sample.place[k] : -1;
        *weight = sample.weight[k];
      }
    }
  }
  return samples == 0 ? 0 : max ? most : (float)(sum / samples);
}

static bool takes_max(const OpCall *call) {
  return strcmp(node_text(call->node, "mode", "avg"), "max") == 0;
}

/* Planes (region, channel) of y. */
static void forward_planes(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Shape *x = &call->x[0]->shape, *y = &call->y[0]->shape;
  int64_t cells = y->dim[2] * y->dim[3], place;
  float weight;
  for (int64_t i = from; i < to; i++) {
    Region region = region_at(call, i / y->dim[1]);
    const float *plane = tensor_floats(call->x[0]) +
                         (MAX(region.image, 0) * x->dim[1] + i % y->dim[1]) * x->dim[2] * x->dim[3];
    for (int64_t p = 0; p < cells; p++)
      tensor_floats(call->y[0])[i * cells + p] =
          region.image < 0
              ? 0
              : cell_value(&region, takes_max(call), plane, p / y->dim[3], p % y->dim[3], &place, &weight);
  }
}

static void forward(const OpCall *call) {
  call_ranges(call, call->y[0]->shape.dim[0] * call->y[0]->shape.dim[1], 1, forward_planes, NULL);
}

static void mean_back(const Region *region, int64_t row, int64_t column, float dy, float *dx) {
  int samples = region->rows.samples * region->columns.samples;
  Sample sample;
  for (int s = 0; s < samples; s++)
    for (int k = 0; cell_sample(region, row, column, s, &sample) && k < 4; k++)
      dx[sample.place[k]] += sample.weight[k] * dy / (float)samples;
}

/* Whole channels: regions overlap. */
static void backward_channels(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Shape *x = &call->x[0]->shape, *y = &call->y[0]->shape;
  int64_t cells = y->dim[2] * y->dim[3], place;
  bool max = takes_max(call);
  float weight = 0;
  for (int64_t roi = 0; roi < y->dim[0]; roi++) {
    Region region = region_at(call, roi);
    for (int64_t c = from; region.image >= 0 && c < to; c++) {
      int64_t plane = (region.image * x->dim[1] + c) * x->dim[2] * x->dim[3];
      float *dx = tensor_floats(call->dx[0]) + plane;
      const float *dy = tensor_floats(call->dy[0]) + (roi * y->dim[1] + c) * cells;
      for (int64_t p = 0; p < cells; p++) {
        int64_t row = p / y->dim[3], column = p % y->dim[3];
        if (!max) {
          mean_back(&region, row, column, dy[p], dx);
          continue;
        }
        cell_value(&region, true, tensor_floats(call->x[0]) + plane, row, column, &place, &weight);
        if (place >= 0)
          dx[place] += weight * dy[p];
      }
    }
  }
}

static void backward(const OpCall *call) {
  if (!call->dx[0])
    return;
  memset(call->dx[0]->data, 0, tensor_bytes(call->dx[0]));
  call_ranges(call, call->x[0]->shape.dim[1], 1, backward_channels, NULL);
}

const Op op_roi_align = {.name = "RoiAlign",
                         .min_inputs = 3,
                         .max_inputs = 3,
                         .no_gradient = ~1u,
                         .infer = infer,
                         .keeps = keeps,
                         .forward = forward,
                         .backward = backward};
