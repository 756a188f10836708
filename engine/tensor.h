/* A tensor: a block of numbers with a shape.
 *
 * Shapes are always ONNX's (a batch of pictures is batch, channels, height, width).  The memory is
 * contiguous; its order is row-major, or channels-last (the channel index runs fastest) for tensors of rank 3
 * to 5 between operations that can work so.  There are no strides and no views: an operation that rearranges,
 * copies.
 *
 * A Tensor is counted by references.  Once it is shared, its numbers are never written again, unless the
 * header of the owner says so (parameters, buffers of a workspace). */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum { TENSOR_FLOAT32, TENSOR_INT64, TENSOR_BOOL } TensorType;
typedef enum { ORDER_ROW_MAJOR, ORDER_CHANNELS_LAST } TensorOrder;

#define TENSOR_MAX_RANK  8
#define TENSOR_ALIGNMENT 64

/* Sizes of the axes.  rank 0 is one number.  dim -1 in the shape of a graph's input: not known before it is
 * bound. */
typedef struct {
  int rank;
  int64_t dim[TENSOR_MAX_RANK];
} Shape;

typedef struct {
  TensorType type;
  TensorOrder order;
  Shape shape;
  void *data; /* NULL in shape inference: the numbers are not known yet */
  int references;
  GDestroyNotify free_data; /* NULL: the numbers belong to somebody else */
  void *owner;              /* what free_data is called with */
} Tensor;

#define SHAPE(...)                                                                                           \
  ((Shape){.rank = (int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), .dim = {__VA_ARGS__}})

/* Number of elements; 1 for rank 0.  -1 where an axis is negative or the product does not fit in 2^48. */
int64_t shape_count(const Shape *shape);
bool shape_equal(const Shape *a, const Shape *b);
/* "2x3x4", "()" for rank 0; an unknown axis is "?".  (transfer full) */
char *shape_text(const Shape *shape);
/* The axis in 0..rank-1 that `axis` (may be negative) names; -1 when there is none. */
int shape_axis(const Shape *shape, int64_t axis);

size_t tensor_type_size(TensorType type);
const char *tensor_type_name(TensorType type);

/* A tensor of zeros in aligned memory that it owns.  NULL and an error when the shape is negative or the
 * memory cannot be had: sizes come from files. (transfer full) */
Tensor *tensor_new(TensorType type, const Shape *shape, GError **error);
/* Takes over numbers that somebody else has allocated; free_data(owner) is called with the last reference.
 * free_data NULL: borrowed.  (transfer full) */
Tensor *tensor_take(TensorType type, const Shape *shape, void *data, GDestroyNotify free_data, void *owner);
Tensor *tensor_ref(const Tensor *tensor);
void tensor_unref(Tensor *tensor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tensor, tensor_unref)

static inline float *tensor_floats(const Tensor *tensor) {
  return tensor->data;
}
static inline int64_t *tensor_ints(const Tensor *tensor) {
  return tensor->data;
}
static inline int64_t tensor_count(const Tensor *tensor) {
  return shape_count(&tensor->shape);
}
size_t tensor_bytes(const Tensor *tensor);
/* Copies n floats into a new tensor of this shape.  Aborts only when memory is out. (transfer full) */
Tensor *tensor_from_floats(const Shape *shape, const float *numbers);
Tensor *tensor_from_ints(const Shape *shape, const int64_t *numbers);
