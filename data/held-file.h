/* Files that this process must not open a second time: the run stores that are open.
 *
 * SQLite's locks are POSIX's, and a process loses all its locks on a file with the first descriptor of that
 * file that it closes, whoever opened it.  Other processes would then take the store for closed and write
 * over it.  So whatever opens or replaces files of the user's asks here first.  Any thread. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Counted: as many removes as adds. */
void held_file_add(const char *path);
void held_file_remove(const char *path);
/* Whether the path leads to a held file, its write-ahead log or the file of its locks; then one sentence in
 * `error`. */
bool held_file_refuses(const char *path, GError **error);
