/* Reading a file that may be packed with gzip, as far as its bytes go and no further than asked. */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct _PackedFile PackedFile;

PackedFile *packed_file_open(const char *path, GError **error);
void packed_file_close(PackedFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PackedFile, packed_file_close)
/* The next bytes: `most`, or fewer at the end of the file.  Memory grows with what is really there.  NULL and
 * one sentence when the packing is damaged.  (transfer full) (g_free) */
uint8_t *packed_file_read(PackedFile *file, gsize most, gsize *size, GError **error);
