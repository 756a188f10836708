/* Where the program's own files lie: models, specs.  Looked for in $HOARFROST_DATA, then hoarfrost/ under the
 * XDG data folders, then the source tree that the build was configured from. */
#pragma once

#include <glib.h>

/* The path of the first existing file called `relative` ("models/objects-letters.onnx"); NULL when there is
 * none. (transfer full) */
char *resource_find(const char *relative);
/* The folders that are looked through, in order, existing or not.  (transfer full) (element-type filename) */
GPtrArray *resource_folders(void);
