#include "app/commands/runs.h"
#include "app/output.h"
#include "data/bundle.h"
#include "data/input-file.h"

#include <string.h>
#include <unistd.h>

/* A bundle is a ZIP file, a store is not. */
static bool is_bundle(const char *path) {
  char start[4] = "";
  int file = input_file_open(path, NULL);
  bool zip = file >= 0 && read(file, start, sizeof start) == sizeof start &&
             memcmp(start, "PK\003\004", sizeof start) == 0;
  if (file >= 0)
    close(file);
  return zip;
}

static bool merge_bundle(RunStore *store, const char *path, GError **error) {
  bool was_there = false;
  g_autofree char *id = bundle_import(store, path, &was_there, error);
  if (id)
    output_line("%s %s", id, was_there ? "was already here" : "added");
  return id != NULL;
}

bool runs_merge(const Command *command, int argc, char **argv, GError **error) {
  g_autofree char *store_path = NULL;
  const GOptionEntry entries[] = {RUNS_STORE_OPTION(&store_path), {NULL}};
  if (!command_options(command, entries, &argc, &argv, 1, 1, error))
    return false;
  /* The store that takes the runs may be a new one. */
  g_autoptr(RunStore) store = run_store_open(store_path, error);
  if (!store)
    return false;
  if (is_bundle(argv[1]))
    return merge_bundle(store, argv[1], error);
  MergeCount count = {0};
  if (!run_store_merge(store, argv[1], &count, error))
    return false;
  output_line("%d run%s added, %d left out (already here, deleted or still running)", count.added,
              count.added == 1 ? "" : "s", count.skipped);
  return true;
}
