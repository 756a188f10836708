/* Files as bytes: mapped for reading, replaced as a whole in writing. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Maps a regular file; what is no file, cannot be read or is empty is an error that names it.  (transfer
 * full) */
GMappedFile *file_map(const char *path, GError **error);
/* Writes a new file beside `path` and renames it: on error (a full disk) what stood at `path` stands and
 * nothing else is left.  A device or a pipe at `path` is written to instead. */
bool file_replace(const char *path, const void *bytes, size_t size, GError **error);
