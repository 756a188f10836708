/* What a stored run has learnt: the numbers of its last checkpoint, and the label map that goes with them. */
#pragma once

#include "data/run-store.h"

typedef struct {
  RunState *state;
  Tensor *omega, *bias; /* (n_source, n_target), (n_target) */
} Learnt;

/* `learnt` is empty before; clear it either way.  A run without a checkpoint or a map is an error,
 * and so is one whose map says nothing yet: not counted, or drawn by chance and not trained. */
bool learnt_read(RunStore *store, const char *id, Learnt *learnt, GError **error);
void learnt_clear(Learnt *learnt);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Learnt, learnt_clear)
