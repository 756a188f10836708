/* The program's settings, wherever its schema lies: installed, in $GSETTINGS_SCHEMA_DIR, or in the build
 * folder.  A missing schema is no failure: the program works and remembers nothing. */
#pragma once

#include <gio/gio.h>

/* NULL where there is no schema.  (transfer full) */
GSettings *settings_open(void);
/* These answer the schema's own default where `settings` is NULL. */
int settings_threads(GSettings *settings);
/* NULL: the usual place.  (transfer full) */
char *settings_store_path(GSettings *settings);
