/* From what a user types to a run. */
#include "data/store/database.h"
#include "data/store/store.h"
#include "engine/error.h"

#include <string.h>

#define UUID_LENGTH     36
#define SHORTEST_PREFIX 4
#define MOST_NAMED      4

static char *find_last(RunStore *store, GError **error) {
  sqlite3_stmt *statement = database_ask(
      store->db, error,
      "SELECT id FROM runs WHERE deleted_at IS NULL ORDER BY created DESC, number DESC LIMIT 1", "");
  int row = statement ? database_row(store->db, statement, error) : -1;
  if (row == 0)
    input_error(error, "the store %s has no runs yet; start one with `hoarfrost run`", store->db->path);
  if (row <= 0)
    return NULL;
  char *id = database_text(statement, 0);
  database_done(statement);
  return id;
}

/* Ids that begin with `prefix`; the letter g follows all hexadecimal digits.  (transfer full) */
static GPtrArray *find_all(RunStore *store, const char *prefix, GError **error) {
  bool whole = strlen(prefix) == UUID_LENGTH;
  sqlite3_stmt *statement = database_ask(
      store->db, error,
      "SELECT id FROM runs WHERE id >= ?1 AND id < ?1 || 'g' AND (?2 OR deleted_at IS NULL) LIMIT ?3", "sii",
      prefix, (int)whole, MOST_NAMED);
  if (!statement)
    return NULL;
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
  int row;
  while ((row = database_row(store->db, statement, error)) > 0)
    g_ptr_array_add(ids, database_text(statement, 0));
  return row == 0 ? g_steal_pointer(&ids) : NULL;
}

char *run_store_find(RunStore *store, const char *text, GError **error) {
  if (strcmp(text, "last") == 0)
    return find_last(store, error);
  g_autofree char *prefix = g_ascii_strdown(text, -1);
  if (strlen(prefix) < SHORTEST_PREFIX || strspn(prefix, "0123456789abcdef-") != strlen(prefix)) {
    input_error(error,
                "%s does not name a run; give its id, at least %d of the id's first characters, or last",
                text, SHORTEST_PREFIX);
    return NULL;
  }
  g_autoptr(GPtrArray) ids = find_all(store, prefix, error);
  if (!ids)
    return NULL;
  if (ids->len == 1)
    return g_ptr_array_steal_index(ids, 0);
  if (ids->len == 0) {
    input_error(error, "there is no run %s in the store %s; see `hoarfrost runs list`", text,
                store->db->path);
    return NULL;
  }
  const char *others = ids->len == MOST_NAMED ? " and others" : "";
  g_ptr_array_set_size(ids, (int)MIN(ids->len, MOST_NAMED - 1));
  g_ptr_array_add(ids, NULL);
  g_autofree char *names = g_strjoinv(", ", (char **)ids->pdata);
  input_error(error, "%s stands for several runs (%s%s); give more characters", text, names, others);
  return NULL;
}
