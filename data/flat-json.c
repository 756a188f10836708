#include "data/flat-json.h"

#include <stdbool.h>

/* "[" then no further bracket outside of strings: json-glib would follow any nesting with its stack. */
static bool is_flat_array(const char *text) {
  bool in_string = false;
  int brackets = 0;
  for (; *text; text++) {
    if (in_string && *text == '\\' && text[1])
      text++;
    else if (*text == '"')
      in_string = !in_string;
    else if (!in_string && (*text == '[' || *text == '{'))
      brackets++;
  }
  return brackets == 1;
}

JsonArray *flat_json_array(const char *text, JsonParser **parser) {
  *parser = json_parser_new();
  if (!is_flat_array(text) || !json_parser_load_from_data(*parser, text, -1, NULL))
    return NULL;
  JsonNode *root = json_parser_get_root(*parser);
  return root && JSON_NODE_HOLDS_ARRAY(root) ? json_node_get_array(root) : NULL;
}

char **flat_json_texts(const char *text, guint most, int *n) {
  g_autoptr(JsonParser) parser = NULL;
  JsonArray *array = flat_json_array(text, &parser);
  guint length = array ? json_array_get_length(array) : 0;
  if (length == 0 || length > most)
    return NULL;
  g_auto(GStrv) texts = g_new0(char *, length + 1);
  for (guint i = 0; i < length; i++) {
    JsonNode *element = json_array_get_element(array, i);
    if (!JSON_NODE_HOLDS_VALUE(element) || json_node_get_value_type(element) != G_TYPE_STRING)
      return NULL;
    texts[i] = json_node_dup_string(element);
  }
  *n = (int)length;
  return g_steal_pointer(&texts);
}
