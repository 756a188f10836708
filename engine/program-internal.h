/* The inside of a program: program.c builds it, program-batch.c runs it. */
#pragma once

#include "engine/program.h"

struct _Program {
  Pool *pool; /* borrowed */
  Graph *graph;
  Plan *plan;
  Workspace **workspaces; /* one a worker */
  Plan *pattern_plan;     /* of the pattern alone; NULL until it is first asked for */
  Workspace *pattern_workspace;
  int piece;              /* samples a piece */
  int channels, height, width, picture_height, picture_width;
  bool bgr;
  int n_source;
  ValueId picture, labels, pattern, received, source, target, loss;
  GArray *parameters;     /* Parameter */
  float *piece_gradients; /* all parameters' gradients, a piece after the other */
};
