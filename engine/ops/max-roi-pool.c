/* MaxRoiPool: x (n, c, h, w), rois (r, 5) of (image, x1, y1, x2, y2) -> y (r, c, pooled...).
 *
 *     y[r, c, p] = the maximum of x over the pixels of cell p of region r, 0 where the cell is empty
 *
 * The corners, times spatial_scale, are rounded and both belong to the region.  The gradient goes to the
 * first pixel that has the maximum.  A region whose image does not exist is empty. Girshick 2015, arXiv
 * 1504.08083 (RoI pooling). */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <math.h>
#include <string.h>

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  int n;
  const int64_t *size = node_ints(node, "pooled_shape", &n);
  if (!check_one_output(n_outputs, error) || !check_type(x[0], TENSOR_FLOAT32, "the input", error) ||
      !check_type(x[1], TENSOR_FLOAT32, "the list of regions", error))
    return false;
  if (x[0]->shape.rank != 4 || x[1]->shape.rank != 2 || x[1]->shape.dim[1] != 5)
    return input_error(error, "its input must have 4 axes and its regions 5 numbers each");
  if (n != 2 || MIN(size[0], size[1]) < 1 || MAX(size[0], size[1]) > G_MAXINT16)
    return input_error(error, "its pooled_shape must be two numbers in 1 to %d", G_MAXINT16);
  return output_set(y[0], TENSOR_FLOAT32, &SHAPE(x[1]->shape.dim[0], x[0]->shape.dim[1], size[0], size[1]),
                    error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted & 1 ? KEEP_INPUT(0) | KEEP_INPUT(1) : 0;
}

/* First pixel and pixel behind the last of cell p of `cells` along an axis of `size` pixels. */
static void cell_range(const OpCall *call, float low, float high, int64_t p, int64_t cells, int64_t size,
                       int64_t *from, int64_t *to) {
  float scale = node_float(call->node, "spatial_scale", 1);
  double first = CLAMP(round(low * scale), -0x1p30, 0x1p30),
         last = CLAMP(round(high * scale), -0x1p30, 0x1p30);
  double step = MAX(last - first + 1, 1) / (double)cells;
  *from = CLAMP((int64_t)(floor((double)p * step) + first), 0, size);
  *to = CLAMP((int64_t)(ceil((double)(p + 1) * step) + first), 0, size);
}

/* The place in x of the maximum of element i of y, -1: the cell is empty. */
static int64_t place(const OpCall *call, int64_t i) {
  const Shape *x = &call->x[0]->shape, *y = &call->y[0]->shape;
  int64_t pw = i % y->dim[3], ph = i / y->dim[3] % y->dim[2], c = i / (y->dim[3] * y->dim[2]) % y->dim[1];
  const float *roi = tensor_floats(call->x[1]) + i / (y->dim[3] * y->dim[2] * y->dim[1]) * 5;
  int64_t top, bottom, left, right, found = -1;
  for (int k = 0; k < 5; k++)
    if (!isfinite(roi[k]))
      return -1;
  if (!(roi[0] >= 0 && roi[0] < (float)x->dim[0]))
    return -1;
  cell_range(call, roi[2], roi[4], ph, y->dim[2], x->dim[2], &top, &bottom);
  cell_range(call, roi[1], roi[3], pw, y->dim[3], x->dim[3], &left, &right);
  int64_t plane = ((int64_t)roi[0] * x->dim[1] + c) * x->dim[2] * x->dim[3];
  for (int64_t row = top; row < bottom; row++)
    for (int64_t column = left; column < right; column++) {
      int64_t at = plane + row * x->dim[3] + column;
      if (found < 0 || tensor_floats(call->x[0])[at] > tensor_floats(call->x[0])[found])
        found = at;
    }
  return found;
}

static void forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  for (int64_t i = from; i < to; i++) {
    int64_t at = place(call, i);
    tensor_floats(call->y[0])[i] = at < 0 ? 0 : tensor_floats(call->x[0])[at];
  }
}

static void forward(const OpCall *call) {
  call_ranges(call, tensor_count(call->y[0]), 256, forward_range, NULL);
}

/* Whole channels: regions overlap. */
static void backward_channels(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Shape *y = &call->y[0]->shape;
  int64_t cells = y->dim[2] * y->dim[3];
  for (int64_t roi = 0; roi < y->dim[0]; roi++)
    for (int64_t i = (roi * y->dim[1] + from) * cells; i < (roi * y->dim[1] + to) * cells; i++) {
      int64_t at = place(call, i);
      if (at >= 0)
        tensor_floats(call->dx[0])[at] += tensor_floats(call->dy[0])[i];
    }
}

static void backward(const OpCall *call) {
  if (!call->dx[0])
    return;
  memset(call->dx[0]->data, 0, tensor_bytes(call->dx[0]));
  call_ranges(call, call->x[0]->shape.dim[1], 1, backward_channels, NULL);
}

const Op op_max_roi_pool = {.name = "MaxRoiPool",
                            .min_inputs = 2,
                            .max_inputs = 2,
                            .no_gradient = ~1u,
                            .infer = infer,
                            .keeps = keeps,
                            .forward = forward,
                            .backward = backward};
