/* A folder of a test's own, taken away with all that is in it. */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>

static inline void folder_remove(const char *path) {
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *inside = g_build_filename(path, name, NULL);
    if (g_file_test(inside, G_FILE_TEST_IS_DIR) && !g_file_test(inside, G_FILE_TEST_IS_SYMLINK))
      folder_remove(inside);
    else
      g_remove(inside);
  }
  g_rmdir(path);
}

typedef char TemporaryFolder;
static inline TemporaryFolder *folder_new(void) {
  char *path = g_dir_make_tmp("hoarfrost-test-XXXXXX", NULL);
  g_assert_nonnull(path);
  return path;
}
static inline void folder_free(TemporaryFolder *path) {
  folder_remove(path);
  g_free(path);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TemporaryFolder, folder_free)

/* Writes folder/name, with the folders above it. */
static inline char *folder_write(const char *folder, const char *name, const void *bytes, gsize size) {
  char *path = g_build_filename(folder, name, NULL);
  g_autofree char *above = g_path_get_dirname(path);
  g_assert_cmpint(g_mkdir_with_parents(above, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
  return path;
}
