#include "data/tokeniser.h"
#include "data/tokenisers/tokenisers.h"
#include "engine/error.h"

#include <string.h>

#define SPACE 0x2423 /* open box */
#define OTHER 0x240A /* symbol for a line's end */

static const TokeniserKind *const kinds[] = {&tokeniser_characters, &tokeniser_llama2};

struct _Tokeniser {
  const TokeniserKind *kind;
  void *self;
};

static const TokeniserKind *find_kind(const char *entry) {
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (!kinds[i]->prefix || g_str_has_prefix(entry, kinds[i]->prefix))
      return kinds[i];
  return NULL;
}

/* The file beside the model.  A remark in brackets may follow its name; a name with folders in it could lead
 * anywhere and is no name of a file beside the model. */
static char *file_beside(const char *entry, const char *folder, GError **error) {
  g_autofree char *name = g_strdup(entry);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  char *remark = strstr(name, " (");
  if (remark && !g_file_test(path, G_FILE_TEST_EXISTS))
    *remark = '\0';
  g_strstrip(name);
  if (!*name || strchr(name, '/') || strcmp(name, "..") == 0) {
    input_error(error, "the card's tokenizer '%s' is no name of a file beside the model", entry);
    return NULL;
  }
  return g_build_filename(folder, name, NULL);
}

Tokeniser *tokeniser_open(const char *entry, const char *folder, int vocabulary, GError **error) {
  const TokeniserKind *kind = find_kind(entry);
  g_autofree char *path = kind->prefix ? NULL : file_beside(entry, folder, error);
  if (!kind->prefix && !path)
    return NULL;
  void *self = kind->open(path ? path : entry + strlen(kind->prefix), vocabulary, error);
  if (!self)
    return NULL;
  if (vocabulary > 0 && kind->size(self) != vocabulary) {
    input_error(error, "the tokeniser has %d tokens and the model %d: it is another model's",
                kind->size(self), vocabulary);
    kind->release(self);
    return NULL;
  }
  Tokeniser *tokeniser = g_new(Tokeniser, 1);
  *tokeniser = (Tokeniser){.kind = kind, .self = self};
  return tokeniser;
}

Tokeniser *tokeniser_for_model(const FrozenModel *model, GError **error) {
  if (!model->card.tokenizer || !*model->card.tokenizer) {
    input_error(
        error,
        "%s has no tokenizer in its card: add a metadata entry 'tokenizer' that names a file beside the "
        "model, or holds 'characters:' and a JSON array",
        model->name);
    return NULL;
  }
  g_autofree char *folder = model->path ? g_path_get_dirname(model->path) : g_strdup(".");
  return tokeniser_open(model->card.tokenizer, folder, frozen_model_classes(model), error);
}

void tokeniser_free(Tokeniser *tokeniser) {
  if (!tokeniser)
    return;
  tokeniser->kind->release(tokeniser->self);
  g_free(tokeniser);
}

int tokeniser_size(const Tokeniser *tokeniser) {
  return tokeniser->kind->size(tokeniser->self);
}

int tokeniser_begin(const Tokeniser *tokeniser) {
  return tokeniser->kind->begin;
}

int tokeniser_end(const Tokeniser *tokeniser) {
  return tokeniser->kind->end;
}

GArray *tokeniser_encode(const Tokeniser *tokeniser, const char *text, GError **error) {
  const char *fault;
  if (!g_utf8_validate(text, -1, &fault)) {
    input_error(error, "the text is not UTF-8: byte %td is part of no character", fault - text + 1);
    return NULL;
  }
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
  int64_t begin = tokeniser->kind->begin;
  if (begin != TOKEN_NONE)
    g_array_append_val(ids, begin);
  return tokeniser->kind->encode(tokeniser->self, text, ids, error) ? g_steal_pointer(&ids) : NULL;
}

void tokeniser_decode(const Tokeniser *tokeniser, int previous, int id, GString *bytes) {
  if (id >= 0 && id < tokeniser_size(tokeniser))
    tokeniser->kind->decode(tokeniser->self, previous, id, bytes);
}

char *tokeniser_name(const Tokeniser *tokeniser, int id) {
  g_autoptr(GString) bytes = g_string_new(NULL);
  tokeniser_decode(tokeniser, TOKEN_NONE, id, bytes);
  g_autofree char *shown = bytes->len && g_utf8_validate_len(bytes->str, bytes->len, NULL)
                               ? g_strndup(bytes->str, bytes->len)
                               : g_strdup_printf("<%d>", id);
  g_autoptr(GString) name = g_string_new(NULL);
  for (const char *at = shown; *at; at = g_utf8_next_char(at)) {
    gunichar character = g_utf8_get_char(at);
    g_string_append_unichar(name, character == ' '               ? 0x2423
                                  : g_unichar_iscntrl(character) ? 0x240A
                                                                 : character);
  }
  return g_string_free(g_steal_pointer(&name), FALSE);
}
