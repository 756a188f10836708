/* Reads ONNX files (protobuf; https://github.com/onnx/onnx/blob/main/docs/IR.md) into frozen models.
 *
 * The file is mapped, checked before it is unpacked (onnx-wire.h), unpacked within a budget of 4 times its
 * size and 64 MiB, and every refusal is one sentence that names the file and the node or tensor.  Weights
 * that are float32 or int64 in the file are taken over, not copied; they may lie in files beside the model
 * (onnx-external.h).  Nodes of old operator sets take their newest form (onnx-upgrade.h). */
#pragma once

#include "engine/frozen-model.h"

/* The operator sets of ONNX's own domain that are understood. */
#define ONNX_MIN_OPSET 1
#define ONNX_MAX_OPSET 22

/* The model with its card, its sites, path and sha256; `name` is the path.  NULL and an error when anything
 * in it is not supported.  (transfer full) */
FrozenModel *onnx_load(const char *path, GError **error);
/* The same from memory; `where` names the place in messages.  sha256 is NULL. */
FrozenModel *onnx_load_bytes(const void *bytes, size_t size, const char *where, GError **error);

/* Once more what loading does with the card, after entries were added to it: an open size of the input is
 * fixed, sites are found anew, names that do not fit the number of classes go.  For the thread that loaded
 * it, before anyone else sees the model. */
void onnx_take_card(FrozenModel *model);

/* One kind of operator in a file. */
typedef struct {
  char *name; /* "Conv"; with its domain in front where that is not ONNX's own */
  char *first_node;
  int count;
  bool supported;
} OnnxOperator;

/* An input or output as the file declares it. */
typedef struct {
  char *name, *type; /* "float32", "float16", ...; "?" when it is no tensor */
  bool has_shape;
  Shape shape;       /* -1: not fixed */
  char **axis_names; /* one an axis: "batch", or the number as text */
} OnnxPort;

/* What there is to say about a file, whether it can be run or not. */
typedef struct {
  GPtrArray *operators;        /* OnnxOperator *, by name */
  GPtrArray *inputs, *outputs; /* OnnxPort * */
  ModelCard card;
  int opset;
  char *producer;     /* "pytorch 1.13.0"; may be "" */
  FrozenModel *model; /* NULL when loading was refused */
  char *refusal;      /* then: why */
} OnnxSummary;

/* NULL and an error when the file cannot even be unpacked.  (transfer full) */
OnnxSummary *onnx_inspect(const char *path, GError **error);
void onnx_summary_free(OnnxSummary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OnnxSummary, onnx_summary_free)
