#include "app/picture-files.h"

#include "data/picture-file.h"
#include "engine/error.h"

#include <string.h>

#define DEEPEST 64 /* folders in folders */

static int by_name(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool add_folder(GPtrArray *paths, const char *folder, int depth, int *skipped, GError **error) {
  g_autoptr(GError) reason = NULL;
  g_autoptr(GDir) dir = g_dir_open(folder, 0, &reason);
  if (!dir)
    return input_error(error, "cannot read the folder %s: %s", folder, reason->message);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (const char *name; (name = g_dir_read_name(dir));)
    if (*name != '.')
      g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, by_name);
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index(names, i);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
      if (depth < DEEPEST && !g_file_test(path, G_FILE_TEST_IS_SYMLINK) &&
          !add_folder(paths, path, depth + 1, skipped, error))
        return false;
    } else if (picture_file_name(name))
      g_ptr_array_add(paths, g_steal_pointer(&path));
    else if (skipped)
      (*skipped)++;
  }
  return true;
}

bool picture_files_add(GPtrArray *paths, const char *path, int *skipped, GError **error) {
  if (g_file_test(path, G_FILE_TEST_IS_DIR))
    return add_folder(paths, path, 0, skipped, error);
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return input_error(error, "there is no file and no folder %s; give a picture or a folder of pictures",
                       path);
  g_ptr_array_add(paths, g_strdup(path));
  return true;
}
