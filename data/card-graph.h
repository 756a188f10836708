/* What a graph tells of the pictures that it was trained on. */
#pragma once

#include "engine/frozen-model.h"

typedef struct {
  Shape input; /* of the first input; -1: open.  rank 0: there is none */
  TensorType type;
  int output_rank, n_classes; /* n_classes -1: unknown */
  int channels;               /* that the first convolution reads; 0: unknown */
  int position_edge;          /* the picture's edge that a table of positions is made for; 0: unknown */
  const char *normaliser;     /* node that scales the input by constants; NULL: none.  Borrowed */
} GraphFacts;

GraphFacts graph_facts(const FrozenModel *model);
