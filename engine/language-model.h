/* Frozen models that continue texts: rows of ids (batch, tokens) in, an answer for each token out. */
#pragma once

#include "engine/frozen-model.h"

/* True when the card says causal-lm or, where it names no task, the graph maps one row of integers (batch,
 * tokens) to floats of rank 3. */
bool language_model(const FrozenModel *model);
/* False and why not where the model is none, or has inputs beside the ids other than attention_mask and
 * position_ids. */
bool language_model_check(const FrozenModel *model, GError **error);

/* What a model that was checked reads, in its order: `ids` (batch, tokens) int64, all of them a text's; a
 * mask of ones and positions from 0 are made of their shape.  (transfer full) */
ValueId *language_model_inputs(Graph *graph, const FrozenModel *model, ValueId ids);
