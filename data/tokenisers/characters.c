/* Characters: the vocabulary stands in the card, "characters:" and a JSON array of texts.  Mostly each is one
 * character; where several fit, the longest is taken. */
#include "data/flat-json.h"
#include "data/tokeniser.h"
#include "data/tokenisers/pieces.h"
#include "data/tokenisers/tokenisers.h"
#include "engine/error.h"

#include <string.h>

#define MAX_TOKENS 1000000

typedef struct {
  char **texts; /* what the pieces' bytes point into */
  Pieces pieces;
} Characters;

static void *open_characters(const char *source, int vocabulary, GError **error) {
  int n;
  char **texts = flat_json_texts(source, MAX_TOKENS, &n);
  if (!texts) {
    input_error(error, "the card's tokenizer should be 'characters:' and a JSON array of texts");
    return NULL;
  }
  Characters *self = g_new0(Characters, 1);
  self->texts = texts;
  Piece *pieces = g_new0(Piece, n);
  for (int i = 0; i < n; i++)
    pieces[i] = (Piece){.bytes = texts[i], .length = (guint)strlen(texts[i])};
  pieces_init(&self->pieces, pieces, n, NULL);
  return self;
}

static void release(void *data) {
  Characters *self = data;
  pieces_clear(&self->pieces);
  g_strfreev(self->texts);
  g_free(self);
}

static int size(const void *data) {
  return ((const Characters *)data)->pieces.n;
}

static bool encode(const void *data, const char *text, GArray *ids, GError **error) {
  const Pieces *pieces = &((const Characters *)data)->pieces;
  for (size_t left = strlen(text); left > 0;) {
    guint length = (guint)MIN(left, (size_t)pieces->longest);
    int id = -1;
    for (; length > 0 && id < 0; length -= id < 0)
      id = pieces_find(pieces, text, length);
    if (id < 0) {
      g_autofree char *character = g_strndup(text, (gsize)(g_utf8_next_char(text) - text));
      return input_error(error, "the tokeniser has no token for the character '%s' (U+%04X)", character,
                         g_utf8_get_char(text));
    }
    int64_t token = id;
    g_array_append_val(ids, token);
    text += length;
    left -= length;
  }
  return true;
}

static void decode(const void *data, int previous, int id, GString *bytes) {
  const Piece *piece = &((const Characters *)data)->pieces.pieces[id];
  g_string_append_len(bytes, piece->bytes, piece->length);
}

const TokeniserKind tokeniser_characters = {
    .name = "characters",
    .prefix = "characters:",
    .open = open_characters,
    .release = release,
    .size = size,
    .begin = TOKEN_NONE,
    .end = TOKEN_NONE,
    .encode = encode,
    .decode = decode,
};
