/* Numbers of a model that lie in files beside it (TensorProto.data_location = EXTERNAL).
 *
 * Only files in the model's own folder, or in folders below it, are read: no absolute path, no "..", no link
 * that leads out.  Numbers of the engine's own types that lie aligned are used where the file is mapped; the
 * rest is converted, within 8 times what is read of the files and 64 MiB. */
#pragma once

#include "engine/tensor.h"

struct Onnx__TensorProto;

typedef struct _OnnxExternal OnnxExternal;

/* For the model at `path`.  (transfer full) */
OnnxExternal *onnx_external_new(const char *path);
/* Tensors that were made live on.  Accepts NULL. */
void onnx_external_free(OnnxExternal *external);
/* `external` NULL: the model came from memory, and has no folder; an error.  (transfer full) */
Tensor *onnx_external_tensor(OnnxExternal *external, const struct Onnx__TensorProto *proto, const char *name,
                             const char *where, GError **error);
/* The digest of the model's file and the files that were read, or what was read of them in the order of their
 * bytes where that is little; the first alone when there are none.  (transfer full) */
char *onnx_external_digest(const OnnxExternal *external, const char *sha256);
