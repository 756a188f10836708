#include "data/json-file.h"

#include "data/input-file.h"
#include "engine/error.h"

#define MOST_BYTES (16 << 20)
#define MOST_DEPTH 32 /* json-glib follows the nesting with its stack */

static bool is_shallow(const char *text, gsize size) {
  bool in_string = false;
  int depth = 0;
  for (gsize i = 0; i < size; i++) {
    if (in_string && text[i] == '\\')
      i++;
    else if (text[i] == '"')
      in_string = !in_string;
    else if (!in_string && (text[i] == '[' || text[i] == '{') && ++depth > MOST_DEPTH)
      return false;
    else if (!in_string && (text[i] == ']' || text[i] == '}'))
      depth--;
  }
  return true;
}

JsonParser *json_file_read(const char *path, GError **error) {
  g_autoptr(GBytes) bytes = input_file_read(path, MOST_BYTES, error);
  if (!bytes)
    return NULL;
  gsize size;
  const char *text = g_bytes_get_data(bytes, &size);
  g_autoptr(JsonParser) parser = json_parser_new();
  g_autoptr(GError) reason = NULL;
  bool good = is_shallow(text, size) && json_parser_load_from_data(parser, text, (gssize)size, &reason);
  JsonNode *root = good ? json_parser_get_root(parser) : NULL;
  if (!root || (!JSON_NODE_HOLDS_OBJECT(root) && !JSON_NODE_HOLDS_ARRAY(root))) {
    input_error(error, "%s is no JSON file of an object or an array%s%s; write it again", path,
                reason ? ": " : "", reason ? reason->message : "");
    return NULL;
  }
  return g_steal_pointer(&parser);
}

JsonObject *json_file_object(JsonParser *parser) {
  JsonNode *root = json_parser_get_root(parser);
  return JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
}

const char *json_member_text(JsonObject *object, const char *name) {
  JsonNode *member = object ? json_object_get_member(object, name) : NULL;
  bool text = member && JSON_NODE_HOLDS_VALUE(member) && json_node_get_value_type(member) == G_TYPE_STRING;
  return text ? json_node_get_string(member) : NULL;
}
