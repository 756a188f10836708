/* Trilu and EyeLike: matrices cut or filled along a diagonal.
 *
 *     Trilu:    y = x above (upper 1) or below diagonal k (input 1), 0 elsewhere; k = 0 is the main one, k >
 * 0 lies above it        dx = the same of dy EyeLike:  y = 1 on diagonal k of a matrix of x's size, 0
 * elsewhere */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

static bool trilu_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                        Tensor *const *y, GError **error) {
  if (x[0]->shape.rank < 2)
    return input_error(error, "its input has rank %d; it needs 2 at least", x[0]->shape.rank);
  if (n_inputs > 1 && x[1] && (x[1]->type != TENSOR_INT64 || shape_count(&x[1]->shape) != 1))
    return input_error(error, "its diagonal must be one whole number");
  return infer_same(node, n_inputs, x, n_outputs, y, error);
}

static unsigned trilu_keeps(const Node *node, unsigned wanted) {
  return wanted & 1 ? KEEP_INPUT(1) : 0;
}

typedef struct {
  const char *from;
  char *to;
  size_t size;
  int64_t height, width, diagonal;
  bool upper;
} Triangle;

static void trilu_rows(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Triangle *self = data;
  size_t size = self->size, bytes = (size_t)self->width * size;
  for (int64_t row = from; row < to; row++) {
    /* The upper part begins at the diagonal, the lower one ends behind it. */
    int64_t edge = row % self->height + self->diagonal + (self->upper ? 0 : 1);
    size_t at = (size_t)CLAMP(edge, 0, self->width) * size;
    const char *source = self->from + (size_t)row * bytes;
    char *target = self->to + (size_t)row * bytes;
    if (target != source)
      memcpy(target, source, bytes);
    if (self->upper)
      memset(target, 0, at);
    else
      memset(target + at, 0, bytes - at);
  }
}

static void trilu(const OpCall *call, const Tensor *x, Tensor *y) {
  const Shape *shape = &x->shape;
  if (tensor_count(x) == 0)
    return;
  int64_t k = call->n_inputs > 1 && call->x[1] ? *tensor_ints(call->x[1]) : 0;
  Triangle triangle = {.from = x->data,
                       .to = y->data,
                       .size = tensor_type_size(x->type),
                       .height = shape->dim[shape->rank - 2],
                       .width = shape->dim[shape->rank - 1],
                       .diagonal = CLAMP(k, -OP_COUNT_LIMIT, OP_COUNT_LIMIT),
                       .upper = node_int(call->node, "upper", 1) != 0};
  call_ranges(call, tensor_count(x) / triangle.width, MAX(1, RANGE_ELEMENTS / triangle.width), trilu_rows,
              &triangle);
}

static void trilu_forward(const OpCall *call) {
  trilu(call, call->x[0], call->y[0]);
}

static void trilu_backward(const OpCall *call) {
  if (call->dx[0])
    trilu(call, call->dy[0], call->dx[0]);
}

static bool eye_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                      GError **error) {
  TensorType type = x[0]->type;
  int64_t dtype = node_int(node, "dtype", 0);
  if (x[0]->shape.rank != 2)
    return input_error(error, "its input has rank %d; it must have 2", x[0]->shape.rank);
  if (dtype != 0 && !onnx_number_type(dtype, &type))
    return input_error(error, "its dtype %" G_GINT64_FORMAT " is not supported", dtype);
  return check_one_output(n_outputs, error) && output_set(y[0], type, &x[0]->shape, error);
}

static void eye_forward(const OpCall *call) {
  static const float one = 1;
  static const int64_t whole = 1;
  static const uint8_t truth = 1;
  const void *const ones[] = {&one, &whole, &truth};
  Tensor *y = call->y[0];
  size_t size = tensor_type_size(y->type);
  int64_t height = y->shape.dim[0], width = y->shape.dim[1];
  int64_t k = CLAMP(node_int(call->node, "k", 0), -OP_COUNT_LIMIT, OP_COUNT_LIMIT);
  if (tensor_count(y) > 0)
    memset(y->data, 0, tensor_bytes(y));
  for (int64_t row = MAX(0, -k); row < height && row + k < width; row++)
    memcpy((char *)y->data + (size_t)(row * width + row + k) * size, ones[y->type], size);
}

const Op op_trilu = {.name = "Trilu",
                     .min_inputs = 1,
                     .max_inputs = 2,
                     .no_gradient = 2,
                     .infer = trilu_infer,
                     .keeps = trilu_keeps,
                     .forward = trilu_forward,
                     .backward = trilu_backward};
const Op op_eye_like = {.name = "EyeLike",
                        .min_inputs = 1,
                        .max_inputs = 1,
                        .shape_only = true,
                        .no_gradient = 1,
                        .infer = eye_infer,
                        .forward = eye_forward};
