#include "engine/ops/support.h"

#include <string.h>

bool output_set(Tensor *y, TensorType type, const Shape *shape, GError **error) {
  int64_t count = shape_count(shape);
  if (count < 0 || count > OP_COUNT_LIMIT) {
    g_autofree char *text = shape_text(shape);
    return input_error(error, "its result would have the shape %s, which is too large or negative", text);
  }
  y->type = type;
  y->shape = *shape;
  return true;
}

bool infer_same(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                GError **error) {
  return check_one_output(n_outputs, error) && output_set(y[0], x[0]->type, &x[0]->shape, error);
}

bool infer_same_float(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                      GError **error) {
  return check_type(x[0], TENSOR_FLOAT32, "the input", error) &&
         infer_same(node, n_inputs, x, n_outputs, y, error);
}

bool infer_same_number(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                       Tensor *const *y, GError **error) {
  if (x[0]->type == TENSOR_BOOL)
    return input_error(error, "the input has the type bool; it must be float32 or int64");
  return infer_same(node, n_inputs, x, n_outputs, y, error);
}

bool check_one_output(int n_outputs, GError **error) {
  return n_outputs == 1 || input_error(error, "it has %d outputs; only one is supported", n_outputs);
}

bool check_type(const Tensor *x, TensorType type, const char *what, GError **error) {
  return x->type == type || input_error(error, "%s has the type %s; it must be %s", what,
                                        tensor_type_name(x->type), tensor_type_name(type));
}

bool onnx_number_type(int64_t element, TensorType *type) {
  static const struct {
    int onnx;
    TensorType type;
  } types[] = {{1, TENSOR_FLOAT32}, {10, TENSOR_FLOAT32}, {11, TENSOR_FLOAT32}, {16, TENSOR_FLOAT32},
               {2, TENSOR_INT64},   {3, TENSOR_INT64},    {4, TENSOR_INT64},    {5, TENSOR_INT64},
               {6, TENSOR_INT64},   {7, TENSOR_INT64},    {12, TENSOR_INT64},   {13, TENSOR_INT64},
               {9, TENSOR_BOOL}};
  for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
    if (types[i].onnx == element) {
      *type = types[i].type;
      return true;
    }
  return false;
}

int check_axis(const Shape *shape, int64_t axis, GError **error) {
  int found = shape_axis(shape, axis);
  if (found < 0) {
    g_autofree char *text = shape_text(shape);
    input_error(error, "axis %" G_GINT64_FORMAT " does not exist in the shape %s", axis, text);
  }
  return found;
}

bool known_ints(const Tensor *x, const char *what, int most, const int64_t **ints, int *n, GError **error) {
  if (!check_type(x, TENSOR_INT64, what, error))
    return false;
  if (!x->data)
    return input_error(error, "%s depends on the input's numbers; it must be known before the run", what);
  int64_t count = shape_count(&x->shape);
  if (x->shape.rank > 1 || count > most)
    return input_error(error, "%s has %" G_GINT64_FORMAT " numbers; at most %d are possible", what, count,
                       most);
  *ints = tensor_ints(x);
  *n = (int)count;
  return true;
}

bool read_axes(const Node *node, int n_inputs, const Tensor *const *x, int rank, int axes[TENSOR_MAX_RANK],
               int *n, GError **error) {
  const int64_t *numbers = NULL;
  bool seen[TENSOR_MAX_RANK] = {false};
  Shape ranks = {.rank = rank};
  if (n_inputs > 1 && x[1]) {
    if (!known_ints(x[1], "the list of axes", TENSOR_MAX_RANK, &numbers, n, error))
      return false;
  } else if (node_attribute(node, "axes")) {
    numbers = node_ints(node, "axes", n);
    if (*n > TENSOR_MAX_RANK)
      return input_error(error, "it names %d axes; at most %d are possible", *n, TENSOR_MAX_RANK);
  } else {
    *n = -1;
    return true;
  }
  for (int i = 0; i < *n; i++) {
    axes[i] = shape_axis(&ranks, numbers[i]);
    if (axes[i] < 0 || seen[axes[i]])
      return input_error(error, "axis %" G_GINT64_FORMAT " does not exist in rank %d or is named twice",
                         numbers[i], rank);
    seen[axes[i]] = true;
  }
  return true;
}

typedef struct {
  const OpCall *call;
  RangeRun run;
  const void *data;
  int64_t n, size;
} Ranges;

static void run_range(void *data, int piece, int worker) {
  const Ranges *ranges = data;
  int64_t from = piece * ranges->size;
  ranges->run(ranges->call, ranges->data, from, MIN(from + ranges->size, ranges->n), worker);
}

void call_ranges(const OpCall *call, int64_t n, int64_t size, RangeRun run, const void *data) {
  if (n <= 0)
    return;
  Ranges ranges = {call, run, data, n, MAX(size, n / G_MAXINT + 1)};
  pool_for(call->pool, (int)((n + ranges.size - 1) / ranges.size), run_range, &ranges, call->stop);
}

void memory_axes(const Tensor *tensor, int axes[TENSOR_MAX_RANK]) {
  int rank = tensor->shape.rank;
  for (int i = 0; i < rank; i++)
    axes[i] = i;
  if (tensor->order == ORDER_CHANNELS_LAST && rank >= 3) {
    for (int i = 1; i < rank - 1; i++)
      axes[i] = i + 1;
    axes[rank - 1] = 1;
  }
}

void memory_strides(const Tensor *tensor, int64_t strides[TENSOR_MAX_RANK]) {
  int axes[TENSOR_MAX_RANK];
  memory_axes(tensor, axes);
  int64_t stride = 1;
  for (int i = tensor->shape.rank - 1; i >= 0; i--) {
    strides[axes[i]] = stride;
    stride *= tensor->shape.dim[axes[i]];
  }
}

int64_t shape_product(const Shape *shape, int from, int to) {
  int64_t product = 1;
  for (int i = from; i < to; i++)
    product *= shape->dim[i];
  return product;
}

Planes tensor_planes(const Tensor *tensor) {
  int64_t pixels = shape_product(&tensor->shape, 2, tensor->shape.rank);
  int64_t batch = tensor->shape.dim[0], channels = tensor->shape.dim[1];
  /* With one pixel both orders are the same memory, and long lanes are the faster reading. */
  if (tensor->order == ORDER_CHANNELS_LAST || pixels == 1)
    return (Planes){batch, pixels, channels};
  return (Planes){batch * channels, pixels, 1};
}
