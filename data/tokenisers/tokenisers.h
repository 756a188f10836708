/* The kinds of tokenisers that tokeniser.c lists. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
  const char *name;
  /* What an entry of the card begins with; NULL: the entry names a file. */
  const char *prefix;
  /* `source`: the entry behind the prefix, or the file's path.  `vocabulary` < 1: unknown.  (transfer full)
   */
  void *(*open)(const char *source, int vocabulary, GError **error);
  void (*release)(void *self);
  int (*size)(const void *self);
  int begin, end; /* TOKEN_NONE: there is none */
  /* Appends the ids (int64_t) of a text that is valid UTF-8. */
  bool (*encode)(const void *self, const char *text, GArray *ids, GError **error);
  void (*decode)(const void *self, int previous, int id, GString *bytes);
} TokeniserKind;

extern const TokeniserKind tokeniser_characters, tokeniser_llama2;
