#include "data/token-set.h"

#include "engine/error.h"

#include <string.h>

bool sample_set_has_texts(const SampleSet *set) {
  return set->train.texts->len > 0;
}

typedef struct {
  SampleSet *set;
  const Tokeniser *tokeniser;
  int tokens;
  int longest; /* row so far */
} Building;

/* The ids of a text; NULL: refused.  (transfer full) (element-type int64_t) */
static GArray *encode(const Building *self, const Text *text, guint number, GError **error) {
  g_autofree char *bytes = g_strndup(text->bytes, text->length);
  g_autoptr(GError) reason = NULL;
  GArray *ids = tokeniser_encode(self->tokeniser, bytes, &reason);
  if (!ids)
    input_error(error, "text %u of %s: %s", number + 1, self->set->title, reason->message);
  return ids;
}

/* Appends n ids as a row; *to moves on behind them. */
static void add_row(Building *self, SamplePart *part, int32_t **to, const int64_t *ids, int n, int label) {
  for (int i = 0; i < n; i++)
    (*to)[i] = (int32_t)ids[i];
  sample_part_append_row(part, *to, n, label);
  *to += n;
  self->longest = MAX(self->longest, n);
}

static int32_t *new_block(Building *self, gsize n) {
  int32_t *ids = g_new(int32_t, MAX(n, 1));
  g_ptr_array_add(self->set->blocks, g_bytes_new_take(ids, MAX(n, 1) * sizeof *ids));
  return ids;
}

static bool add_labelled(Building *self, SamplePart *to, const SamplePart *from, GError **error) {
  int32_t *room = new_block(self, (gsize)from->texts->len * (gsize)self->tokens);
  for (guint i = 0; i < from->texts->len; i++) {
    g_autoptr(GArray) ids = encode(self, &g_array_index(from->texts, Text, i), i, error);
    if (!ids)
      return false;
    if (ids->len == 0)
      return input_error(error, "text %u of %s has no tokens", i + 1, self->set->title);
    add_row(self, to, &room, (const int64_t *)(const void *)ids->data, MIN((int)ids->len, self->tokens),
            g_array_index(from->labels, int, i));
  }
  return true;
}

/* ids: the text's, behind `begin` where there is one. */
static void cut(Building *self, SamplePart *to, GArray *ids, int64_t begin) {
  bool begins = begin != TOKEN_NONE;
  guint own = (guint)self->tokens - begins,
        first = begins; /* text's tokens a row; of the next row the first */
  int64_t *numbers = (int64_t *)(void *)ids->data;
  int32_t *room = new_block(self, (gsize)(ids->len / own + 1) * (gsize)self->tokens);
  while (ids->len > first && ids->len - first > own) {
    if (begins)
      numbers[first - 1] = begin; /* of the row before, which has been taken */
    add_row(self, to, &room, numbers + first - begins, self->tokens, (int)numbers[first + own]);
    first += own;
  }
}

static bool add_running(Building *self, SamplePart *to, const SamplePart *from, const char *what,
                        GError **error) {
  for (guint i = 0; i < from->texts->len; i++) {
    g_autoptr(GArray) ids = encode(self, &g_array_index(from->texts, Text, i), i, error);
    if (!ids)
      return false;
    guint n = ids->len;
    cut(self, to, ids, tokeniser_begin(self->tokeniser));
    if (to->rows->len == 0)
      return input_error(
          error,
          "%s has %u tokens to %s with, too few for one sample of run.tokens = %d; give a longer text "
          "or fewer tokens a sample",
          self->set->title, n, what, self->tokens);
  }
  return true;
}

static void name_tokens(SampleSet *set, const Tokeniser *tokeniser) {
  set->n_classes = tokeniser_size(tokeniser);
  set->classes = g_new0(char *, set->n_classes + 1);
  for (int i = 0; i < set->n_classes; i++)
    set->classes[i] = tokeniser_name(tokeniser, i);
}

SampleSet *token_set_new(const SampleSet *texts, const Tokeniser *tokeniser, int tokens, GError **error) {
  g_autoptr(SampleSet) set = sample_set_new(texts->name, texts->title);
  set->license = g_strdup(texts->license);
  set->source = g_strdup(texts->source);
  set->drawn_sha256 = g_strdup(texts->drawn_sha256);
  bool next = texts->n_classes == 0;
  Building building = {.set = set, .tokeniser = tokeniser, .tokens = tokens};
  const struct {
    SamplePart *to;
    const SamplePart *from;
    const char *what;
  } parts[] = {{&set->train, &texts->train, "train"},
               {&set->validation, &texts->validation, "validate"},
               {&set->test, &texts->test, "test"}};
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    if (!(next ? add_running(&building, parts[i].to, parts[i].from, parts[i].what, error)
               : add_labelled(&building, parts[i].to, parts[i].from, error)))
      return NULL;
  if (next)
    name_tokens(set, tokeniser);
  else {
    set->n_classes = texts->n_classes;
    set->classes = g_strdupv(texts->classes);
  }
  set->text = (TextForm){.tokens = building.longest, .next_token = next};
  return g_steal_pointer(&set);
}
