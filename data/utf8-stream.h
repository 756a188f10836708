/* Bytes that arrive piece by piece, as text that is valid UTF-8 at every moment. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Moves whole characters from the front of `bytes` to the end of `text`; a character that has only begun
 * stays until the rest of it comes, or `end`.  What is no UTF-8 becomes U+FFFD. */
void utf8_stream(GString *bytes, bool end, GString *text);
