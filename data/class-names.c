#include "data/class-names.h"

#include "data/input-file.h"
#include "data/json-file.h"
#include "engine/error.h"

#include <stdbool.h>
#include <string.h>

#define MOST_BYTES (16 << 20)

/* The name itself, or the last of a row of words that stand for it. */
static const char *name_of(JsonNode *node) {
  if (node && JSON_NODE_HOLDS_ARRAY(node)) {
    JsonArray *words = json_node_get_array(node);
    guint n = json_array_get_length(words);
    node = n ? json_array_get_element(words, n - 1) : NULL;
  }
  bool text = node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
  return text ? json_node_get_string(node) : NULL;
}

static char **names_of_array(JsonArray *array) {
  guint n = json_array_get_length(array);
  g_auto(GStrv) names = g_new0(char *, n + 1);
  for (guint i = 0; i < n; i++) {
    const char *name = name_of(json_array_get_element(array, i));
    if (!name)
      return NULL;
    names[i] = g_strdup(name);
  }
  return n ? g_steal_pointer(&names) : NULL;
}

/* {"0": ..., "1": ...}, in any order and without a gap. */
static char **names_of_object(JsonObject *object) {
  guint n = json_object_get_size(object);
  g_auto(GStrv) names = g_new0(char *, n + 1);
  for (guint i = 0; i < n; i++) {
    char key[16];
    g_snprintf(key, sizeof key, "%u", i);
    const char *name = name_of(json_object_get_member(object, key));
    if (!name)
      return NULL;
    names[i] = g_strdup(name);
  }
  return n ? g_steal_pointer(&names) : NULL;
}

static char **names_of_json(JsonNode *root) {
  if (JSON_NODE_HOLDS_ARRAY(root))
    return names_of_array(json_node_get_array(root));
  JsonObject *object = json_node_get_object(root);
  JsonNode *labels = json_object_get_member(object, "id2label");
  bool inside = labels && JSON_NODE_HOLDS_OBJECT(labels);
  return names_of_object(inside ? json_node_get_object(labels) : object);
}

/* Behind WordNet's number "n01440764 ". */
static const char *without_synset(const char *line) {
  bool synset = line[0] == 'n' && strspn(line + 1, "0123456789") == 8 && line[9] == ' ';
  return synset ? line + 10 : line;
}

static char **names_of_lines(const char *text, gsize size) {
  g_autofree char *whole = g_utf8_make_valid(text, (gssize)size);
  g_auto(GStrv) lines = g_strsplit(whole, "\n", -1);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (char **line = lines; *line; line++)
    if (*g_strstrip(*line))
      g_ptr_array_add(names, g_strdup(without_synset(*line)));
  if (names->len == 0)
    return NULL;
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

static bool is_json(const char *text, gsize size) {
  while (size && g_ascii_isspace(*text))
    text++, size--;
  return size && (*text == '[' || *text == '{');
}

char **class_names_read(const char *path, GError **error) {
  g_autoptr(GBytes) bytes = input_file_read(path, MOST_BYTES, error);
  if (!bytes)
    return NULL;
  gsize size;
  const char *text = g_bytes_get_data(bytes, &size);
  char **names = NULL;
  if (is_json(text, size)) {
    g_autoptr(JsonParser) parser = json_file_read(path, error);
    if (!parser)
      return NULL;
    names = names_of_json(json_parser_get_root(parser));
  } else
    names = names_of_lines(text, size);
  if (!names)
    input_error(error,
                "%s holds no names of classes; give one name a line, a JSON array of them, or a config.json "
                "with id2label",
                path);
  return names;
}

char *class_names_text(char *const *names) {
  g_autoptr(JsonArray) array = json_array_new();
  for (; *names; names++)
    json_array_add_string_element(array, *names);
  g_autoptr(JsonNode) node = json_node_init_array(json_node_alloc(), array);
  return json_to_string(node, FALSE);
}
