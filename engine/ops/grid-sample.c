/* GridSample: x (n, c, space...), grid (n, points..., axes) -> y (n, c, points...); both orders of memory.
 *
 *     y[n, c, p] = sum over taps of w(grid[n, p]) x[n, c, q(grid[n, p])]
 *
 * The grid's last axis names the place in x, width first, -1..1 from one end of an axis to the other.  A
 * gradient goes to x and, but in mode nearest, to the grid.
 * Jaderberg et al. 2015, arXiv 1506.02025. */
#include "engine/ops/grid-sample.h"

#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

enum { AXES = 3 };

static int index_of(const char *const *names, const char *name) {
  int i = 0;
  while (names[i] && strcmp(names[i], name) != 0)
    i++;
  return names[i] ? i : -1;
}

static bool read_sampling(const Node *node, Sampling *sampling, GError **error) {
  static const char *const modes[] = {"nearest", "bilinear", "bicubic", NULL};
  static const char *const newer[] = {"nearest", "linear", "cubic", NULL};
  static const char *const paddings[] = {"zeros", "border", "reflection", NULL};
  const char *mode = node_text(node, "mode", "bilinear"), *padding = node_text(node, "padding_mode", "zeros");
  int m = MAX(index_of(modes, mode), index_of(newer, mode)), p = index_of(paddings, padding);
  if (m < 0 || p < 0)
    return input_error(error, "its %s '%s' is not known", m < 0 ? "mode" : "padding_mode",
                       m < 0 ? mode : padding);
  *sampling = (Sampling){(SampleMode)m, (SamplePadding)p, node_int(node, "align_corners", 0) != 0};
  return true;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Sampling sampling;
  const Shape *input = &x[0]->shape, *grid = &x[1]->shape;
  int axes = input->rank - 2;
  if (!check_one_output(n_outputs, error) || !check_type(x[0], TENSOR_FLOAT32, "the input", error) ||
      !check_type(x[1], TENSOR_FLOAT32, "the grid", error) || !read_sampling(node, &sampling, error))
    return false;
  if (axes < 1 || axes > AXES || grid->rank != input->rank || grid->dim[0] != input->dim[0] ||
      grid->dim[axes + 1] != axes || shape_product(input, 2, input->rank) < 1) {
    g_autofree char *input_text = shape_text(input), *grid_text = shape_text(grid);
    return input_error(error, "input %s and grid %s do not go together", input_text, grid_text);
  }
  Shape shape = *input;
  memcpy(shape.dim + 2, grid->dim + 1, sizeof(int64_t) * (size_t)axes);
  return output_set(y[0], TENSOR_FLOAT32, &shape, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return (wanted & 3 ? KEEP_INPUT(1) : 0) | (wanted & 2 ? KEEP_INPUT(0) : 0);
}

/* What all points share.  Channel c of pixel p of image n stands at n * image + c * channel + p * pixel. */
typedef struct {
  int64_t image, channel, pixel;
} Places;

typedef struct {
  Sampling sampling;
  int axes;
  int64_t channels, points; /* of one image */
  const int64_t *size;      /* of x's axes */
  Places x, y;
} Work;

static Places places_of(const Tensor *tensor) {
  int64_t strides[TENSOR_MAX_RANK];
  memory_strides(tensor, strides);
  return (Places){strides[0], strides[1], strides[tensor->shape.rank - 1]};
}

static Work work_of(const OpCall *call, const Tensor *x, const Tensor *y) {
  Work work = {.axes = x->shape.rank - 2,
               .channels = x->shape.dim[1],
               .points = shape_product(&y->shape, 2, y->shape.rank),
               .size = call->x[0]->shape.dim + 2,
               .x = places_of(x),
               .y = places_of(y)};
  read_sampling(call->node, &work.sampling, NULL);
  return work;
}

/* The taps of a point, axis by axis. */
typedef struct {
  SampleTaps axis[AXES];
  int count;
} Point;

static Point point_at(const OpCall *call, const Work *work, int64_t i) {
  Point point = {.count = 1};
  const float *grid = tensor_floats(call->x[1]) + i * work->axes;
  for (int a = 0; a < work->axes; a++) {
    point.axis[a] = sample_taps(&work->sampling, grid[work->axes - 1 - a], work->size[a]);
    point.count *= point.axis[a].n;
  }
  return point;
}

/* Pixel and weight of tap k; `along`: the axis whose slope is meant instead of its weight, -1: none. */
static int64_t tap_at(const Work *work, const Point *point, int k, int along, float *weight) {
  int64_t pixel = 0, step = 1;
  *weight = 1;
  for (int a = work->axes - 1; a >= 0; a--) {
    const SampleTaps *taps = &point->axis[a];
    int t = k % taps->n;
    k /= taps->n;
    pixel += taps->index[t] * step;
    step *= work->size[a];
    *weight *= a == along ? taps->slope[t] : taps->weight[t];
  }
  return pixel;
}

static void forward_points(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Work *work = data;
  for (int64_t i = from; i < to; i++) {
    Point point = point_at(call, work, i);
    const float *x = tensor_floats(call->x[0]) + i / work->points * work->x.image;
    float *y =
        tensor_floats(call->y[0]) + i / work->points * work->y.image + i % work->points * work->y.pixel;
    for (int64_t c = 0; c < work->channels; c++)
      y[c * work->y.channel] = 0;
    for (int k = 0; k < point.count; k++) {
      float weight;
      const float *source = x + tap_at(work, &point, k, -1, &weight) * work->x.pixel;
      for (int64_t c = 0; weight != 0 && c < work->channels; c++)
        y[c * work->y.channel] += weight * source[c * work->x.channel];
    }
  }
}

/* dx of whole images. */
static void backward_images(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Work *work = data;
  float *all = tensor_floats(call->dx[0]);
  memset(all + from * work->x.image, 0, sizeof(float) * (size_t)((to - from) * work->x.image));
  for (int64_t i = from * work->points; i < to * work->points; i++) {
    Point point = point_at(call, work, i);
    float *dx = all + i / work->points * work->x.image;
    const float *dy =
        tensor_floats(call->dy[0]) + i / work->points * work->y.image + i % work->points * work->y.pixel;
    for (int k = 0; k < point.count; k++) {
      float weight;
      float *target = dx + tap_at(work, &point, k, -1, &weight) * work->x.pixel;
      for (int64_t c = 0; weight != 0 && c < work->channels; c++)
        target[c * work->x.channel] += weight * dy[c * work->y.channel];
    }
  }
}

static void backward_grid(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Work *work = data;
  for (int64_t i = from; i < to; i++) {
    Point point = point_at(call, work, i);
    const float *x = tensor_floats(call->x[0]) + i / work->points * work->x.image;
    const float *dy =
        tensor_floats(call->dy[0]) + i / work->points * work->y.image + i % work->points * work->y.pixel;
    for (int a = 0; a < work->axes; a++) {
      double sum = 0;
      for (int k = 0; k < point.count; k++) {
        float slope;
        const float *source = x + tap_at(work, &point, k, a, &slope) * work->x.pixel;
        for (int64_t c = 0; slope != 0 && c < work->channels; c++)
          sum += (double)slope * source[c * work->x.channel] * dy[c * work->y.channel];
      }
      tensor_floats(call->dx[1])[i * work->axes + work->axes - 1 - a] = (float)sum;
    }
  }
}

static int64_t points_each(const Work *work) {
  return MAX(1, RANGE_ELEMENTS / 4 / MAX(work->channels, 1));
}

static void forward(const OpCall *call) {
  Work work = work_of(call, call->x[0], call->y[0]);
  call_ranges(call, call->x[0]->shape.dim[0] * work.points, points_each(&work), forward_points, &work);
}

static void backward(const OpCall *call) {
  Work work = work_of(call, call->dx[0] ? call->dx[0] : call->x[0], call->dy[0]);
  int64_t images = call->x[0]->shape.dim[0];
  if (call->dx[0])
    call_ranges(call, images, 1, backward_images, &work);
  if (call->dx[1])
    call_ranges(call, images * work.points, points_each(&work), backward_grid, &work);
}

const Op op_grid_sample = {.name = "GridSample",
                           .min_inputs = 2,
                           .max_inputs = 2,
                           .layout = LAYOUT_FOLLOWS,
                           .layout_inputs = 1,
                           .infer = infer,
                           .keeps = keeps,
                           .forward = forward,
                           .backward = backward};
