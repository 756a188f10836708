/* What a language model says comes next.
 *
 * The graph is run as it is on the whole text for every token.  Plans are made for a few lengths only: a text
 * stands at the front of a longer row, and what a causal model says of a token does not depend on those
 * behind it.  Whether the model is causal is tried with the first text; a model that is not gets a plan for
 * each length. */
#pragma once

#include "engine/frozen-model.h"
#include "engine/plan.h"

typedef struct _NextToken NextToken;

/* Borrows model and pool.  An error where the model is no language model, or has inputs beside the ids other
 * than attention_mask and position_ids.  (transfer full) */
NextToken *next_token_new(const FrozenModel *model, Pool *pool, GError **error);
void next_token_free(NextToken *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NextToken, next_token_free)

/* The logits behind the last of n >= 1 ids, one for each token; valid until the next call.  NULL and an error
 * where the text is longer than the model's positions allow, where an id is none of its tokens, or where
 * `stop` was set (HOARFROST_ERROR_STOPPED). */
const float *next_token_logits(NextToken *self, const int64_t *ids, int n, const StopFlag *stop,
                               GError **error);
/* How many tokens there are. */
int next_token_vocabulary(const NextToken *self);
/* True when a text of n tokens is not too long. */
bool next_token_fits(NextToken *self, int n);

/* One of `n` tokens, drawn from softmax(logits / temperature) with a number in [0, 1); temperature 0: the
 * most likely, the first of equals. */
int token_draw(const float *logits, int n, double temperature, double uniform);
