/* The pictures that a person means by a path. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Adds the path of a file, whatever it is called, or those of all PNG and JPEG files in a folder and the
 * folders in it, sorted by name; hidden ones and links to folders are left out.  *skipped (may be NULL) grows
 * by the files of the folder that are none.  Any thread. */
bool picture_files_add(GPtrArray *paths, const char *path, int *skipped, GError **error);
