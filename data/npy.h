/* NPY: arrays as NumPy writes them (format versions 1, 2 and 3; numpy.lib.format).
 *
 * Read: float16, float32, float64, signed and unsigned integers and bool, either order of bytes, C or Fortran
 * order; float types become float32, all others int64, always row-major.  Written: float32 and int64 (bool as
 * int64), version 1, C order, the numbers aligned to 64 bytes.  Rank 0 and empty axes included. */
#pragma once

#include "engine/tensor.h"

/* (transfer full) NULL and an error that names the file. */
Tensor *npy_read(const char *path, GError **error);
/* The same from memory; `where` names the place in messages. */
Tensor *npy_from_bytes(const void *bytes, size_t size, const char *where, GError **error);
/* Replaces the file as a whole: when it fails (a full disk), the old file stands and no other is left. */
bool npy_write(const char *path, const Tensor *tensor, GError **error);
/* (transfer full) Of a row-major tensor. */
GBytes *npy_to_bytes(const Tensor *tensor);
