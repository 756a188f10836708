/* JSON files of other people's: read with bounds on size and nesting. */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>

/* The file's object, or array, at its root; NULL and one sentence where it is no JSON.  The parser owns it.
 * (transfer full) */
JsonParser *json_file_read(const char *path, GError **error);
/* The object at the root; NULL when it is none.  Borrowed. */
JsonObject *json_file_object(JsonParser *parser);
/* A text member of an object; NULL when there is none.  Borrowed. */
const char *json_member_text(JsonObject *object, const char *name);
