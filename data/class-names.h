/* The names of a network's classes from a file beside it, in the forms in which they are handed around:
 *
 *   lines          one name a line, "n01440764 tench" likewise
 *   JSON           ["tench", ...], {"0": "tench", ...}, {"0": ["n01440764", "tench"], ...}
 *   config.json    Hugging Face's, with id2label */
#pragma once

#include <glib.h>

/* NULL and one sentence when there are none or some are missing.  (transfer full) */
char **class_names_read(const char *path, GError **error);
/* As the model card wants them: a JSON array.  (transfer full) */
char *class_names_text(char *const *names);
