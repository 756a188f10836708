/* Tensors in files of their own, as ONNX's test data has them. */
#pragma once

#include "engine/tensor.h"

/* A file that holds one TensorProto.  The numbers come in the engine's type; *element gets the name of the
 * type in the file ("uint8"), which lives as long as the program; may be NULL.  (transfer full) */
Tensor *onnx_read_tensor(const char *path, const char **element, GError **error);
/* Rounds or wraps the numbers to what the element type of that name can hold, in place: a result becomes
 * comparable with numbers of a file. */
void onnx_round_to(Tensor *tensor, const char *element);
