/* Ops whose numbers stay as they are in memory: Identity, Dropout (a frozen network drops nothing), Reshape,
 * Flatten, Squeeze, Unsqueeze.
 *
 *     y = x, with another shape        dx = dy */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

static void forward(const OpCall *call) {
  if (call->y[0]->data != call->x[0]->data && tensor_count(call->y[0]) > 0)
    memcpy(call->y[0]->data, call->x[0]->data, tensor_bytes(call->y[0]));
}

static void backward(const OpCall *call) {
  if (call->dx[0] && call->dx[0]->data != call->dy[0]->data && tensor_count(call->dx[0]) > 0)
    memcpy(call->dx[0]->data, call->dy[0]->data, tensor_bytes(call->dx[0]));
}

/* Exporters leave Dropout in training mode where its ratio is 0 anyway. */
static bool drops_nothing(const Tensor *ratio) {
  return ratio && ratio->type == TENSOR_FLOAT32 && tensor_count(ratio) == 1 && ratio->data &&
         *tensor_floats(ratio) == 0;
}

static bool dropout_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                          Tensor *const *y, GError **error) {
  if (n_inputs > 2 && x[2] && !drops_nothing(x[1]) &&
      (x[2]->type != TENSOR_BOOL || !x[2]->data || *(const uint8_t *)x[2]->data))
    return input_error(error, "it is in training mode; export the model in evaluation mode");
  if (n_outputs > 2)
    return input_error(error, "it has %d outputs; at most 2 are possible", n_outputs);
  return output_set(y[0], x[0]->type, &x[0]->shape, error) &&
         (n_outputs < 2 || output_set(y[1], TENSOR_BOOL, &x[0]->shape, error));
}

static void dropout_forward(const OpCall *call) {
  forward(call);
  if (call->n_outputs > 1 && call->y[1])
    memset(call->y[1]->data, 1, tensor_bytes(call->y[1]));
}

/* The wanted shape: 0 copies the input's size (unless allowzero), one -1 takes what is left. */
static bool reshape_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                          Tensor *const *y, GError **error) {
  const int64_t *wanted;
  Shape shape = {0};
  int unknown = -1, n;
  if (!check_one_output(n_outputs, error) ||
      !known_ints(x[1], "the wanted shape", TENSOR_MAX_RANK, &wanted, &n, error))
    return false;
  bool zero_copies = node_int(node, "allowzero", 0) == 0;
  shape.rank = n;
  for (int i = 0; i < n; i++) {
    shape.dim[i] = wanted[i];
    if (wanted[i] == 0 && zero_copies) {
      if (i >= x[0]->shape.rank)
        return input_error(error, "its wanted shape copies axis %d, which its input does not have", i);
      shape.dim[i] = x[0]->shape.dim[i];
    } else if (wanted[i] == -1 && unknown < 0) {
      unknown = i;
      shape.dim[i] = 1;
    } else if (wanted[i] < 0) {
      return input_error(error, "its wanted shape holds the size %" G_GINT64_FORMAT, wanted[i]);
    }
  }
  int64_t count = shape_count(&x[0]->shape), others = shape_count(&shape);
  if (unknown >= 0 && others > 0)
    shape.dim[unknown] = count / others;
  if (others < 0 || (unknown >= 0 && others == 0) || shape_count(&shape) != count) {
    g_autofree char *from = shape_text(&x[0]->shape), *to = shape_text(&shape);
    return input_error(error, "%s cannot be reshaped to %s", from, to);
  }
  return output_set(y[0], x[0]->type, &shape, error);
}

static bool flatten_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                          Tensor *const *y, GError **error) {
  const Shape *shape = &x[0]->shape;
  int64_t axis = node_int(node, "axis", 1);
  if (axis < -shape->rank || axis > shape->rank)
    return input_error(error, "axis %" G_GINT64_FORMAT " does not exist in rank %d", axis, shape->rank);
  int first = (int)(axis < 0 ? axis + shape->rank : axis);
  Shape flat = SHAPE(shape_product(shape, 0, first), shape_product(shape, first, shape->rank));
  return check_one_output(n_outputs, error) && output_set(y[0], x[0]->type, &flat, error);
}

static bool squeeze_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                          Tensor *const *y, GError **error) {
  const Shape *from = &x[0]->shape;
  int axes[TENSOR_MAX_RANK], n;
  bool taken[TENSOR_MAX_RANK] = {false};
  Shape shape = {0};
  if (!check_one_output(n_outputs, error) || !read_axes(node, n_inputs, x, from->rank, axes, &n, error))
    return false;
  for (int i = 0; i < n; i++) {
    if (from->dim[axes[i]] != 1)
      return input_error(error, "axis %d has the size %" G_GINT64_FORMAT "; only an axis of size 1 can go",
                         axes[i], from->dim[axes[i]]);
    taken[axes[i]] = true;
  }
  for (int i = 0; i < from->rank; i++)
    if (n < 0 ? from->dim[i] != 1 : !taken[i])
      shape.dim[shape.rank++] = from->dim[i];
  return output_set(y[0], x[0]->type, &shape, error);
}

static bool unsqueeze_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                            Tensor *const *y, GError **error) {
  const Shape *from = &x[0]->shape;
  const int64_t *listed = NULL;
  int axes[TENSOR_MAX_RANK], n = 0;
  bool added[TENSOR_MAX_RANK] = {false};
  /* Axes count in the result, whose rank is only known with their number. */
  if (n_inputs > 1 && x[1] && !known_ints(x[1], "the list of axes", TENSOR_MAX_RANK, &listed, &n, error))
    return false;
  if (!listed && !(listed = node_ints(node, "axes", &n)))
    return input_error(error, "its axes are missing");
  Shape shape = {.rank = from->rank + n};
  if (shape.rank > TENSOR_MAX_RANK)
    return input_error(error, "its result would have %d axes; at most %d are possible", shape.rank,
                       TENSOR_MAX_RANK);
  if (!check_one_output(n_outputs, error) || !read_axes(node, n_inputs, x, shape.rank, axes, &n, error))
    return false;
  for (int i = 0; i < n; i++)
    added[axes[i]] = true;
  for (int i = 0, k = 0; i < shape.rank; i++)
    shape.dim[i] = added[i] ? 1 : from->dim[k++];
  return output_set(y[0], x[0]->type, &shape, error);
}

#define COPY_OP(symbol, onnx_name, fewest, most, rule, infer_call, forward_call)                             \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = fewest,                                                                   \
                     .max_inputs = most,                                                                     \
                     .layout = rule,                                                                         \
                     .layout_inputs = 1,                                                                     \
                     .infer = infer_call,                                                                    \
                     .forward = forward_call,                                                                \
                     .backward = backward}
COPY_OP(op_identity, "Identity", 1, 1, LAYOUT_FOLLOWS, infer_same, forward);
COPY_OP(op_dropout, "Dropout", 1, 3, LAYOUT_FOLLOWS, dropout_infer, dropout_forward);
COPY_OP(op_reshape, "Reshape", 2, 2, LAYOUT_ROW_MAJOR, reshape_infer, forward);
COPY_OP(op_flatten, "Flatten", 1, 1, LAYOUT_ROW_MAJOR, flatten_infer, forward);
COPY_OP(op_squeeze, "Squeeze", 1, 2, LAYOUT_ROW_MAJOR, squeeze_infer, forward);
COPY_OP(op_unsqueeze, "Unsqueeze", 1, 2, LAYOUT_ROW_MAJOR, unsqueeze_infer, forward);
