#include "data/store/schema.h"

#include "data/store/file-check.h"
#include "engine/error.h"

#include <string.h>
#include <unistd.h>

#define WAIT_MICROSECONDS 20000
#define WAITS             250

#define TEXT_OF_ID G_STRINGIFY(STORE_APPLICATION_ID)

typedef struct {
  const char *const *steps;
  int newest;
} Update;

static bool read_version(Database *db, gint64 *version, GError **error) {
  return database_number(db, version, 0, error, "PRAGMA user_version", "");
}

static bool run_steps(Database *db, void *data, GError **error) {
  const Update *update = data;
  gint64 version, tables;
  if (!read_version(db, &version, error) ||
      !database_number(db, &tables, 0, error, "SELECT count(*) FROM sqlite_schema", ""))
    return false;
  if (version == 0 && tables > 0)
    return input_error(error, "%s is the database of another program; give another file with --store",
                       db->path);
  for (int i = (int)version; i < update->newest; i++)
    if (!database_script(db, update->steps[i], error))
      return false;
  g_autofree char *mark = g_strdup_printf("PRAGMA user_version = %d; PRAGMA application_id = %s",
                                          MAX((int)version, update->newest), TEXT_OF_ID);
  return database_script(db, mark, error);
}

/* The copy is made under a name of this process and then given its place, so that two processes do not meet.
 */
static bool copy_before(Database *db, int version, GError **error) {
  gint64 runs;
  if (!database_number(db, &runs, 0, error, "SELECT count(*) FROM runs", ""))
    return false;
  if (runs == 0)
    return true;
  g_autofree char *name = g_strdup_printf("%s.schema-%d", db->path, version);
  g_autofree char *own = g_strdup_printf("%s.%d", name, (int)getpid());
  unlink(own);
  if (!database_do(db, error, "VACUUM INTO ?1", "s", own)) {
    unlink(own);
    return false;
  }
  if (link(own, name) == 0)
    unlink(own);
  return true;
}

/* Changing to a write-ahead log needs the file for a moment alone, and does not wait for it by itself. */
static bool set_log(Database *db, GError **error) {
  for (int i = 0;; i++) {
    if (sqlite3_exec(db->handle, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) == SQLITE_OK)
      return true;
    if (i == WAITS || (sqlite3_errcode(db->handle) & 0xff) != SQLITE_BUSY)
      return database_error(db, error);
    g_usleep(WAIT_MICROSECONDS);
  }
}

bool schema_update(Database *db, const char *const *steps, GError **error) {
  Update update = {steps, (int)g_strv_length((char **)steps)};
  gint64 version;
  if (!read_version(db, &version, error))
    return false;
  if (version > update.newest)
    return input_error(
        error,
        "the store %s is of a newer Hoarfrost (schema %d, this one knows up to %d); update Hoarfrost or "
        "give another file with --store",
        db->path, (int)version, update.newest);
  if (db->read_only && version < update.newest)
    return input_error(
        error,
        "the store %s is of an older Hoarfrost and can only be read; copy it to a folder that can be written",
        db->path);
  if (db->read_only)
    return true;
  if (version < update.newest) {
    if (version > 0 && !copy_before(db, (int)version, error))
      return false;
    if (!database_script(db, "PRAGMA auto_vacuum = INCREMENTAL", error) ||
        !database_change(db, run_steps, &update, error))
      return false;
  }
  return set_log(db, error);
}

Database *schema_open(const char *path, GError **error) {
  g_autoptr(Database) db = database_open(path, error);
  if (!db || !schema_update(db, schema_steps, error))
    return NULL;
  return g_steal_pointer(&db);
}
