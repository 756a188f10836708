/* The blocks of a network, read from its graph: what people mean by "after the second residual block".
 *
 * A tensor that every way from the input to the answers passes through is a cut of the graph.  Between two
 * neighbouring cuts lies one computation, or several side by side (a residual connection).  A block ends
 *   - where parallel branches with weights meet again (Add, Concat), and
 *   - outside of those, after each linear layer and each convolution over all channels, except one that
 * widens what the next one narrows again (the expansion of an inverted bottleneck, Sandler et al. 2018, arXiv
 * 1801.04381); the activations, normalisations and max poolings that follow belong to the block.
 *
 * In a transformer a block is a residual connection around attention with those behind it up to the next one
 * with attention; layers in front of the first and behind the last belong to none. */
#pragma once

#include "engine/graph.h"

/* For each value of the graph whether a way from the first input to the first output leads through it, shapes
 * that are read from tensors left aside.  (transfer full) (element-type bool) */
GArray *graph_signal_path(const Graph *graph);
typedef struct {
  ValueId end;       /* its last tensor */
  ValueId attention; /* of a transformer's: behind the attention's residual connection; VALUE_NONE: none */
  guint first_node, last_node;
} Block;

/* The blocks in order; none ends with the answers themselves.  (transfer full) (element-type Block) */
GArray *graph_blocks(const Graph *graph, const GArray *signal_path);
