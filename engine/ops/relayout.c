/* Relayout (no ONNX operator): the same tensor (n, c, space...) in another order of memory; attribute `to`: 0
 * row-major, 1 channels-last.  An image is a matrix of channels and pixels, which is transposed in blocks
 * that fit in the cache. */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  int64_t to = node_int(node, "to", -1);
  if (x[0]->shape.rank < 3 || x[0]->shape.rank > 5 || (to != 0 && to != 1))
    return input_error(
        error, "it brings rank %d into the order %" G_GINT64_FORMAT "; ranks 3 to 5 and orders 0 and 1 exist",
        x[0]->shape.rank, to);
  return infer_same(node, n_inputs, x, n_outputs, y, error);
}

#define BLOCK 16

/* to (columns x rows) = transpose of from (rows x columns) */
#define TRANSPOSE(name, type)                                                                                \
  static void name(const void *from, int64_t rows, int64_t columns, void *to) {                              \
    for (int64_t r = 0; r < rows; r += BLOCK)                                                                \
      for (int64_t c = 0; c < columns; c += BLOCK) {                                                         \
        int64_t r_end = MIN(r + BLOCK, rows), c_end = MIN(c + BLOCK, columns);                               \
        for (int64_t j = c; j < c_end; j++)                                                                  \
          for (int64_t i = r; i < r_end; i++)                                                                \
            ((type *)to)[j * rows + i] = ((const type *)from)[i * columns + j];                              \
      }                                                                                                      \
  }
TRANSPOSE(transpose_floats, float)
TRANSPOSE(transpose_ints, int64_t)
TRANSPOSE(transpose_bools, uint8_t)

static void (*const transpose[])(const void *from, int64_t rows, int64_t columns, void *to) = {
    [TENSOR_FLOAT32] = transpose_floats,
    [TENSOR_INT64] = transpose_ints,
    [TENSOR_BOOL] = transpose_bools,
};

typedef struct {
  const Tensor *from;
  Tensor *to;
} Pair;

static void images(const OpCall *call, const void *data, int64_t first, int64_t end, int worker) {
  const Pair *pair = data;
  const Shape *shape = &pair->from->shape;
  int64_t channels = shape->dim[1], pixels = shape_product(shape, 2, shape->rank), size = channels * pixels;
  bool last = pair->from->order == ORDER_CHANNELS_LAST;
  size_t bytes = tensor_type_size(pair->from->type) * (size_t)size;
  for (int64_t i = first; i < end; i++)
    transpose[pair->from->type]((const char *)pair->from->data + (size_t)i * bytes, last ? pixels : channels,
                                last ? channels : pixels, (char *)pair->to->data + (size_t)i * bytes);
}

static void run(const OpCall *call, const Tensor *from, Tensor *to) {
  if (tensor_count(to) == 0)
    return;
  if (from->order == to->order) {
    memcpy(to->data, from->data, tensor_bytes(to));
    return;
  }
  Pair pair = {from, to};
  int64_t batch = from->shape.dim[0], size = tensor_count(from) / batch;
  call_ranges(call, batch, MAX(1, RANGE_ELEMENTS / size), images, &pair);
}

static void forward(const OpCall *call) {
  run(call, call->x[0], call->y[0]);
}

static void backward(const OpCall *call) {
  if (call->dx[0])
    run(call, call->dy[0], call->dx[0]);
}

const Op op_relayout = {.name = "Relayout",
                        .min_inputs = 1,
                        .max_inputs = 1,
                        .infer = infer,
                        .forward = forward,
                        .backward = backward};
