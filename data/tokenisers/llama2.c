/* llama2.c's tokenizer.bin (https://github.com/karpathy/llama2.c): SentencePiece's byte-pair vocabulary with
 * spaces for its word marks, little-endian:
 *
 *     int32 max_token_length, then for each token: float32 score, int32 length, the bytes
 *
 * The number of tokens stands nowhere; the file ends behind the last.  Token 0 is unknown, 1 begins and 2
 * ends a text; <0x00> to <0xFF> stand for bytes of characters that are no piece.  A text is encoded with a
 * space in front of it, which decoding takes away again behind token 1. */
#include "data/input-file.h"
#include "data/tokeniser.h"
#include "data/tokenisers/pair-merge.h"
#include "data/tokenisers/tokenisers.h"
#include "engine/error.h"

#include <math.h>
#include <string.h>

#define MAX_BYTES  (64 << 20)
#define MAX_PIECE  65536 /* bytes of one token */
#define MAX_TOKENS (1 << 22)

enum { UNKNOWN = 0, BEGIN = 1, END = 2, N_SPECIAL = 3 };

typedef struct {
  GBytes *file; /* what the pieces' bytes point into */
  Pieces pieces;
  int by_byte[256];
  guchar *byte_of; /* id -> its byte, where is_byte */
  bool *is_byte;
} Llama2;

static int32_t read_int(const char *at) {
  int32_t number;
  memcpy(&number, at, sizeof number);
  return GINT32_FROM_LE(number);
}

static float read_float(const char *at) {
  int32_t bits = read_int(at);
  float number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

/* All pieces of the file (element-type Piece); NULL and an error. */
static GArray *read_pieces(GBytes *file, const char *path, GError **error) {
  gsize size;
  const char *bytes = g_bytes_get_data(file, &size);
  g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
  int32_t longest = size >= 4 ? read_int(bytes) : 0;
  if (longest < 1 || longest > MAX_PIECE) {
    input_error(error, "%s is no tokenizer.bin of llama2.c: its first number should be the longest token",
                path);
    return NULL;
  }
  for (gsize at = 4; at < size;) {
    float score = size - at >= 8 ? read_float(bytes + at) : NAN;
    int32_t length = size - at >= 8 ? read_int(bytes + at + 4) : -1;
    if (!isfinite(score) || length < 0 || length > longest || (gsize)length > size - at - 8 ||
        pieces->len == MAX_TOKENS) {
      input_error(error, "%s is damaged: token %u cannot be read", path, pieces->len);
      return NULL;
    }
    Piece piece = {.bytes = bytes + at + 8, .length = (guint)length, .score = score};
    g_array_append_val(pieces, piece);
    at += 8 + (gsize)length;
  }
  if (pieces->len <= N_SPECIAL) {
    input_error(error, "%s has no tokens", path);
    return NULL;
  }
  return g_steal_pointer(&pieces);
}

/* "<0xAB>" */
static bool piece_byte(const Piece *piece, guchar *byte) {
  const char *text = piece->bytes;
  if (piece->length != 6 || memcmp(text, "<0x", 3) != 0 || text[5] != '>' || !g_ascii_isxdigit(text[3]) ||
      !g_ascii_isxdigit(text[4]))
    return false;
  *byte = (guchar)(g_ascii_xdigit_value(text[3]) * 16 + g_ascii_xdigit_value(text[4]));
  return true;
}

static void *open_file(const char *path, int vocabulary, GError **error) {
  g_autoptr(GBytes) file = input_file_read(path, MAX_BYTES, error);
  g_autoptr(GArray) list = file ? read_pieces(file, path, error) : NULL;
  if (!list)
    return NULL;
  int n = (int)list->len;
  Llama2 *self = g_new0(Llama2, 1);
  self->file = g_steal_pointer(&file);
  self->byte_of = g_new0(guchar, n);
  self->is_byte = g_new0(bool, n);
  Piece *pieces = (Piece *)(void *)g_array_free(g_steal_pointer(&list), FALSE);
  g_autofree bool *found = g_new(bool, n);
  for (int id = n - 1; id >= 0; id--) {
    self->is_byte[id] = id >= N_SPECIAL && piece_byte(&pieces[id], &self->byte_of[id]);
    if (self->is_byte[id])
      self->by_byte[self->byte_of[id]] = id; /* the others stay UNKNOWN */
    found[id] = id >= N_SPECIAL && !self->is_byte[id];
  }
  pieces_init(&self->pieces, pieces, n, found);
  return self;
}

static void release(void *data) {
  Llama2 *self = data;
  pieces_clear(&self->pieces);
  g_free(self->byte_of);
  g_free(self->is_byte);
  g_bytes_unref(self->file);
  g_free(self);
}

static int size(const void *data) {
  return ((const Llama2 *)data)->pieces.n;
}

static bool encode(const void *data, const char *text, GArray *ids, GError **error) {
  const Llama2 *self = data;
  size_t length = strlen(text);
  if (length == 0)
    return true;
  if (length > G_MAXINT32)
    return input_error(error, "a text of more than 2 GiB is not supported");
  g_autofree char *spaced = g_strconcat(" ", text, NULL);
  pair_merge(&self->pieces, self->by_byte, spaced, (guint)length + 1, ids);
  return true;
}

static void decode(const void *data, int previous, int id, GString *bytes) {
  const Llama2 *self = data;
  if (id == BEGIN || id == END)
    return;
  if (self->is_byte[id]) {
    g_string_append_c(bytes, (char)self->byte_of[id]);
    return;
  }
  const Piece *piece = &self->pieces.pieces[id];
  guint skip = previous == BEGIN && piece->length > 0 && piece->bytes[0] == ' ';
  g_string_append_len(bytes, piece->bytes + skip, piece->length - skip);
}

const TokeniserKind tokeniser_llama2 = {
    .name = "llama2.c",
    .open = open_file,
    .release = release,
    .size = size,
    .begin = BEGIN,
    .end = END,
    .encode = encode,
    .decode = decode,
};
