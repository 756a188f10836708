/* Types and shapes of a graph's values, without running it. */
#pragma once

#include "engine/graph.h"

/* Fills types[n] and shapes[n] for the n values by inference with two batch sizes: an axis that is not the
 * same in both is -1.  A graph that holds for a batch of one only gets the sizes of that.  False with the
 * reason when inference fails. */
bool graph_infer_shapes(const Graph *graph, int n, const ValueId *values, TensorType *types, Shape *shapes,
                        GError **error);
