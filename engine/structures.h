/* Recognised structures: computations that exporters spell out in many operators (attention, norms, smooth
 * activations) become one op with a gradient of its own.
 *
 * graph_recognise() runs once when a model is loaded, before its sites are made, so that what lies inside a
 * structure is no site, and keys and values are.  A structure is taken only where it gives the same numbers
 * for all inputs: the constants are right to 1e-6, the shapes fit, and nobody else reads what lies inside.
 * Each kind is a row of structure_table and a file passes/recognise-*.c. */
#pragma once

#include "engine/graph.h"

#define STRUCTURES 6

typedef struct _Match Match;

typedef struct {
  const char *name; /* "attention"; for messages and listings */
  const char *op;   /* what stands for it in the graph */
  /* Tries the structure that ends in this node; true: the node has been rewritten. */
  bool (*recognise)(Match *match, GraphNode *node);
  /* Writes the op in operators of ONNX's set `opset` or older; shapes[] and types[] of the inputs,
   * -1: not fixed.  The
   * last node's output is called `name`.  NULL: the op is ONNX's own. */
  ValueId (*spell)(Graph *graph, const Node *node, const char *name, int n_inputs, const ValueId *inputs,
                   const Shape *shapes, const TensorType *types, int opset);
  int opset; /* spelled out for sets older than this one only; 0: for all */
} StructureKind;

/* STRUCTURES rows. */
extern const StructureKind *const structure_table[];

/* Rewrites the graph in place; values keep their ids, those inside of structures are computed by nothing
 * then.  counts[i] gets how many of row i were found. */
void graph_recognise(Graph *graph, int counts[STRUCTURES]);
/* A copy for a file: ops that ONNX's set `opset` does not have are spelled out.  Inputs, outputs and
 * constants keep their names.  (transfer full) */
Graph *graph_spell_out(const Graph *graph, int opset);
