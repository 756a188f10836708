/* OneHot: a new axis of size `depth` that holds the on value at the index and the off value elsewhere.
 *
 * Inputs: indices, depth (known before the run), [off, on].  Negative indices count from the end; one that is
 * out of range gives the off value throughout. */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <math.h>
#include <string.h>

static bool read_depth(const Tensor *x, int64_t *depth, GError **error) {
  if (!x->data)
    return input_error(error, "its depth depends on the input's numbers; it must be known before the run");
  if (shape_count(&x->shape) != 1 || x->type == TENSOR_BOOL)
    return input_error(error, "its depth must be one number");
  double number = x->type == TENSOR_INT64 ? (double)*tensor_ints(x) : *tensor_floats(x);
  if (!(number >= 1 && number <= (double)OP_COUNT_LIMIT))
    return input_error(error, "its depth %g is not possible", number);
  *depth = (int64_t)number;
  return true;
}

/* Where the new axis stands; -1: nowhere. */
static int new_axis(const Node *node, const Tensor *indices) {
  Shape result = {.rank = indices->shape.rank + 1};
  return shape_axis(&result, node_int(node, "axis", -1));
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  int64_t depth = 0;
  const Shape *from = &x[0]->shape;
  int axis = new_axis(node, x[0]);
  if (!check_one_output(n_outputs, error) || !read_depth(x[1], &depth, error))
    return false;
  if (axis < 0 || from->rank == TENSOR_MAX_RANK || x[0]->type == TENSOR_BOOL)
    return input_error(error, "its axis %" G_GINT64_FORMAT " is not possible with indices of rank %d",
                       node_int(node, "axis", -1), from->rank);
  if (x[2]->shape.rank != 1 || x[2]->shape.dim[0] != 2)
    return input_error(error, "its values must be two numbers, off and on");
  Shape shape = {.rank = from->rank + 1};
  for (int i = 0; i < shape.rank; i++)
    shape.dim[i] = i < axis ? from->dim[i] : i == axis ? depth : from->dim[i - 1];
  return output_set(y[0], x[2]->type, &shape, error);
}

static int64_t index_at(const Tensor *indices, int64_t i, int64_t depth) {
  if (indices->type == TENSOR_FLOAT32) {
    float number = tensor_floats(indices)[i];
    if (!(fabsf(number) <= (float)OP_COUNT_LIMIT))
      return -1;
    return (int64_t)number < 0 ? (int64_t)number + depth : (int64_t)number;
  }
  int64_t index = tensor_ints(indices)[i];
  return index < 0 ? index + depth : index;
}

static void forward(const OpCall *call) {
  const Tensor *indices = call->x[0];
  Tensor *y = call->y[0];
  size_t size = tensor_type_size(y->type);
  const char *values = call->x[2]->data;
  int axis = new_axis(call->node, indices);
  int64_t count = tensor_count(y), n = tensor_count(indices), depth = y->shape.dim[axis];
  int64_t inner = shape_product(&y->shape, axis + 1, y->shape.rank);
  for (int64_t i = 0; i < count; i++)
    memcpy((char *)y->data + (size_t)i * size, values, size);
  for (int64_t i = 0; i < n; i++) {
    int64_t index = index_at(indices, i, depth);
    int64_t place = (i / inner * depth + index) * inner + i % inner;
    if (index >= 0 && index < depth)
      memcpy((char *)y->data + (size_t)place * size, values + size, size);
  }
}

const Op op_one_hot = {.name = "OneHot",
                       .min_inputs = 3,
                       .max_inputs = 3,
                       .no_gradient = ~0u,
                       .infer = infer,
                       .forward = forward};
