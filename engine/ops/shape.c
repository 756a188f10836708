/* Shape, Size, ConstantOfShape, Expand: what exported models compute shapes with.
 *
 *     Shape:            y = the sizes of x's axes start..end-1 (int64)
 *     Size:             y = the number of x's elements (int64)
 *     ConstantOfShape:  y = one number, in the shape that x holds
 *     Expand:           y = x broadcast to a shape        dx = sums over the repeated axes */
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

/* Axes from..to-1 that `start` and `end` name; both are clamped to the rank. */
static void shape_range(const Node *node, int rank, int *from, int *to) {
  int64_t start = node_int(node, "start", 0), end = node_int(node, "end", rank);
  start = CLAMP(start, -rank, rank);
  end = CLAMP(end, -rank, rank);
  *from = (int)(start < 0 ? start + rank : start);
  *to = MAX((int)(end < 0 ? end + rank : end), *from);
}

static bool shape_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                        Tensor *const *y, GError **error) {
  int from, to;
  shape_range(node, x[0]->shape.rank, &from, &to);
  Shape shape = SHAPE(to - from);
  return check_one_output(n_outputs, error) && output_set(y[0], TENSOR_INT64, &shape, error);
}

static void shape_forward(const OpCall *call) {
  int from, to;
  shape_range(call->node, call->x[0]->shape.rank, &from, &to);
  for (int i = from; i < to; i++)
    tensor_ints(call->y[0])[i - from] = call->x[0]->shape.dim[i];
}

static bool size_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                       Tensor *const *y, GError **error) {
  return check_one_output(n_outputs, error) && output_set(y[0], TENSOR_INT64, &SHAPE(), error);
}

static void size_forward(const OpCall *call) {
  *tensor_ints(call->y[0]) = tensor_count(call->x[0]);
}

static bool fill_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                       Tensor *const *y, GError **error) {
  const int64_t *sizes;
  Shape shape = {0};
  const Attribute *value = node_attribute(node, "value");
  if (!check_one_output(n_outputs, error) ||
      !known_ints(x[0], "the shape", TENSOR_MAX_RANK, &sizes, &shape.rank, error))
    return false;
  if (value && (value->type != ATTRIBUTE_TENSOR || tensor_count(value->tensor) != 1))
    return input_error(error, "its attribute value must be one number");
  memcpy(shape.dim, sizes, sizeof(int64_t) * (size_t)shape.rank);
  return output_set(y[0], value ? value->tensor->type : TENSOR_FLOAT32, &shape, error);
}

static void fill_forward(const OpCall *call) {
  const Attribute *value = node_attribute(call->node, "value");
  size_t size = tensor_type_size(call->y[0]->type);
  int64_t count = tensor_count(call->y[0]);
  if (!value && count > 0)
    memset(call->y[0]->data, 0, size * (size_t)count);
  for (int64_t i = 0; value && i < count; i++)
    memcpy((char *)call->y[0]->data + i * (int64_t)size, value->tensor->data, size);
}

static bool expand_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                         Tensor *const *y, GError **error) {
  const int64_t *sizes;
  Shape wanted = {0}, shape;
  if (!check_one_output(n_outputs, error) ||
      !known_ints(x[1], "the wanted shape", TENSOR_MAX_RANK, &sizes, &wanted.rank, error))
    return false;
  memcpy(wanted.dim, sizes, sizeof(int64_t) * (size_t)wanted.rank);
  return broadcast_shape(&x[0]->shape, &wanted, &shape, error) && output_set(y[0], x[0]->type, &shape, error);
}

static void expand_forward(const OpCall *call) {
  Loops loops;
  loops_broadcast(&loops, call->y[0], call->x[0], NULL);
  loops_gather(call, &loops, tensor_type_size(call->y[0]->type), call->x[0]->data, call->y[0]->data);
}

static void expand_backward(const OpCall *call) {
  Loops loops;
  if (!call->dx[0])
    return;
  loops_broadcast(&loops, call->dy[0], call->dx[0], NULL);
  loops_sum(call, &loops, 1, tensor_floats(call->dy[0]), tensor_floats(call->dx[0]),
            tensor_count(call->dx[0]));
}

const Op op_shape = {.name = "Shape",
                     .min_inputs = 1,
                     .max_inputs = 1,
                     .shape_only = true,
                     .infer = shape_infer,
                     .forward = shape_forward};
const Op op_size = {.name = "Size",
                    .min_inputs = 1,
                    .max_inputs = 1,
                    .shape_only = true,
                    .infer = size_infer,
                    .forward = size_forward};
const Op op_constant_of_shape = {.name = "ConstantOfShape",
                                 .min_inputs = 1,
                                 .max_inputs = 1,
                                 .infer = fill_infer,
                                 .forward = fill_forward};
const Op op_expand = {.name = "Expand",
                      .min_inputs = 2,
                      .max_inputs = 2,
                      .infer = expand_infer,
                      .forward = expand_forward,
                      .backward = expand_backward};
