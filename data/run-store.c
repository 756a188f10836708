#include "data/run-store.h"

#include "data/store/row.h"
#include "data/store/schema.h"
#include "data/store/store.h"
#include "engine/error.h"

#include <errno.h>

#define PRIVATE_FOLDER 0700

char *run_store_default_path(void) {
  return g_build_filename(g_get_user_data_dir(), "hoarfrost", "runs.db", NULL);
}

static bool make_folder(const char *path, GError **error) {
  g_autofree char *folder = g_path_get_dirname(path);
  return g_mkdir_with_parents(folder, PRIVATE_FOLDER) == 0 ||
         input_error(error, "the folder %s for the store cannot be made (%s); give a file with --store",
                     folder, g_strerror(errno));
}

RunStore *run_store_open(const char *path, GError **error) {
  g_autofree char *default_path = path ? NULL : run_store_default_path();
  if (default_path && !make_folder(default_path, error))
    return NULL;
  Database *db = schema_open(path ? path : default_path, error);
  if (!db)
    return NULL;
  run_row_add_functions(db);
  RunStore *store = g_new0(RunStore, 1);
  store->db = db;
  run_store_changed(store);
  return store;
}

void run_store_close(RunStore *store) {
  if (store)
    database_close(store->db);
  g_free(store);
}

const char *run_store_path(const RunStore *store) {
  return store->db->path;
}

bool run_store_read_only(const RunStore *store) {
  return store->db->read_only;
}

bool run_store_changed(RunStore *store) {
  gint64 before = store->data_version;
  database_number(store->db, &store->data_version, 0, NULL, "PRAGMA data_version", "");
  return store->data_version != before;
}

gint64 store_now(void) {
  return g_get_real_time() / 1000;
}
