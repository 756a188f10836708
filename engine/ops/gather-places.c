/* GatherElements and GatherND: y's piece k is the piece of x that the indices name; dx adds dy's pieces up
 * where they came from.  An index that is out of range gives zeros. */
#include "engine/ops/ops.h"
#include "engine/ops/places.h"
#include "engine/ops/support.h"

#include <string.h>

static bool elements_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                           Tensor *const *y, GError **error) {
  Places places;
  return check_one_output(n_outputs, error) &&
         places_of_elements(&places, &x[0]->shape, node_int(node, "axis", 0), x[1], error) &&
         places_check(&places, x[1], error) && output_set(y[0], x[0]->type, &x[1]->shape, error);
}

static bool slices_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                         Tensor *const *y, GError **error) {
  Places places;
  const Shape *from = &x[0]->shape, *indices = &x[1]->shape;
  int64_t batch = node_int(node, "batch_dims", 0);
  if (!check_one_output(n_outputs, error) || !places_of_slices(&places, from, batch, x[1], error) ||
      !places_check(&places, x[1], error))
    return false;
  Shape shape = *indices;
  int first = (int)batch + places.width, more = from->rank - first;
  shape.rank--;
  if (shape.rank + more > TENSOR_MAX_RANK)
    return input_error(error, "its result would have %d axes; at most %d are possible", shape.rank + more,
                       TENSOR_MAX_RANK);
  for (int i = first; i < from->rank; i++)
    shape.dim[shape.rank++] = from->dim[i];
  return output_set(y[0], x[0]->type, &shape, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted & 1 ? KEEP_INPUT(1) : 0;
}

typedef struct {
  Places places;
  size_t bytes; /* of a piece */
} Gathering;

static Gathering gathering_of(const OpCall *call) {
  Gathering self;
  const Shape *data = &call->x[0]->shape;
  if (call->node->op == &op_gather_elements)
    places_of_elements(&self.places, data, node_int(call->node, "axis", 0), call->x[1], NULL);
  else
    places_of_slices(&self.places, data, node_int(call->node, "batch_dims", 0), call->x[1], NULL);
  self.bytes = tensor_type_size(call->x[0]->type) * (size_t)self.places.inner;
  return self;
}

static void gather_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Gathering *self = data;
  size_t size = tensor_type_size(call->x[0]->type);
  char *y = (char *)call->y[0]->data + (size_t)from * self->bytes;
  for (int64_t k = from; k < to; k++, y += self->bytes) {
    int64_t at = places_at(&self->places, tensor_ints(call->x[1]), k);
    if (at < 0)
      memset(y, 0, self->bytes);
    else
      memcpy(y, (const char *)call->x[0]->data + (size_t)at * size, self->bytes);
  }
}

static void forward(const OpCall *call) {
  if (tensor_count(call->y[0]) == 0)
    return;
  Gathering self = gathering_of(call);
  call_ranges(call, self.places.n, MAX(1, RANGE_ELEMENTS / self.places.inner), gather_range, &self);
}

static void backward(const OpCall *call) {
  if (!call->dx[0] || tensor_count(call->dx[0]) == 0)
    return;
  float *dx = tensor_floats(call->dx[0]);
  memset(dx, 0, tensor_bytes(call->dx[0]));
  if (tensor_count(call->dy[0]) == 0)
    return;
  Gathering self = gathering_of(call);
  const float *dy = tensor_floats(call->dy[0]);
  for (int64_t k = 0; k < self.places.n; k++, dy += self.places.inner) {
    int64_t at = places_at(&self.places, tensor_ints(call->x[1]), k);
    for (int64_t i = 0; at >= 0 && i < self.places.inner; i++)
      dx[at + i] += dy[i];
  }
}

#define GATHER_OP(symbol, onnx_name, infer_call)                                                             \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 2,                                                                        \
                     .max_inputs = 2,                                                                        \
                     .infer = infer_call,                                                                    \
                     .keeps = keeps,                                                                         \
                     .forward = forward,                                                                     \
                     .backward = backward}
GATHER_OP(op_gather_elements, "GatherElements", elements_infer);
GATHER_OP(op_gather_nd, "GatherND", slices_infer);
