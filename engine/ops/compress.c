/* Compress and NonZero: results whose size is that of what is true in an input, which must therefore be known
 * before the run.
 *
 *     Compress:  the slices of x along `axis` (without it: the elements of x as one list) for which the
 *                condition (input 1, bool) is true; what the condition does not reach is left out
 *                dx = dy's slices where they came from, else 0
 *     NonZero:   (rank, n): the positions of the n elements that are not 0, in row-major order */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

/* x is outer x dim x inner. */
typedef struct {
  int64_t outer, dim, inner;
} Sizes;

static Sizes sizes_of(const Node *node, const Shape *shape) {
  if (!node_attribute(node, "axis"))
    return (Sizes){1, shape_count(shape), 1};
  int axis = shape_axis(shape, node_int(node, "axis", 0));
  return (Sizes){shape_product(shape, 0, axis), shape->dim[axis],
                 shape_product(shape, axis + 1, shape->rank)};
}

static bool compress_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                           Tensor *const *y, GError **error) {
  bool listed = !node_attribute(node, "axis");
  int axis = listed ? 0 : check_axis(&x[0]->shape, node_int(node, "axis", 0), error);
  if (axis < 0 || !check_one_output(n_outputs, error) ||
      !check_type(x[1], TENSOR_BOOL, "the condition", error))
    return false;
  if (!x[1]->data || x[1]->shape.rank != 1)
    return input_error(error, "its condition must be one list that is known before the run");
  Shape shape = listed ? SHAPE(0) : x[0]->shape;
  int64_t n = MIN(sizes_of(node, &x[0]->shape).dim, x[1]->shape.dim[0]);
  shape.dim[axis] = 0;
  for (int64_t i = 0; i < n; i++)
    shape.dim[axis] += ((const uint8_t *)x[1]->data)[i] != 0;
  return output_set(y[0], x[0]->type, &shape, error);
}

static unsigned compress_keeps(const Node *node, unsigned wanted) {
  return wanted & 1 ? KEEP_INPUT(1) : 0;
}

/* Copies between a whole and its chosen slices. */
static void copy_chosen(const OpCall *call, const Tensor *whole, const Tensor *chosen, bool back) {
  Sizes sizes = sizes_of(call->node, &whole->shape);
  size_t bytes = tensor_type_size(whole->type) * (size_t)sizes.inner;
  const uint8_t *condition = call->x[1]->data;
  int64_t n = MIN(sizes.dim, call->x[1]->shape.dim[0]);
  char *part = chosen->data;
  for (int64_t o = 0; o < sizes.outer; o++)
    for (int64_t i = 0; i < n; i++) {
      char *slice = (char *)whole->data + (size_t)(o * sizes.dim + i) * bytes;
      if (!condition[i])
        continue;
      memcpy(back ? slice : part, back ? part : slice, bytes);
      part += bytes;
    }
}

static void compress_forward(const OpCall *call) {
  if (tensor_count(call->y[0]) > 0)
    copy_chosen(call, call->x[0], call->y[0], false);
}

static void compress_backward(const OpCall *call) {
  if (!call->dx[0] || tensor_count(call->dx[0]) == 0)
    return;
  memset(call->dx[0]->data, 0, tensor_bytes(call->dx[0]));
  if (tensor_count(call->dy[0]) > 0)
    copy_chosen(call, call->dx[0], call->dy[0], true);
}

static bool is_zero(const Tensor *x, int64_t i) {
  return x->type == TENSOR_FLOAT32 ? tensor_floats(x)[i] == 0
         : x->type == TENSOR_INT64 ? tensor_ints(x)[i] == 0
                                   : ((const uint8_t *)x->data)[i] == 0;
}

static bool non_zero_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                           Tensor *const *y, GError **error) {
  if (!x[0]->data)
    return input_error(
        error, "the size of its result depends on the input's numbers; they must be known before the run");
  int64_t count = shape_count(&x[0]->shape);
  Shape shape = SHAPE(x[0]->shape.rank, 0);
  for (int64_t i = 0; i < count; i++)
    shape.dim[1] += !is_zero(x[0], i);
  return check_one_output(n_outputs, error) && output_set(y[0], TENSOR_INT64, &shape, error);
}

static void non_zero_forward(const OpCall *call) {
  const Tensor *x = call->x[0];
  int64_t count = tensor_count(x), n = call->y[0]->shape.dim[1], found = 0;
  for (int64_t i = 0; i < count && found < n; i++) {
    if (is_zero(x, i))
      continue;
    int64_t rest = i;
    for (int axis = x->shape.rank - 1; axis >= 0; axis--) {
      tensor_ints(call->y[0])[axis * n + found] = rest % x->shape.dim[axis];
      rest /= x->shape.dim[axis];
    }
    found++;
  }
}

const Op op_compress = {.name = "Compress",
                        .min_inputs = 2,
                        .max_inputs = 2,
                        .no_gradient = 2,
                        .infer = compress_infer,
                        .keeps = compress_keeps,
                        .forward = compress_forward,
                        .backward = compress_backward};
const Op op_non_zero = {.name = "NonZero",
                        .min_inputs = 1,
                        .max_inputs = 1,
                        .no_gradient = 1,
                        .infer = non_zero_infer,
                        .forward = non_zero_forward};
