/* What a file is, before SQLite touches it: even opening another program's database could change it. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* "Hfrs", in the header of every run store (PRAGMA application_id). */
#define STORE_APPLICATION_ID 0x48667273

typedef enum { STORE_FILE_ABSENT, STORE_FILE_EMPTY, STORE_FILE_STORE, STORE_FILE_REFUSED } StoreFile;

/* REFUSED sets error: a folder or a device, another format, another application's database, a file cut short.
 */
StoreFile store_file_check(const char *path, GError **error);
/* True when the file has a write-ahead log with something in it. */
bool store_file_has_log(const char *path);
