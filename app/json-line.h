/* One JSON object, built in the order in which it is read and printed on a line of its own.
 *
 * Numbers have nine digits, enough to give a float32 back bit for bit; what is not a number is null.  Bytes
 * that are not UTF-8 are shown as \xNN.  `name` is NULL for the items of an array. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
  GString *text;
  bool comma; /* something stands before the next item */
} JsonLine;

/* With its outer brace open.  (transfer full) */
JsonLine *json_line_new(void);
void json_line_free(JsonLine *json);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JsonLine, json_line_free)

void json_text(JsonLine *json, const char *name, const char *text); /* NULL: null */
void json_integer(JsonLine *json, const char *name, int64_t number);
void json_number(JsonLine *json, const char *name, double number);
void json_bool(JsonLine *json, const char *name, bool truth);
void json_texts(JsonLine *json, const char *name,
                char *const *texts);                            /* NULL-terminated; NULL: an empty array */
void json_open(JsonLine *json, const char *name, char bracket); /* '{' or '[' */
void json_close(JsonLine *json, char bracket);                  /* '}' or ']' */
/* Closes the outer brace, prints the line and sends it on.  (transfer full) */
void json_print(JsonLine *json);
