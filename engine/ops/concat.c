/* Concat: the inputs one after the other along an axis; dx of each is its part of dy.  Both orders of memory.
 */
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
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

static void forward(const OpCall *call) {
  int axis;
  Loops loops;
  Tensor *y = call->y[0];
  int64_t stride = axis_stride(call, y, &axis), size = (int64_t)tensor_type_size(y->type), at = 0;
  for (int k = 0; k < call->n_inputs; k++) {
    const Tensor *x = call->x[k];
    if (tensor_count(x) > 0) {
      part_loops(x, y, &loops);
      loops_scatter(call, &loops, (size_t)size, x->data, (char *)y->data + at * size);
    }
    at += x->shape.dim[axis] * stride;
  }
}

static void backward(const OpCall *call) {
  int axis;
  Loops loops;
  const Tensor *dy = call->dy[0];
  int64_t stride = axis_stride(call, dy, &axis), at = 0;
  for (int k = 0; k < call->n_inputs; k++) {
    if (call->dx[k] && tensor_count(call->dx[k]) > 0) {
      part_loops(call->dx[k], dy, &loops);
      loops_gather(call, &loops, sizeof(float), tensor_floats(dy) + at, call->dx[k]->data);
    }
    at += call->x[k]->shape.dim[axis] * stride;
  }
}

const Op op_concat = {.name = "Concat",
                      .min_inputs = 1,
                      .max_inputs = OP_MAX_INPUTS,
                      .layout = LAYOUT_FOLLOWS,
                      .layout_inputs = ~0u,
                      .infer = infer,
                      .forward = forward,
                      .backward = backward};
