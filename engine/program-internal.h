/* The inside of a program: program.c builds it, program-text.c that of texts, program-batch.c runs it. */
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
  TextForm text; /* tokens 0: the samples are pictures */
  int n_source;
  ValueId ids, ends; /* texts: (batch, tokens), and the place of each sample's last token, (batch) */
  ValueId picture, labels, pattern, received, source, target, loss;
  GArray *parameters;     /* Parameter */
  float *piece_gradients; /* all parameters' gradients, a piece after the other */
};

ValueId program_constant_ints(Program *self, const char *name, int64_t n, const int64_t *numbers);
/* The nodes of a program of texts, to self->loss. */
void program_build_text(Program *self, const FrozenModel *model, PromptMode mode, GPtrArray *manipulations,
                        Alignment *alignment);
/* Behind self->source: omega, then the cross-entropy. */
void program_add_alignment(Program *self, Alignment *alignment);
