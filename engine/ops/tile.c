/* Tile: y is x repeated along each axis; dx is the sum over the repeats.
 *
 * The repeats of all axes are input 1 (opset 6), or input 1 is the repeats of one axis, which input 2 names
 * (opset 1).  They are known before the run. */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  const int64_t *repeats, *axes;
  int n, n_axes = 0;
  Shape shape = x[0]->shape;
  if (!check_one_output(n_outputs, error) ||
      !known_ints(x[1], "the list of repeats", TENSOR_MAX_RANK, &repeats, &n, error))
    return false;
  bool one = n_inputs > 2 && x[2];
  if (one && !known_ints(x[2], "the axis", 1, &axes, &n_axes, error))
    return false;
  if (n != (one ? 1 : shape.rank) || (one && n_axes != 1))
    return input_error(error, "it has repeats for %d axes; its input has %d", n, shape.rank);
  for (int i = 0; i < n; i++) {
    int axis = one ? check_axis(&shape, axes[0], error) : i;
    if (axis < 0)
      return false;
    if (repeats[i] < 0 || repeats[i] > OP_COUNT_LIMIT || shape.dim[axis] > OP_COUNT_LIMIT)
      return input_error(
          error, "%" G_GINT64_FORMAT " repeats of an axis of size %" G_GINT64_FORMAT " are not possible",
          repeats[i], shape.dim[axis]);
    shape.dim[axis] *= repeats[i];
  }
  return output_set(y[0], x[0]->type, &shape, error);
}

/* Where x's row (along the last axis) for a row of y begins; `small` and `large` are their shapes. */
static int64_t small_row(const Shape *small, const Shape *large, int64_t row) {
  int64_t offset = 0, stride = 1;
  for (int i = small->rank - 2; i >= 0; i--) {
    offset += row % large->dim[i] % small->dim[i] * stride;
    row /= large->dim[i];
    stride *= small->dim[i];
  }
  return offset * (small->rank ? small->dim[small->rank - 1] : 1);
}

static int64_t row_size(const Shape *shape) {
  return shape->rank ? shape->dim[shape->rank - 1] : 1;
}

static void forward_rows(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Tensor *x = call->x[0];
  Tensor *y = call->y[0];
  size_t size = tensor_type_size(x->type);
  size_t own = size * (size_t)row_size(&x->shape), all = size * (size_t)row_size(&y->shape);
  for (int64_t row = from; row < to; row++) {
    const char *source = (const char *)x->data + (size_t)small_row(&x->shape, &y->shape, row) * size;
    for (size_t at = 0; at < all; at += own)
      memcpy((char *)y->data + (size_t)row * all + at, source, own);
  }
}

static void forward(const OpCall *call) {
  int64_t count = tensor_count(call->y[0]);
  if (count == 0)
    return;
  int64_t n = row_size(&call->y[0]->shape);
  call_ranges(call, count / n, MAX(1, RANGE_ELEMENTS / n), forward_rows, NULL);
}

static void backward(const OpCall *call) {
  Tensor *dx = call->dx[0];
  if (!dx || tensor_count(dx) == 0)
    return;
  memset(dx->data, 0, tensor_bytes(dx));
  int64_t count = tensor_count(call->dy[0]);
  const Shape *large = &call->dy[0]->shape;
  int64_t own = row_size(&dx->shape), n = row_size(large);
  for (int64_t row = 0; count > 0 && row < count / n; row++) {
    const float *dy = tensor_floats(call->dy[0]) + row * n;
    float *sum = tensor_floats(dx) + small_row(&dx->shape, large, row);
    for (int64_t at = 0; at < n; at += own)
      for (int64_t i = 0; i < own; i++)
        sum[i] += dy[at + i];
  }
}

const Op op_tile = {.name = "Tile",
                    .min_inputs = 2,
                    .max_inputs = 3,
                    .no_gradient = ~1u,
                    .infer = infer,
                    .forward = forward,
                    .backward = backward};
