/* Float tensors as packed blobs. */
#pragma once

#include "engine/tensor.h"

#include <sqlite3.h>

/* (transfer full) */
GBytes *tensor_pack(const Tensor *tensor);
/* A result column as a tensor of this shape; `what` names it in the error.  (transfer full) */
Tensor *tensor_unpack(sqlite3_stmt *statement, int column, const Shape *shape, const char *what,
                      GError **error);
/* The same shape and the same bits. */
bool tensor_same(const Tensor *a, const Tensor *b);
