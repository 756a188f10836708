/* Writes a graph of the engine as an ONNX file: a network with a pattern and a label map in it runs
 * elsewhere.
 *
 * Frozen numbers and parameters become initialisers.  What does not lead to an output is left out.  Types are
 * the engine's (float32, int64, bool), also where the model was read from a file with others. */
#pragma once

#include "engine/graph.h"

/* An entry of metadata_props. */
typedef struct {
  const char *key, *value;
} OnnxEntry;

typedef struct {
  int opset; /* the operator set the nodes are written in: that of the file the model came from, at least 13
              */
  const char *name;          /* of the graph; NULL: "graph" */
  const OnnxEntry *metadata; /* ends with a NULL key; NULL: none */
} OnnxWriteOptions;

/* (transfer full) NULL and an error when the graph has an operator that ONNX has not, or its shapes do not
 * fit. */
GBytes *onnx_to_bytes(const Graph *graph, const OnnxWriteOptions *options, GError **error);
/* The same into a file, which is replaced as a whole. */
bool onnx_write(const char *path, const Graph *graph, const OnnxWriteOptions *options, GError **error);
