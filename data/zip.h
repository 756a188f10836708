/* ZIP archives of small files: written with equal bytes for equal contents, read within bounds. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct _ZipFile ZipFile;

/* Calls `fill`, which adds files in the order in which they shall stand, and puts the archive at `path`,
 * replacing it as a whole; on error what stood there stands.  Entries carry no time, so equal contents are
 * equal bytes. */
typedef bool (*ZipFill)(ZipFile *zip, void *data, GError **error);
bool zip_write(const char *path, ZipFill fill, void *data, GError **error);
bool zip_add(ZipFile *zip, const char *name, const void *bytes, gsize size, GError **error);

typedef struct {
  int entries;      /* at most so many */
  gsize one, total; /* at most so many bytes in one file and in all that are wanted, unpacked */
} ZipLimits;

/* Goes through the archive's files in its order; those that are wanted are unpacked for `entry`, one at a
 * time.  Refused: what is not a ZIP, anything but regular files and folders, names that lead elsewhere
 * (absolute, "..", backslashes), and what is beyond the limits. */
typedef bool (*ZipWanted)(const char *name);
typedef bool (*ZipEntry)(const char *name, const void *bytes, gsize size, void *data, GError **error);
bool zip_read(const char *path, const ZipLimits *limits, ZipWanted wanted, ZipEntry entry, void *data,
              GError **error);
