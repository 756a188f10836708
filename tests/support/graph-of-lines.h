/* A graph from a few lines of text, so that a table of graphs stays readable.  One statement a line:
 *
 *     x : 2x?x8               a float32 input; ? is the batch
 *     w = ! 8                 a frozen float32 tensor of this shape, random
 *     y = Op a b -  axis=-1   a node; `-` is an input that is left out
 *
 * Arguments: a name, #0.5 a frozen float32 number, %3 or %[1,2] frozen int64 numbers, ?[2x2:1,0,1,1] frozen
 * truths.  Attributes: name=3, name=0.5 (a float has a point), name=[1,2], name=text, value=<-1e9> a tensor
 * of one float32.  The last statement's value, and each that is called out..., are the outputs. */
#pragma once

#include "engine/graph.h"

/* A mistake in the text aborts.  (transfer full) */
Graph *graph_of_lines(const char *text);
/* Whether the node has all of these attributes, floats to 1e-6. */
bool tiny_has_attributes(const Node *node, const char *attributes);
