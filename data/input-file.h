/* Opening files of the user's.  Only regular files are opened: a pipe or a device among them could hang the
 * program. */
#pragma once

#include <glib.h>

/* A descriptor for reading; -1 and one sentence when the path cannot be opened or is no regular file. */
int input_file_open(const char *path, GError **error);
/* All bytes of a file of at most `most` bytes.  (transfer full) */
GBytes *input_file_read(const char *path, gsize most, GError **error);
