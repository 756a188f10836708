/* Reads safetensors files (an 8-byte length, a JSON header, the numbers) with float32 and int64 tensors:
 * references that PyTorch computed. */
#pragma once

#include "engine/tensor.h"

typedef struct _SafeTensors SafeTensors;

/* Aborts the test when the file is not as expected.  (transfer full) */
SafeTensors *safetensors_open(const char *path);
void safetensors_close(SafeTensors *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SafeTensors, safetensors_close)
/* The tensor of this name; there must be one.  (transfer full) */
Tensor *safetensors_get(const SafeTensors *file, const char *name);

/* |a - b| / |b| over all elements (L2); infinity when the shapes differ. */
double relative_distance(const Tensor *a, const Tensor *b);
