/* ReverseSequence: the first n entries of each sequence of a batch in reverse, the rest as it is; n is that
 * sequence's length (input 1).  Axes 0 and 1 are time and batch, in either order.  The chain rule is the op
 * itself. */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  int64_t time = node_int(node, "time_axis", 0), batch = node_int(node, "batch_axis", 1);
  if (x[0]->shape.rank < 2 || time + batch != 1 || (time != 0 && time != 1))
    return input_error(error, "its time and batch axes must be the axes 0 and 1 of its input");
  if (!check_type(x[1], TENSOR_INT64, "the list of lengths", error))
    return false;
  if (x[1]->shape.rank != 1 || x[1]->shape.dim[0] != x[0]->shape.dim[batch])
    return input_error(
        error, "its list of lengths does not have one number for each of %" G_GINT64_FORMAT " sequences",
        x[0]->shape.dim[batch]);
  return infer_same(node, n_inputs, x, n_outputs, y, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted & 1 ? KEEP_INPUT(1) : 0;
}

static void reverse(const OpCall *call, const Tensor *x, Tensor *y) {
  const Shape *shape = &x->shape;
  bool time_first = node_int(call->node, "time_axis", 0) == 0;
  size_t bytes = tensor_type_size(x->type) * (size_t)shape_product(shape, 2, shape->rank);
  for (int64_t i = 0; tensor_count(x) > 0 && i < shape->dim[0]; i++)
    for (int64_t j = 0; j < shape->dim[1]; j++) {
      int64_t time = time_first ? i : j, sequence = time_first ? j : i;
      int64_t length = MIN(tensor_ints(call->x[1])[sequence], shape->dim[!time_first]);
      int64_t from = time < length ? length - 1 - time : time;
      int64_t source = time_first ? from * shape->dim[1] + j : i * shape->dim[1] + from;
      memcpy((char *)y->data + (size_t)(i * shape->dim[1] + j) * bytes,
             (const char *)x->data + (size_t)source * bytes, bytes);
    }
}

static void forward(const OpCall *call) {
  reverse(call, call->x[0], call->y[0]);
}

static void backward(const OpCall *call) {
  if (call->dx[0])
    reverse(call, call->dy[0], call->dx[0]);
}

const Op op_reverse_sequence = {.name = "ReverseSequence",
                                .min_inputs = 2,
                                .max_inputs = 2,
                                .no_gradient = 2,
                                .infer = infer,
                                .keeps = keeps,
                                .forward = forward,
                                .backward = backward};
