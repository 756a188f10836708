/* The inside of a program: program.c builds it, program-text.c that of texts, program-manipulations.c puts the
 * patterns in, program-batch.c runs it. */
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
  GPtrArray *manipulations; /* that are in the graph; NULL: none.  A reference */
  const Site *site;       /* that is watched; NULL: none */
  ValueId site_means;     /* (batch, channels) */
  GArray *parameters;     /* Parameter */
  float *piece_gradients; /* all parameters' gradients, a piece after the other */
};

ValueId program_constant_ints(Program *self, const char *name, int64_t n, const int64_t *numbers);
/* The nodes of a program of texts, to self->loss. */
void program_build_text(Program *self, const FrozenModel *model, Alignment *alignment);
/* Behind self->source: omega, then the cross-entropy. */
void program_add_alignment(Program *self, Alignment *alignment);
ValueId program_add_parameter(Program *self, const char *name, Tensor *tensor, bool trained);
/* Those at the input whose setting `add` is `when`: I(x). */
ValueId program_add_manipulations(Program *self, GPtrArray *manipulations, const char *when, ValueId x);
/* f behind `inputs`, with the parts of the manipulations inside it; NULL: none.  (transfer full) (element-type
 * ValueId) */
GArray *program_import(Program *self, const FrozenModel *model, GPtrArray *manipulations, const ValueId *inputs);
/* The mean of each channel at a site, (batch, channels); value is the site's in the program's graph. */
ValueId program_channel_means(Program *self, const Site *site, ValueId value);
