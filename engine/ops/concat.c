/* Concat: the inputs one after the other along an axis; dx of each is its part of dy.
 * Split: the way back: each output is a part of x; dx is their gradients one after the other.
 *
 * The sizes of Split's parts are input 1; without it the parts are equal, a smaller one last (opset 18). Both
 * orders of memory. */
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

static bool concat_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                         Tensor *const *y, GError **error) {
  Shape shape = x[0]->shape;
  if (!node_attribute(node, "axis"))
    return input_error(error, "its attribute axis is missing");
  int axis = check_axis(&shape, node_int(node, "axis", 0), error);
  if (axis < 0 || !check_one_output(n_outputs, error))
    return false;
  for (int k = 1; k < n_inputs; k++) {
    Shape other = x[k] ? x[k]->shape : (Shape){0};
    int64_t size = x[k] && axis < other.rank ? other.dim[axis] : 0;
    other.dim[axis] = shape.dim[axis];
    if (!x[k] || x[k]->type != x[0]->type || !shape_equal(&other, &shape))
      return input_error(error, "input %d does not go together with the first", k + 1);
    shape.dim[axis] += size;
    if (shape.dim[axis] > OP_COUNT_LIMIT)
      return input_error(error, "its result is too large");
  }
  return output_set(y[0], x[0]->type, &shape, error);
}

/* Walks one part; operand 0 is the whole from the part's first element on. */
static void part_loops(const Tensor *part, const Tensor *whole, Loops *loops) {
  int axes[TENSOR_MAX_RANK];
  int64_t strides[TENSOR_MAX_RANK], dim[TENSOR_MAX_RANK], step[TENSOR_MAX_RANK];
  memory_axes(part, axes);
  memory_strides(whole, strides);
  for (int i = 0; i < part->shape.rank; i++) {
    dim[i] = part->shape.dim[axes[i]];
    step[i] = strides[axes[i]];
  }
  loops_init(loops, part->shape.rank, dim, step, NULL);
}

/* Elements between the starts of two parts whose sizes along the axis differ by one. */
static int64_t axis_stride(const OpCall *call, const Tensor *whole, int *axis) {
  int64_t strides[TENSOR_MAX_RANK];
  *axis = shape_axis(&whole->shape, node_int(call->node, "axis", 0));
  memory_strides(whole, strides);
  return strides[*axis];
}

/* Copies the parts into the whole; those that are NULL have the sizes of `like` and are left out. */
static void join(const OpCall *call, int n, const Tensor *const *parts, const Tensor *const *like,
                 const Tensor *whole) {
  int axis;
  Loops loops;
  int64_t stride = axis_stride(call, whole, &axis), size = (int64_t)tensor_type_size(whole->type), at = 0;
  for (int k = 0; k < n; k++) {
    if (parts[k] && tensor_count(parts[k]) > 0) {
      part_loops(parts[k], whole, &loops);
      loops_scatter(call, &loops, (size_t)size, parts[k]->data, (char *)whole->data + at * size);
    }
    at += like[k]->shape.dim[axis] * stride;
  }
}

/* Copies the whole's parts out; NULL: not wanted. */
static void cut(const OpCall *call, int n, Tensor *const *parts, const Tensor *const *like,
                const Tensor *whole) {
  int axis;
  Loops loops;
  int64_t stride = axis_stride(call, whole, &axis), size = (int64_t)tensor_type_size(whole->type), at = 0;
  for (int k = 0; k < n; k++) {
    if (parts[k] && tensor_count(parts[k]) > 0) {
      part_loops(parts[k], whole, &loops);
      loops_gather(call, &loops, (size_t)size, (const char *)whole->data + at * size, parts[k]->data);
    }
    at += like[k]->shape.dim[axis] * stride;
  }
}

static void concat_forward(const OpCall *call) {
  join(call, call->n_inputs, call->x, call->x, call->y[0]);
}

static void concat_backward(const OpCall *call) {
  cut(call, call->n_inputs, call->dx, call->x, call->dy[0]);
}

/* The sizes of n parts. */
static bool split_sizes(const Node *node, int n_inputs, const Tensor *const *x, int n_parts, int64_t dim,
                        int64_t sizes[OP_MAX_OUTPUTS], GError **error) {
  const int64_t *listed = NULL;
  int n = n_parts;
  if (n_inputs > 1 && x[1] && !known_ints(x[1], "the list of sizes", OP_MAX_OUTPUTS, &listed, &n, error))
    return false;
  if (n != n_parts || node_int(node, "num_outputs", n_parts) != n_parts)
    return input_error(error, "its sizes and its %d outputs do not go together", n_parts);
  int64_t part = (dim + n_parts - 1) / n_parts, left = dim;
  for (int k = 0; k < n_parts; k++) {
    sizes[k] = listed ? listed[k] : MIN(part, left);
    if (sizes[k] < 0 || sizes[k] > left)
      return input_error(error, "its sizes do not add up to the axis of size %" G_GINT64_FORMAT, dim);
    left -= sizes[k];
  }
  return left == 0 ||
         input_error(error, "its sizes do not add up to the axis of size %" G_GINT64_FORMAT, dim);
}

static bool split_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                        Tensor *const *y, GError **error) {
  Shape shape = x[0]->shape;
  int64_t sizes[OP_MAX_OUTPUTS];
  int axis = check_axis(&shape, node_int(node, "axis", 0), error);
  if (axis < 0 || !split_sizes(node, n_inputs, x, n_outputs, shape.dim[axis], sizes, error))
    return false;
  for (int k = 0; k < n_outputs; k++) {
    shape.dim[axis] = sizes[k];
    if (!output_set(y[k], x[0]->type, &shape, error))
      return false;
  }
  return true;
}

static void split_forward(const OpCall *call) {
  cut(call, call->n_outputs, call->y, (const Tensor *const *)call->y, call->x[0]);
}

/* An output that nothing reads has no gradient: its part is 0. */
static void split_backward(const OpCall *call) {
  bool whole = true;
  if (!call->dx[0] || tensor_count(call->dx[0]) == 0)
    return;
  for (int k = 0; k < call->n_outputs; k++)
    whole = whole && call->dy[k];
  if (!whole)
    memset(call->dx[0]->data, 0, tensor_bytes(call->dx[0]));
  join(call, call->n_outputs, call->dy, (const Tensor *const *)call->y, call->dx[0]);
}

const Op op_concat = {.name = "Concat",
                      .min_inputs = 1,
                      .max_inputs = OP_MAX_INPUTS,
                      .layout = LAYOUT_FOLLOWS,
                      .layout_inputs = ~0u,
                      .infer = concat_infer,
                      .forward = concat_forward,
                      .backward = concat_backward};
const Op op_split = {.name = "Split",
                     .min_inputs = 1,
                     .max_inputs = 2,
                     .layout = LAYOUT_FOLLOWS,
                     .layout_inputs = 1,
                     .no_gradient = 2,
                     .infer = split_infer,
                     .forward = split_forward,
                     .backward = split_backward};
