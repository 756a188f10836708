/* Gather: y = the slices of x along an axis that the indices name; dx adds dy's slices up where they came
 * from.
 *
 * Indices may be negative (from the end).  One that is out of range is refused where it is known before the
 * run; in data it gives zeros. */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  const Shape *from = &x[0]->shape, *indices = &x[1]->shape;
  int axis = check_axis(from, node_int(node, "axis", 0), error);
  if (axis < 0 || !check_one_output(n_outputs, error) ||
      !check_type(x[1], TENSOR_INT64, "the list of indices", error))
    return false;
  Shape shape = {.rank = from->rank - 1 + indices->rank};
  if (shape.rank > TENSOR_MAX_RANK)
    return input_error(error, "its result would have %d axes; at most %d are possible", shape.rank,
                       TENSOR_MAX_RANK);
  int64_t count = shape_count(indices), dim = from->dim[axis];
  for (int64_t i = 0; x[1]->data && i < count; i++)
    if (tensor_ints(x[1])[i] < -dim || tensor_ints(x[1])[i] >= dim)
      return input_error(
          error, "its index %" G_GINT64_FORMAT " is out of range on an axis of size %" G_GINT64_FORMAT,
          tensor_ints(x[1])[i], dim);
  memcpy(shape.dim, from->dim, sizeof shape.dim[0] * (size_t)axis);
  memcpy(shape.dim + axis, indices->dim, sizeof shape.dim[0] * (size_t)indices->rank);
  memcpy(shape.dim + axis + indices->rank, from->dim + axis + 1,
         sizeof shape.dim[0] * (size_t)(from->rank - axis - 1));
  return output_set(y[0], x[0]->type, &shape, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted & 1 ? KEEP_INPUT(1) : 0;
}

/* x is outer x dim x inner, y is outer x n x inner. */
typedef struct {
  int64_t outer, dim, inner, n;
} Sizes;

static Sizes sizes_of(const OpCall *call) {
  const Shape *shape = &call->x[0]->shape;
  int axis = shape_axis(shape, node_int(call->node, "axis", 0));
  return (Sizes){shape_product(shape, 0, axis), shape->dim[axis], shape_product(shape, axis + 1, shape->rank),
                 tensor_count(call->x[1])};
}

static int64_t index_at(const OpCall *call, const Sizes *sizes, int64_t i) {
  int64_t index = tensor_ints(call->x[1])[i];
  index = index < 0 ? index + sizes->dim : index;
  return index >= 0 && index < sizes->dim ? index : -1;
}

static void forward(const OpCall *call) {
  Sizes sizes = sizes_of(call);
  size_t bytes = tensor_type_size(call->y[0]->type) * (size_t)sizes.inner;
  char *y = call->y[0]->data;
  const char *x = call->x[0]->data;
  if (tensor_count(call->y[0]) == 0)
    return;
  for (int64_t o = 0; o < sizes.outer; o++)
    for (int64_t i = 0; i < sizes.n; i++, y += bytes) {
      int64_t index = index_at(call, &sizes, i);
      if (index >= 0)
        memcpy(y, x + (size_t)(o * sizes.dim + index) * bytes, bytes);
      else
        memset(y, 0, bytes);
    }
}

static void backward(const OpCall *call) {
  Sizes sizes = sizes_of(call);
  if (!call->dx[0] || tensor_count(call->dx[0]) == 0)
    return;
  const float *dy = tensor_floats(call->dy[0]);
  float *dx = tensor_floats(call->dx[0]);
  memset(dx, 0, tensor_bytes(call->dx[0]));
  for (int64_t o = 0; o < sizes.outer; o++)
    for (int64_t i = 0; i < sizes.n; i++, dy += sizes.inner) {
      int64_t index = index_at(call, &sizes, i);
      for (int64_t j = 0; index >= 0 && j < sizes.inner; j++)
        dx[(o * sizes.dim + index) * sizes.inner + j] += dy[j];
    }
}

const Op op_gather = {.name = "Gather",
                      .min_inputs = 2,
                      .max_inputs = 2,
                      .infer = infer,
                      .keeps = keeps,
                      .forward = forward,
                      .backward = backward};
