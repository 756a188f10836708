/* Numbers as files hold them: the element types of NPY and ONNX, and what becomes of them.
 *
 * The engine computes with float32, int64 and bool; every other type is converted here, at the edge. */
#pragma once

#include "engine/tensor.h"

typedef enum {
  NUMBER_FLOAT32,
  NUMBER_FLOAT64,
  NUMBER_FLOAT16,
  NUMBER_BFLOAT16,
  NUMBER_INT8,
  NUMBER_INT16,
  NUMBER_INT32,
  NUMBER_INT64,
  NUMBER_UINT8,
  NUMBER_UINT16,
  NUMBER_UINT32,
  NUMBER_UINT64,
  NUMBER_BOOL,
} NumberKind;

/* Bytes of one number in a file. */
size_t number_size(NumberKind kind);
/* "float16" */
const char *number_name(NumberKind kind);
/* The engine's type for it: float32 for the float types, int64 for the integers, bool. */
TensorType number_tensor_type(NumberKind kind);
/* True where the engine's memory is the file's memory, byte for byte (little-endian files): float32 and
 * int64. */
bool number_is_native(NumberKind kind);

/* Rounds or wraps n numbers of the engine's type at `numbers`, in place, to what the file's type can hold. */
void number_round(NumberKind kind, int64_t n, void *numbers);

/* Converts n numbers that lie `stride` bytes apart at `from` (no alignment needed) into the engine's type at
 * `to`; swap: the other order of bytes.  Unsigned numbers beyond the largest int64 become the largest int64.
 */
void number_convert(NumberKind kind, const void *from, size_t stride, bool swap, int64_t n, void *to);
