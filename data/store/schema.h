/* The schema of the run store as numbered steps.  A stored file says in PRAGMA user_version how many it has
 * seen.
 *
 * To change the schema, add a step at the end; never edit one that has been released. */
#pragma once

#include "data/store/database.h"

/* step i, SQL text, brings version i to version i + 1; ends with NULL. */
extern const char *const schema_steps[];

/* Brings an open file to the last of `steps`, all in one transaction; a file that holds runs is copied before
 * to FILE.schema-VERSION.  Refused: a newer version; an older one that can only be read; a database without a
 * version that has tables. */
bool schema_update(Database *db, const char *const *steps, GError **error);
/* A connection at the newest schema.  (transfer full) */
Database *schema_open(const char *path, GError **error);
