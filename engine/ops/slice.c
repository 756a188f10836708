/* Slice: y[i] = x[start + i * step] along each axis; opset 1 names starts, ends, axes as attributes, opset 10
 * as inputs 1 to 4 (starts, ends, axes, steps).  dx is dy at the places that were taken, else 0.  Both orders
 * of memory. */
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

typedef struct {
  int64_t start[TENSOR_MAX_RANK], step[TENSOR_MAX_RANK], size[TENSOR_MAX_RANK];
} Cut;

/* ONNX's rule: negative numbers count from the end, then both ends are clamped. */
static void cut_axis(Cut *cut, int axis, int64_t dim, int64_t start, int64_t end, int64_t step) {
  start = start < 0 ? MAX(start, -dim) + dim : start;
  end = end < 0 ? MAX(end, -dim - 1) + dim : end;
  start = step > 0 ? CLAMP(start, 0, dim) : CLAMP(start, 0, dim - 1);
  end = step > 0 ? CLAMP(end, 0, dim) : CLAMP(end, -1, dim - 1);
  int64_t distance = step > 0 ? end - start : start - end, stride = step > 0 ? step : -step;
  cut->start[axis] = start;
  cut->step[axis] = step;
  cut->size[axis] = distance > 0 && dim > 0 ? (distance + stride - 1) / stride : 0;
}

/* One of the four lists: input k (opset 10), or the attribute. */
static bool read_list(const Node *node, int n_inputs, const Tensor *const *x, int k, const char *name,
                      const int64_t **list, int *n, GError **error) {
  *list = NULL;
  if (n_inputs > 1) {
    *n = 0;
    return k >= n_inputs || !x[k] || known_ints(x[k], name, TENSOR_MAX_RANK, list, n, error);
  }
  *list = node_ints(node, name, n);
  return *n <= TENSOR_MAX_RANK || input_error(error, "its attribute %s is too long", name);
}

static bool read_cut(const Node *node, int n_inputs, const Tensor *const *x, Cut *cut, GError **error) {
  const int64_t *starts, *ends, *axes, *steps;
  int n, n_ends, n_axes, n_steps;
  const Shape *shape = &x[0]->shape;
  if (!read_list(node, n_inputs, x, 1, "starts", &starts, &n, error) ||
      !read_list(node, n_inputs, x, 2, "ends", &ends, &n_ends, error) ||
      !read_list(node, n_inputs, x, 3, "axes", &axes, &n_axes, error) ||
      !read_list(node, n_inputs, x, 4, "steps", &steps, &n_steps, error))
    return false;
  if (n_ends != n || (axes && n_axes != n) || (steps && n_steps != n) || (!axes && n > shape->rank))
    return input_error(error, "its starts, ends, axes and steps have different lengths");
  for (int i = 0; i < shape->rank; i++) {
    cut->start[i] = 0;
    cut->step[i] = 1;
    cut->size[i] = shape->dim[i];
  }
  bool seen[TENSOR_MAX_RANK] = {false};
  for (int i = 0; i < n; i++) {
    int axis = check_axis(shape, axes ? axes[i] : i, error);
    int64_t step = steps ? steps[i] : 1;
    if (axis < 0)
      return false;
    if (step == 0 || step < -OP_COUNT_LIMIT || seen[axis])
      return input_error(error, "axis %d has the step %" G_GINT64_FORMAT " or is named twice", axis, step);
    seen[axis] = true;
    cut_axis(cut, axis, shape->dim[axis], starts[i], ends[i], MIN(step, OP_COUNT_LIMIT));
  }
  return true;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Cut cut;
  if (!check_one_output(n_outputs, error) || !read_cut(node, n_inputs, x, &cut, error))
    return false;
  Shape shape = {.rank = x[0]->shape.rank};
  memcpy(shape.dim, cut.size, sizeof shape.dim[0] * (size_t)shape.rank);
  return output_set(y[0], x[0]->type, &shape, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted ? KEEP_INPUT(1) | KEEP_INPUT(2) | KEEP_INPUT(3) | KEEP_INPUT(4) : 0;
}

/* Walks the cut piece; operand 0 is the whole.  Returns the offset of its first element. */
static int64_t cut_loops(const OpCall *call, const Tensor *piece, const Tensor *whole, Loops *loops) {
  Cut cut;
  int axes[TENSOR_MAX_RANK];
  int64_t strides[TENSOR_MAX_RANK], dim[TENSOR_MAX_RANK], step[TENSOR_MAX_RANK], first = 0;
  read_cut(call->node, call->n_inputs, call->x, &cut, NULL);
  memory_axes(piece, axes);
  memory_strides(whole, strides);
  for (int i = 0; i < piece->shape.rank; i++) {
    dim[i] = piece->shape.dim[axes[i]];
    step[i] = strides[axes[i]] * cut.step[axes[i]];
    first += strides[axes[i]] * cut.start[axes[i]];
  }
  loops_init(loops, piece->shape.rank, dim, step, NULL);
  return first;
}

static void forward(const OpCall *call) {
  Loops loops;
  size_t size = tensor_type_size(call->y[0]->type);
  if (tensor_count(call->y[0]) == 0)
    return;
  int64_t first = cut_loops(call, call->y[0], call->x[0], &loops);
  loops_gather(call, &loops, size, (const char *)call->x[0]->data + first * (int64_t)size, call->y[0]->data);
}

static void backward(const OpCall *call) {
  Loops loops;
  if (!call->dx[0] || tensor_count(call->dx[0]) == 0)
    return;
  memset(call->dx[0]->data, 0, tensor_bytes(call->dx[0]));
  if (tensor_count(call->dy[0]) == 0)
    return;
  int64_t first = cut_loops(call, call->dy[0], call->dx[0], &loops);
  loops_scatter(call, &loops, sizeof(float), call->dy[0]->data, tensor_floats(call->dx[0]) + first);
}

const Op op_slice = {.name = "Slice",
                     .min_inputs = 1,
                     .max_inputs = 5,
                     .layout = LAYOUT_FOLLOWS,
                     .layout_inputs = 1,
                     .infer = infer,
                     .keeps = keeps,
                     .forward = forward,
                     .backward = backward};
