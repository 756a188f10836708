#include "data/store/tensor-blob.h"

#include "data/store/array.h"

#include <string.h>

GBytes *tensor_pack(const Tensor *tensor) {
  return array_pack(tensor->data, (gsize)tensor_count(tensor), sizeof(float));
}

Tensor *tensor_unpack(sqlite3_stmt *statement, int column, const Shape *shape, const char *what,
                      GError **error) {
  const void *blob = sqlite3_column_blob(statement, column);
  g_autoptr(GArray) numbers = array_unpack(blob, (gsize)sqlite3_column_bytes(statement, column),
                                           sizeof(float), shape_count(shape), what, error);
  return numbers ? tensor_from_floats(shape, (const float *)(void *)numbers->data) : NULL;
}

bool tensor_same(const Tensor *a, const Tensor *b) {
  return shape_equal(&a->shape, &b->shape) && memcmp(a->data, b->data, tensor_bytes(a)) == 0;
}
