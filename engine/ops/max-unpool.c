/* MaxUnpool: x (n, c, space...), indices int64 of x's shape -> y (n, c, space...), zeros but for
 *
 *     y[place(indices[i])] = x[i]      dx[i] = dy[place(indices[i])]
 *
 * An index counts row-major over the shape (n, c, natural...) that kernel_shape, strides and pads lead back
 * to: natural = (size - 1) * stride + kernel - pads.  Input 2, where there is one, is the shape of y, which
 * is then filled from its first corner on.  Of equal indices the last one is written.  Indices and places
 * outside are left out. */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

#define SIZE_LIMIT ((int64_t)1 << 31)

/* Number i of an attribute of `count` numbers; `otherwise` when it is absent. */
static int64_t number_at(const Node *node, const char *name, int i, int64_t otherwise) {
  int n;
  const int64_t *numbers = node_ints(node, name, &n);
  return i < n ? numbers[i] : otherwise;
}

static bool natural_shape(const Node *node, const Shape *x, Shape *shape, GError **error) {
  int n, spatial = x->rank - 2;
  node_ints(node, "kernel_shape", &n);
  if (spatial < 1 || n != spatial)
    return input_error(error, "its kernel_shape has %d numbers; its input has %d axes", n, x->rank);
  *shape = *x;
  for (int i = 0; i < spatial; i++) {
    int64_t kernel = number_at(node, "kernel_shape", i, 1), stride = number_at(node, "strides", i, 1),
            before = number_at(node, "pads", i, 0), after = number_at(node, "pads", i + spatial, 0),
            size = x->dim[2 + i];
    if (MIN(kernel, stride) < 1 || MIN(before, after) < 0 ||
        MAX(MAX(kernel, stride), MAX(before, after)) > SIZE_LIMIT || size > SIZE_LIMIT / stride)
      return input_error(error, "its kernel_shape, strides or pads are out of range");
    shape->dim[2 + i] = (size - 1) * stride + kernel - before - after;
  }
  return shape_count(shape) >= 0 ||
         input_error(error, "its result would have a negative size or too many numbers");
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Shape shape;
  const int64_t *wanted;
  int n;
  if (!check_one_output(n_outputs, error) || !check_type(x[0], TENSOR_FLOAT32, "the input", error) ||
      !check_type(x[1], TENSOR_INT64, "the list of indices", error) ||
      !natural_shape(node, &x[0]->shape, &shape, error))
    return false;
  if (!shape_equal(&x[0]->shape, &x[1]->shape))
    return input_error(error, "its indices must have the shape of its input");
  if (n_inputs > 2 && x[2]) {
    if (!known_ints(x[2], "the output's shape", TENSOR_MAX_RANK, &wanted, &n, error))
      return false;
    if (n != shape.rank || wanted[0] != shape.dim[0] || wanted[1] != shape.dim[1])
      return input_error(error, "its output's shape does not go together with its input");
    memcpy(shape.dim, wanted, sizeof(int64_t) * (size_t)n);
  }
  return output_set(y[0], TENSOR_FLOAT32, &shape, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted & 1 ? KEEP_INPUT(1) : 0;
}

/* The place in y of an index, -1 outside. */
static int64_t place(const Shape *natural, const Shape *y, int64_t index) {
  int64_t result = 0, step = 1;
  if (index < 0)
    return -1;
  for (int i = y->rank - 1; i >= 0; i--) {
    int64_t at = natural->dim[i] > 0 ? index % natural->dim[i] : 0;
    if (natural->dim[i] < 1 || at >= y->dim[i])
      return -1;
    index /= natural->dim[i];
    result += at * step;
    step *= y->dim[i];
  }
  return index > 0 ? -1 : result;
}

static void forward(const OpCall *call) {
  Shape natural;
  natural_shape(call->node, &call->x[0]->shape, &natural, NULL);
  int64_t n = tensor_count(call->x[0]);
  memset(call->y[0]->data, 0, tensor_bytes(call->y[0]));
  for (int64_t i = 0; i < n; i++) {
    int64_t at = place(&natural, &call->y[0]->shape, tensor_ints(call->x[1])[i]);
    if (at >= 0)
      tensor_floats(call->y[0])[at] = tensor_floats(call->x[0])[i];
  }
}

static void backward(const OpCall *call) {
  Shape natural;
  if (!call->dx[0])
    return;
  natural_shape(call->node, &call->x[0]->shape, &natural, NULL);
  int64_t n = tensor_count(call->dx[0]);
  for (int64_t i = 0; i < n; i++) {
    int64_t at = place(&natural, &call->y[0]->shape, tensor_ints(call->x[1])[i]);
    tensor_floats(call->dx[0])[i] = at >= 0 ? tensor_floats(call->dy[0])[at] : 0;
  }
}

const Op op_max_unpool = {.name = "MaxUnpool",
                          .min_inputs = 2,
                          .max_inputs = 3,
                          .no_gradient = ~1u,
                          .infer = infer,
                          .keeps = keeps,
                          .forward = forward,
                          .backward = backward};
