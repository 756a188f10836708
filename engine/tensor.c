#include "engine/tensor.h"

#include "engine/error.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_LIMIT ((int64_t)1 << 48)

int64_t shape_count(const Shape *shape) {
  int64_t count = 1;
  bool empty = false;
  for (int i = 0; i < shape->rank; i++) {
    int64_t n = shape->dim[i];
    if (n < 0)
      return -1;
    if (n == 0)
      empty = true;
    else if (count > COUNT_LIMIT / n)
      return -1;
    else
      count *= n;
  }
  return empty ? 0 : count;
}

bool shape_equal(const Shape *a, const Shape *b) {
  return a->rank == b->rank && memcmp(a->dim, b->dim, sizeof a->dim[0] * (size_t)a->rank) == 0;
}

char *shape_text(const Shape *shape) {
  if (shape->rank == 0)
    return g_strdup("()");
  GString *text = g_string_new(NULL);
  for (int i = 0; i < shape->rank; i++) {
    if (i)
      g_string_append_c(text, 'x');
    if (shape->dim[i] < 0)
      g_string_append_c(text, '?');
    else
      g_string_append_printf(text, "%" G_GINT64_FORMAT, shape->dim[i]);
  }
  return g_string_free(text, FALSE);
}

int shape_axis(const Shape *shape, int64_t axis) {
  if (axis < 0)
    axis += shape->rank;
  return axis >= 0 && axis < shape->rank ? (int)axis : -1;
}

size_t tensor_type_size(TensorType type) {
  static const size_t sizes[] = {sizeof(float), sizeof(int64_t), sizeof(uint8_t)};
  return sizes[type];
}

const char *tensor_type_name(TensorType type) {
  static const char *const names[] = {"float32", "int64", "bool"};
  return names[type];
}

size_t tensor_bytes(const Tensor *tensor) {
  return (size_t)tensor_count(tensor) * tensor_type_size(tensor->type);
}

Tensor *tensor_take(TensorType type, const Shape *shape, void *data, GDestroyNotify free_data, void *owner) {
  Tensor *tensor = g_new0(Tensor, 1);
  *tensor = (Tensor){
      .type = type, .shape = *shape, .data = data, .references = 1, .free_data = free_data, .owner = owner};
  return tensor;
}

Tensor *tensor_new(TensorType type, const Shape *shape, GError **error) {
  int64_t count = shape_count(shape);
  size_t bytes = count < 0 ? 0 : (size_t)count * tensor_type_size(type);
  size_t padded = (bytes + TENSOR_ALIGNMENT) & ~(size_t)(TENSOR_ALIGNMENT - 1);
  void *data = count < 0 ? NULL : aligned_alloc(TENSOR_ALIGNMENT, padded);
  if (!data) {
    g_autofree char *text = shape_text(shape);
    input_error(error, "a tensor of shape %s does not fit in memory; use a smaller shape or batch", text);
    return NULL;
  }
  memset(data, 0, padded);
  return tensor_take(type, shape, data, free, data);
}

/* Tensors may be shared by threads that hold references of their own, so the count is atomic. */
Tensor *tensor_ref(const Tensor *tensor) {
  Tensor *counted = (Tensor *)tensor;
  __atomic_add_fetch(&counted->references, 1, __ATOMIC_RELAXED);
  return counted;
}

void tensor_unref(Tensor *tensor) {
  if (!tensor || __atomic_sub_fetch(&tensor->references, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  if (tensor->free_data)
    tensor->free_data(tensor->owner);
  g_free(tensor);
}

static Tensor *tensor_copy_of(TensorType type, const Shape *shape, const void *numbers) {
  g_autoptr(GError) error = NULL;
  Tensor *tensor = tensor_new(type, shape, &error);
  if (!tensor)
    g_error("%s", error->message);
  memcpy(tensor->data, numbers, tensor_bytes(tensor));
  return tensor;
}

Tensor *tensor_from_floats(const Shape *shape, const float *numbers) {
  return tensor_copy_of(TENSOR_FLOAT32, shape, numbers);
}

Tensor *tensor_from_ints(const Shape *shape, const int64_t *numbers) {
  return tensor_copy_of(TENSOR_INT64, shape, numbers);
}
