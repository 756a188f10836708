#include "data/store/database.h"

#include "data/held-file.h"
#include "data/store/file-check.h"
#include "engine/error.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#define BUSY_MILLISECONDS 5000
#define LOG_LIMIT         "16777216"
#define MOST_STATEMENTS   200

/* Sentences for the failures that users meet; %s is the path, the second %s what SQLite says. */
static const struct {
  int code;
  const char *sentence;
} failures[] = {
    {SQLITE_FULL, "the disk of the store %s is full; free some space or give another file with --store"},
    {SQLITE_READONLY,
     "the store %s can only be read; make it and its folder writable or give another with --store"},
    {SQLITE_BUSY,
     "the store %s is held by another program for over five seconds; close that program and try again"},
    {SQLITE_LOCKED,
     "the store %s is held by another program for over five seconds; close that program and try again"},
    {SQLITE_NOTADB, "%s is not a run store; give another file with --store"},
    {SQLITE_CORRUPT,
     "the store %s is damaged; put back a copy, or save what can be read with sqlite3's .recover"},
    {SQLITE_CANTOPEN, "the store %s cannot be opened (%s); give another file with --store"},
    {SQLITE_IOERR,
     "the store %s cannot be read or written (%s); look at the disk or give another with --store"},
    {SQLITE_NOMEM, "there is not enough memory to work on the store %s; close other programs and try again"},
    {SQLITE_TOOBIG, "the store %s has a row that is too large (%s); use a smaller model or pattern"},
};

bool database_error(Database *db, GError **error) {
  int code = sqlite3_extended_errcode(db->handle), system = sqlite3_system_errno(db->handle);
  bool disk = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
  if (disk && (system == ENOSPC || system == EDQUOT))
    code = SQLITE_FULL;
  const char *why = disk && system ? g_strerror(system) : sqlite3_errmsg(db->handle);
  for (gsize i = 0; i < G_N_ELEMENTS(failures); i++)
    if (failures[i].code == (code & 0xff))
      return input_error(error, failures[i].sentence, db->path, why);
  return input_error(error, "the store %s does not answer (%s); put back a copy or give another with --store",
                     db->path, why);
}

char *database_uri(const Database *db) {
  g_autofree char *absolute = g_canonicalize_filename(db->path, NULL);
  g_autofree char *uri = g_filename_to_uri(absolute, NULL, NULL);
  return g_strconcat(uri, db->unchanging ? "?immutable=1" : "", NULL);
}

static bool connect(Database *db, int flags, GError **error) {
  g_clear_pointer(&db->handle, sqlite3_close_v2);
  g_autofree char *uri = database_uri(db);
  if (sqlite3_open_v2(uri, &db->handle, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                      NULL) != SQLITE_OK)
    return database_error(db, error);
  sqlite3_busy_timeout(db->handle, BUSY_MILLISECONDS);
  /* A made-up file must not be able to run anything: its views and triggers call no functions with effects.
   */
  sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  return database_script(db,
                         "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768; "
                         "SELECT count(*) FROM sqlite_schema",
                         error);
}

/* A reader of a write-ahead log makes a file for the lock beside it.  Where nothing can be made and the log
 * is empty the file cannot change either, and is read as it is. */
static bool connect_reading(Database *db, GError **error) {
  if (store_file_has_log(db->path))
    return input_error(
        error,
        "the store %s was not closed and its folder cannot be written; copy it with its -wal file to a "
        "folder that can",
        db->path);
  db->unchanging = true;
  return connect(db, SQLITE_OPEN_READONLY, error);
}

static void finalize(void *statement) {
  sqlite3_finalize(statement);
}

static bool folder_writable(const char *path) {
  g_autofree char *folder = g_path_get_dirname(path);
  return faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0;
}

Database *database_open(const char *path, GError **error) {
  StoreFile file = store_file_check(path, error);
  if (file == STORE_FILE_REFUSED)
    return NULL;
  g_autoptr(Database) db = g_new0(Database, 1);
  db->path = g_strdup(path);
  held_file_add(path);
  db->statements = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, finalize);
  g_autoptr(GError) first = NULL;
  if (!connect(db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &first)) {
    if (file != STORE_FILE_STORE || folder_writable(path)) {
      g_propagate_error(error, g_steal_pointer(&first));
      return NULL;
    }
    if (!connect_reading(db, error))
      return NULL;
  }
  db->read_only = sqlite3_db_readonly(db->handle, "main") == 1;
  if (!db->read_only &&
      !database_script(db, "PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = " LOG_LIMIT, error))
    return NULL;
  return g_steal_pointer(&db);
}

void database_close(Database *db) {
  if (!db)
    return;
  g_hash_table_unref(db->statements);
  sqlite3_close_v2(db->handle);
  held_file_remove(db->path);
  g_free(db->path);
  g_free(db);
}

bool database_script(Database *db, const char *sql, GError **error) {
  return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK || database_error(db, error);
}

static gboolean at_rest(void *sql, void *statement, void *data) {
  return !sqlite3_stmt_busy(statement);
}

static sqlite3_stmt *prepare(Database *db, const char *sql, GError **error) {
  sqlite3_stmt *statement = g_hash_table_lookup(db->statements, sql);
  if (statement)
    return statement;
  if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
    database_error(db, error);
    return NULL;
  }
  if (g_hash_table_size(db->statements) >= MOST_STATEMENTS)
    g_hash_table_foreach_remove(db->statements, at_rest, NULL);
  g_hash_table_insert(db->statements, g_strdup(sql), statement);
  return statement;
}

static void bind(sqlite3_stmt *statement, const char *types, va_list values) {
  for (int i = 1; *types; i++, types++) {
    if (*types == 'i') {
      sqlite3_bind_int(statement, i, va_arg(values, int));
    } else if (*types == 'l') {
      sqlite3_bind_int64(statement, i, va_arg(values, gint64));
    } else if (*types == 'd') {
      sqlite3_bind_double(statement, i, va_arg(values, double));
    } else if (*types == 's') {
      sqlite3_bind_text(statement, i, va_arg(values, const char *), -1, SQLITE_STATIC);
    } else {
      const void *bytes = va_arg(values, const void *);
      size_t n = va_arg(values, size_t);
      sqlite3_bind_blob64(statement, i, bytes, n, SQLITE_STATIC);
    }
  }
}

static sqlite3_stmt *ask(Database *db, GError **error, const char *sql, const char *types, va_list values) {
  sqlite3_stmt *statement = prepare(db, sql, error);
  if (!statement)
    return NULL;
  database_done(statement);
  bind(statement, types, values);
  return statement;
}

sqlite3_stmt *database_ask(Database *db, GError **error, const char *sql, const char *types, ...) {
  va_list values;
  va_start(values, types);
  sqlite3_stmt *statement = ask(db, error, sql, types, values);
  va_end(values);
  return statement;
}

int database_row(Database *db, sqlite3_stmt *statement, GError **error) {
  int code = sqlite3_step(statement);
  if (code == SQLITE_ROW)
    return 1;
  if (code != SQLITE_DONE)
    database_error(db, error);
  database_done(statement);
  return code == SQLITE_DONE ? 0 : -1;
}

void database_done(sqlite3_stmt *statement) {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
}

bool database_do(Database *db, GError **error, const char *sql, const char *types, ...) {
  va_list values;
  va_start(values, types);
  sqlite3_stmt *statement = ask(db, error, sql, types, values);
  va_end(values);
  int row = statement ? 1 : -1;
  while (row > 0)
    row = database_row(db, statement, error);
  return row == 0;
}

bool database_number(Database *db, gint64 *number, gint64 otherwise, GError **error, const char *sql,
                     const char *types, ...) {
  va_list values;
  va_start(values, types);
  sqlite3_stmt *statement = ask(db, error, sql, types, values);
  va_end(values);
  int row = statement ? database_row(db, statement, error) : -1;
  *number = row > 0 ? sqlite3_column_int64(statement, 0) : otherwise;
  if (row > 0)
    database_done(statement);
  return row >= 0;
}

bool database_change(Database *db, DatabaseChange change, void *data, GError **error) {
  if (!database_do(db, error, "BEGIN IMMEDIATE", ""))
    return false;
  if (change(db, data, error) && database_do(db, error, "COMMIT", ""))
    return true;
  if (!sqlite3_get_autocommit(db->handle))
    database_do(db, NULL, "ROLLBACK", "");
  return false;
}

double database_real(sqlite3_stmt *statement, int column) {
  return sqlite3_column_type(statement, column) == SQLITE_NULL ? NAN
                                                               : sqlite3_column_double(statement, column);
}

char *database_text(sqlite3_stmt *statement, int column) {
  return g_strdup((const char *)sqlite3_column_text(statement, column));
}
