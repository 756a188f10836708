#include "app/recorded-example.h"

#include "data/bundle.h"
#include "data/datasets.h"
#include "data/resources.h"
#include "engine/error.h"

#define FILE_NAME "runs/first-light.hoarfrost"
#define DATASET   "fashion-mnist"

bool recorded_example_is_possible(void) {
  g_autofree char *path = resource_find(FILE_NAME);
  g_autoptr(GPtrArray) missing = dataset_missing(dataset_find(DATASET));
  return path && missing->len == 0;
}

char *recorded_example_open(RunStore *store, GError **error) {
  g_autofree char *path = resource_find(FILE_NAME);
  if (!path) {
    input_error(error,
                "the file %s is not where the program looks for it; set HOARFROST_DATA to the folder "
                "that holds it",
                FILE_NAME);
    return NULL;
  }
  bool was_there = false;
  g_autofree char *id = bundle_import(store, path, &was_there, error);
  g_autoptr(RunRow) row = id ? run_store_get(store, id, error) : NULL;
  if (!row || (row->deleted_at && !run_store_undelete(store, id, error)))
    return NULL;
  return g_steal_pointer(&id);
}
