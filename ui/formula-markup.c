#include "ui/formula-markup.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

static const char *tag_of(char mark) {
  return mark == '_' ? "sub" : mark == '^' ? "sup" : NULL;
}

/* The bytes that the mark at `at` applies to; *from is where they begin, *end what goes on behind them. */
static gsize marked(const char *at, const char **from, const char **end) {
  const char *brace = at[1] == '{' ? strchr(at, '}') : NULL;
  *from = brace ? at + 2 : at + 1;
  *end = brace ? brace + 1 : g_utf8_next_char(*from);
  return (gsize)((brace ? brace : *end) - *from);
}

static gsize letters(const char *text) {
  const char *at = text;
  while (g_unichar_isalpha(g_utf8_get_char(at)))
    at = g_utf8_next_char(at);
  return (gsize)(at - text);
}

/* Letters up to a mark or a sign: one is a symbol, several are a word ("argmin"). */
static const char *add_plain(GString *markup, const char *at) {
  gsize n = letters(at);
  const char *next = n > 0 ? at + n : g_utf8_next_char(at);
  bool symbol = n > 0 && g_utf8_next_char(at) == next;
  g_autofree char *escaped = g_markup_escape_text(at, next - at);
  g_string_append_printf(markup, symbol ? "<i>%s</i>" : "%s", escaped);
  return next;
}

char *formula_markup(const char *formula) {
  GString *markup = g_string_new(NULL);
  for (const char *at = formula, *from; *at;) {
    const char *tag = at[1] ? tag_of(*at) : NULL;
    if (!tag) {
      at = add_plain(markup, at);
      continue;
    }
    gsize n = marked(at, &from, &at);
    g_autofree char *inner = g_strndup(from, n), *drawn = formula_markup(inner);
    g_string_append_printf(markup, "<%s>%s</%s>", tag, drawn, tag);
  }
  return g_string_free(markup, FALSE);
}
