/* The frozen network in blocks, as its graph and its named sites have it. */
#pragma once

#include "engine/frozen-model.h"

typedef struct {
  char *name;         /* "input", "embedding", "block3", "answers" */
  const char *tensor; /* at its end, as named in the file; borrowed from the model */
  ValueId value;      /* likewise */
  Shape shape;
  char *operators; /* "Conv 2, Relu 2, Add"; NULL: nothing is computed */
  int64_t numbers; /* frozen numbers that it reads */
  int hidden;      /* sites within it, beside its end */
} PipelineBlock;

/* In the order of computation; the last one ends in the answers.  (transfer full) (element-type
 * PipelineBlock) */
GPtrArray *pipeline_blocks(const FrozenModel *model);
