/* A data set of texts as the tokens of one model. */
#pragma once

#include "data/tokeniser.h"
#include "engine/sample-set.h"

/* True for a set whose samples are texts. */
bool sample_set_has_texts(const SampleSet *set);
/* Texts with labels become a row each, at most `tokens` ids, cut at the end.  A running text is cut into rows
 * of `tokens` ids without a rest; each begins with the token that begins a text where there is one, and the
 * next row begins with the label of the one before: every token of the text is to be told once.  The set's
 * classes are the model's tokens then.  NULL and an error where a text cannot be encoded, or a part is too
 * short for one row.  (transfer full) */
SampleSet *token_set_new(const SampleSet *texts, const Tokeniser *tokeniser, int tokens, GError **error);
