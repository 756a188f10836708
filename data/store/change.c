/* What people change of a run. */
#include "data/store/row.h"
#include "data/store/store.h"
#include "engine/error.h"

#include <string.h>

/* After an UPDATE by id. */
static bool changed_one(RunStore *store, const char *id, bool done, GError **error) {
  gint64 run;
  return done && (sqlite3_changes(store->db->handle) == 1 || run_number(store->db, id, &run, error));
}

static bool set_text(RunStore *store, const char *sql, const char *id, const char *text, GError **error) {
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  return changed_one(store, id, database_do(store->db, error, sql, "ss", id, valid), error);
}

bool run_store_rename(RunStore *store, const char *id, const char *name, GError **error) {
  return set_text(store, "UPDATE runs SET name = ?2 WHERE id = ?1", id, name, error);
}

bool run_store_set_note(RunStore *store, const char *id, const char *note, GError **error) {
  return set_text(store, "UPDATE runs SET note = ?2 WHERE id = ?1", id, note, error);
}

bool run_store_set_star(RunStore *store, const char *id, bool star, GError **error) {
  return changed_one(
      store, id,
      database_do(store->db, error, "UPDATE runs SET star = ?2 WHERE id = ?1", "si", id, (int)star), error);
}

static int compare_texts(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

char *store_tags(const char *tags) {
  g_auto(GStrv) parts = g_strsplit(tags, ",", -1);
  guint n = g_strv_length(parts);
  for (guint i = 0; i < n; i++)
    g_strstrip(parts[i]);
  qsort(parts, n, sizeof *parts, compare_texts);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < n; i++)
    if (*parts[i] && (i == 0 || strcmp(parts[i], parts[i - 1]) != 0))
      g_string_append_printf(text, "%s%s", text->len ? "," : "", parts[i]);
  return g_string_free(text, FALSE);
}

bool run_store_set_tags(RunStore *store, const char *id, const char *tags, GError **error) {
  g_autofree char *text = store_tags(tags);
  return set_text(store, "UPDATE runs SET tags = ?2 WHERE id = ?1", id, text, error);
}

static bool mark_deleted(Database *db, void *data, GError **error) {
  const char *id = data;
  gint64 run, living;
  if (!run_number(db, id, &run, error) ||
      !database_number(
          db, &living, 0, error,
          "SELECT shown_state(state, boot_id, pid, process_start) = 'running' FROM runs WHERE number = ?1",
          "l", run))
    return false;
  if (living)
    return input_error(error, "the run %s is still training; stop it before deleting it", id);
  return database_do(db, error, "UPDATE runs SET deleted_at = coalesce(deleted_at, ?2) WHERE number = ?1",
                     "ll", run, store_now());
}

bool run_store_delete(RunStore *store, const char *id, GError **error) {
  return database_change(store->db, mark_deleted, (void *)id, error);
}

bool run_store_undelete(RunStore *store, const char *id, GError **error) {
  return changed_one(
      store, id, database_do(store->db, error, "UPDATE runs SET deleted_at = NULL WHERE id = ?1", "s", id),
      error);
}

bool run_store_purge(RunStore *store, int64_t age, int *purged, GError **error) {
  if (!database_do(store->db, error, "DELETE FROM runs WHERE deleted_at IS NOT NULL AND deleted_at <= ?1",
                   "l", store_now() - age))
    return false;
  if (purged)
    *purged = sqlite3_changes(store->db->handle);
  /* The file shrinks now or, where another program is reading, some other time. */
  database_script(store->db, "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)", NULL);
  return true;
}
