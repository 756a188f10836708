#include "data/resources.h"

GPtrArray *resource_folders(void) {
  GPtrArray *folders = g_ptr_array_new_with_free_func(g_free);
  const char *own = g_getenv("HOARFROST_DATA");
  if (own && *own)
    g_ptr_array_add(folders, g_strdup(own));
  g_ptr_array_add(folders, g_build_filename(g_get_user_data_dir(), "hoarfrost", NULL));
  for (const char *const *system = g_get_system_data_dirs(); *system; system++)
    g_ptr_array_add(folders, g_build_filename(*system, "hoarfrost", NULL));
  g_ptr_array_add(folders, g_strdup(HOARFROST_SOURCE_DATA));
  return folders;
}

char *resource_find(const char *relative) {
  g_autoptr(GPtrArray) folders = resource_folders();
  for (guint i = 0; i < folders->len; i++) {
    g_autofree char *path = g_build_filename(g_ptr_array_index(folders, i), relative, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
      return g_steal_pointer(&path);
  }
  return NULL;
}
