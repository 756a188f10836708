#include "data/tokenisers/pair-merge.h"

#define NONE G_MAXUINT

/* A stretch of the text that is one token so far.  Symbols are a doubly linked list in an array. */
typedef struct {
  guint start, length; /* length 0: merged into the one in front of it */
  guint previous, next;
  int id; /* -1: a character that is no piece */
} Symbol;

/* Two neighbours that could become one: symbol `left` and the one behind it, `length` bytes together.  It is
 * out of date when their length is no longer that. */
typedef struct {
  float score;
  guint left, length;
  int id;
} Candidate;

typedef struct {
  const Pieces *pieces;
  const char *text;
  GArray *symbols;
  GArray *heap; /* Candidate, a binary heap with the best at [0] */
} Merging;

static Symbol *symbol_at(const Merging *self, guint i) {
  return &g_array_index(self->symbols, Symbol, i);
}

static bool is_better(const Candidate *a, const Candidate *b) {
  return a->score > b->score || (a->score == b->score && a->left < b->left);
}

static void heap_push(GArray *heap, Candidate candidate) {
  g_array_append_val(heap, candidate);
  Candidate *items = (Candidate *)(void *)heap->data;
  guint i = heap->len - 1;
  for (guint parent; i > 0 && is_better(&candidate, &items[parent = (i - 1) / 2]); i = parent)
    items[i] = items[parent];
  items[i] = candidate;
}

static Candidate heap_pop(GArray *heap) {
  Candidate *items = (Candidate *)(void *)heap->data, best = items[0], last = items[heap->len - 1];
  g_array_set_size(heap, heap->len - 1);
  guint i = 0, n = heap->len;
  for (guint child; (child = 2 * i + 1) < n; i = child) {
    if (child + 1 < n && is_better(&items[child + 1], &items[child]))
      child++;
    if (!is_better(&items[child], &last))
      break;
    items[i] = items[child];
  }
  if (n > 0)
    items[i] = last;
  return best;
}

static void consider(Merging *self, guint left) {
  const Symbol *a = left == NONE ? NULL : symbol_at(self, left);
  const Symbol *b = a && a->next != NONE ? symbol_at(self, a->next) : NULL;
  if (!b || a->id < 0 || b->id < 0)
    return;
  guint length = a->length + b->length;
  int id = pieces_find(self->pieces, self->text + a->start, length);
  if (id >= 0)
    heap_push(self->heap, (Candidate){self->pieces->pieces[id].score, left, length, id});
}

static void split(Merging *self, guint length) {
  for (guint at = 0; at < length;) {
    guint n = MIN((guint)g_utf8_skip[(guchar)self->text[at]], length - at), i = self->symbols->len;
    Symbol symbol = {.start = at,
                     .length = n,
                     .previous = i ? i - 1 : NONE,
                     .next = at + n < length ? i + 1 : NONE,
                     .id = pieces_find(self->pieces, self->text + at, n)};
    g_array_append_val(self->symbols, symbol);
    at += n;
  }
}

static void merge(Merging *self) {
  for (guint i = 0; i < self->symbols->len; i++)
    consider(self, i);
  while (self->heap->len > 0) {
    Candidate best = heap_pop(self->heap);
    Symbol *a = symbol_at(self, best.left),
           *b = a->length && a->next != NONE ? symbol_at(self, a->next) : NULL;
    if (!b || a->length + b->length != best.length)
      continue;
    a->id = best.id;
    a->length = best.length;
    a->next = b->next;
    b->length = 0;
    if (a->next != NONE)
      symbol_at(self, a->next)->previous = best.left;
    consider(self, a->previous);
    consider(self, best.left);
  }
}

void pair_merge(const Pieces *pieces, const int *by_byte, const char *text, guint length, GArray *ids) {
  g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(Symbol));
  g_autoptr(GArray) heap = g_array_new(FALSE, FALSE, sizeof(Candidate));
  Merging self = {.pieces = pieces, .text = text, .symbols = symbols, .heap = heap};
  split(&self, length);
  merge(&self);
  for (guint i = 0; i < symbols->len; i++) {
    const Symbol *symbol = symbol_at(&self, i);
    int64_t id = symbol->id;
    if (symbol->length && id >= 0)
      g_array_append_val(ids, id);
    for (guint k = 0; id < 0 && k < symbol->length; k++) {
      int64_t byte = by_byte[(guchar)text[symbol->start + k]];
      g_array_append_val(ids, byte);
    }
  }
}
