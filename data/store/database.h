/* One connection to an SQLite file, for the run store's own files only: SQL leaves data/store/ nowhere.
 *
 * A Database belongs to one thread.  Two connections, in two threads or two processes, may work on one file:
 * readers see the last committed state (write-ahead log), writers wait for each other up to five seconds. */
#pragma once

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

typedef struct {
  sqlite3 *handle;
  char *path;
  bool read_only;         /* the file or its folder cannot be written */
  bool unchanging;        /* nobody can write it: read without locks */
  bool differs;           /* set when a row was refused because other numbers are stored */
  GHashTable *statements; /* SQL text -> sqlite3_stmt *, prepared once */
} Database;

/* Opens the file, or makes an empty one where there is none.  What is not a run store is refused before
 * anything is written (file-check.h).  Where nothing can be written it opens for reading.  The schema is not
 * looked at. (transfer full) */
Database *database_open(const char *path, GError **error);
void database_close(Database *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Database, database_close)

/* The file as a URI for ATTACH, opened as this connection has it.  (transfer full) */
char *database_uri(const Database *db);

/* Sets `error` to one sentence about the last failure of the connection; always false. */
bool database_error(Database *db, GError **error);

/* Runs a script of statements without parameters. */
bool database_script(Database *db, const char *sql, GError **error);

/* A statement with its parameters ?1, ?2, ... bound.  `types` has a letter for each: 'i' int, 'l' int64_t,
 * 'd' double (NaN is NULL), 's' text (NULL is NULL), 'b' a blob (const void *, size_t).  Texts and blobs are
 * borrowed until the last row.  NULL on error.  The statement belongs to the connection; the same text may
 * not be asked while its rows are still being read. */
sqlite3_stmt *database_ask(Database *db, GError **error, const char *sql, const char *types, ...);
/* The next row: 1, 0 after the last, -1 on error.  After 0 and -1 the statement is at rest. */
int database_row(Database *db, sqlite3_stmt *statement, GError **error);
/* Puts a statement to rest before its last row. */
void database_done(sqlite3_stmt *statement);
/* Asks and runs to the end.  sqlite3_changes64() says how many rows changed. */
bool database_do(Database *db, GError **error, const char *sql, const char *types, ...);
/* Asks for one whole number; `otherwise` where there is no row. */
bool database_number(Database *db, gint64 *number, gint64 otherwise, GError **error, const char *sql,
                     const char *types, ...);

/* Runs `change` in one transaction, which is taken back when it fails. */
typedef bool (*DatabaseChange)(Database *db, void *data, GError **error);
bool database_change(Database *db, DatabaseChange change, void *data, GError **error);

/* A column as double: NaN for NULL. */
double database_real(sqlite3_stmt *statement, int column);
/* A column as text: NULL for NULL.  (transfer full) */
char *database_text(sqlite3_stmt *statement, int column);
