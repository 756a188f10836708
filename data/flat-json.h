/* JSON arrays of plain values, as the entries of a model's card hold them. */
#pragma once

#include <json-glib/json-glib.h>

/* The array, owned by *parser (transfer full, set in any case); NULL when the text is no JSON array or holds
 * a further array or object. */
JsonArray *flat_json_array(const char *text, JsonParser **parser);
/* An array of 1 to `most` texts, NULL-terminated; NULL when it is none.  *n may not be NULL.  (transfer full)
 */
char **flat_json_texts(const char *text, guint most, int *n);
