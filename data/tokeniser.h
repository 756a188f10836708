/* Tokenisers: text as the ids that a language model reads, and back.
 *
 * Which one belongs to a model is what its card says under `tokenizer`: the name of a file beside the model,
 * or "characters:" followed by a JSON array.  A tokeniser is never written after it is opened, so any number
 * of threads may use it.  A new kind is a file of tokenisers/ and a row in tokeniser.c. */
#pragma once

#include "engine/frozen-model.h"

#define TOKEN_NONE (-1)

typedef struct _Tokeniser Tokeniser;

/* The tokeniser that the model's card names; an error where it names none, where the file cannot be read, or
 * where it has not as many tokens as the model tells apart.  (transfer full) */
Tokeniser *tokeniser_for_model(const FrozenModel *model, GError **error);
/* The same by the card's entry.  `folder` is where files lie, `vocabulary` the model's number of tokens, < 1:
 * unknown.  (transfer full) */
Tokeniser *tokeniser_open(const char *entry, const char *folder, int vocabulary, GError **error);
void tokeniser_free(Tokeniser *tokeniser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tokeniser, tokeniser_free)

/* How many tokens there are: ids are 0 to size - 1. */
int tokeniser_size(const Tokeniser *tokeniser);
/* The token that begins and the one that ends a text; TOKEN_NONE: there is none. */
int tokeniser_begin(const Tokeniser *tokeniser);
int tokeniser_end(const Tokeniser *tokeniser);
/* The ids of a text, the token that begins it in front where there is one.  An error where the text is not
 * UTF-8, or holds what the tokeniser has no token for.  (transfer full) (element-type int64_t) */
GArray *tokeniser_encode(const Tokeniser *tokeniser, const char *text, GError **error);
/* A token as people read it: its text with marks for spaces and for what cannot be seen, its number in angle
 * brackets where it is no text by itself.  (transfer full) */
char *tokeniser_name(const Tokeniser *tokeniser, int id);
/* Appends the bytes of a token.  `previous` is the token in front of it, TOKEN_NONE at the very beginning.
 * One token's bytes need not be whole characters. */
void tokeniser_decode(const Tokeniser *tokeniser, int previous, int id, GString *bytes);
