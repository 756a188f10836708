/* Words inside a PNG file (iTXt chunks), which Cairo cannot write. */
#pragma once

#include <glib.h>

/* A copy of a PNG file with a text after its header for each pair of keyword ("Title", ASCII, at most 79
 * bytes) and text (UTF-8); pairs whose text is NULL are left out.  `pairs` ends with NULL.  (transfer full)
 */
GBytes *png_with_texts(GBytes *png, const char *const *pairs);
