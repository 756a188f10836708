/* The rule file of a structural alignment: which source classes stand for which target class. */
#include "engine/alignment.h"
#include "engine/error.h"
#include "engine/nearest-name.h"

#include <string.h>

/* The classes of one side. */
typedef struct {
  int n;
  char *const *names; /* NULL: numbers only */
} Classes;

/* The class called `text`, by name or else by number; -1 when there is none. */
static int class_find(const Classes *classes, const char *text) {
  for (int i = 0; classes->names && i < classes->n; i++)
    if (strcmp(classes->names[i], text) == 0)
      return i;
  char *end = NULL;
  gint64 number = g_ascii_strtoll(text, &end, 10);
  return g_ascii_isdigit(*text) && *end == 0 && number < classes->n ? (int)number : -1;
}

static bool unknown_class(const Classes *classes, const char *side, const char *text, const char *where,
                          int line, GError **error) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (int i = 0; classes->names && i < classes->n; i++)
    g_ptr_array_add(names, classes->names[i]);
  g_ptr_array_add(names, NULL);
  const char *nearest = nearest_name(text, (const char *const *)names->pdata);
  if (nearest)
    return input_error(error, "%s, line %d: \"%.200s\" is no %s class; did you mean \"%s\"?", where, line,
                       text, side, nearest);
  return input_error(error, "%s, line %d: \"%.200s\" is no %s class; give its name or a number from 0 to %d",
                     where, line, text, side, classes->n - 1);
}

/* Takes the longest class name from the front of `text`, which may have commas in it ("tench, Tinca tinca"),
 * and moves `text` behind it and its comma.  -1, and `text` cut to the part up to the first comma, when there
 * is none. */
static int take_source(const Classes *classes, char **text) {
  char *begin = g_strchug(*text);
  for (char *end = begin + strlen(begin); end; end = g_strrstr_len(begin, end - begin, ",")) {
    g_autofree char *name = g_strstrip(g_strndup(begin, (gsize)(end - begin)));
    int found = class_find(classes, name);
    if (found >= 0) {
      *text = *end ? end + 1 : end;
      return found;
    }
  }
  begin[strcspn(begin, ",")] = 0;
  *text = g_strchomp(begin);
  return -1;
}

/* Splits at the first colon that ends the name of a target class. */
static int take_target(const Classes *classes, char *line, char **rest) {
  for (char *colon = strchr(line, ':'); colon; colon = strchr(colon + 1, ':')) {
    g_autofree char *name = g_strstrip(g_strndup(line, (gsize)(colon - line)));
    int found = class_find(classes, name);
    if (found >= 0) {
      *rest = colon + 1;
      return found;
    }
  }
  line[strcspn(line, ":")] = 0;
  g_strchomp(line);
  return -1;
}

static bool parse_line(char *line, const char *where, int number, const Classes *source,
                       const Classes *target, int *rule, GError **error) {
  if (!strchr(line, ':'))
    return input_error(error, "%s, line %d: write \"target class: source class, source class\"", where,
                       number);
  char *rest = NULL;
  int t = take_target(target, line, &rest);
  if (t < 0)
    return unknown_class(target, "target", line, where, number, error);
  do {
    int s = take_source(source, &rest);
    if (s < 0)
      return unknown_class(source, "source", rest, where, number, error);
    if (rule[s] >= 0 && rule[s] != t)
      return input_error(
          error,
          "%s, line %d: source class %d stands for target class %d already; leave it out here or there",
          where, number, s, rule[s]);
    rule[s] = t;
  } while (*g_strchug(rest));
  return true;
}

/* Ends the line at a '#' that begins it or follows a space. */
static void cut_comment(char *line) {
  for (char *p = line; *p; p++)
    if (*p == '#' && (p == line || g_ascii_isspace(p[-1])))
      *p = 0;
  g_strstrip(line);
}

bool alignment_parse_rule(const char *text, const char *where, int n_source, char *const *source_names,
                          int n_target, char *const *target_names, int *rule, GError **error) {
  Classes source = {n_source, source_names}, target = {n_target, target_names};
  for (int s = 0; s < n_source; s++)
    rule[s] = -1;
  if (!g_utf8_validate(text, -1, NULL))
    return input_error(error, "%s is not UTF-8 text; save it as UTF-8", where);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (int i = 0; lines[i]; i++) {
    cut_comment(lines[i]);
    if (*lines[i] && !parse_line(lines[i], where, i + 1, &source, &target, rule, error))
      return false;
  }
  g_autofree bool *stood_for = g_new0(bool, n_target);
  for (int s = 0; s < n_source; s++)
    if (rule[s] >= 0)
      stood_for[rule[s]] = true;
  for (int t = 0; t < n_target; t++)
    if (!stood_for[t])
      return input_error(error, "%s names no source class for target class %d%s%s%s; add a line for it",
                         where, t, target_names ? " (" : "", target_names ? target_names[t] : "",
                         target_names ? ")" : "");
  return true;
}
