#include "data/held-file.h"

#include "engine/error.h"

#include <sys/stat.h>

static GMutex mutex;
static GPtrArray *held; /* char *, absolute */

void held_file_add(const char *path) {
  g_mutex_lock(&mutex);
  if (!held)
    held = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(held, g_canonicalize_filename(path, NULL));
  g_mutex_unlock(&mutex);
}

void held_file_remove(const char *path) {
  g_autofree char *absolute = g_canonicalize_filename(path, NULL);
  guint at;
  g_mutex_lock(&mutex);
  if (held && g_ptr_array_find_with_equal_func(held, absolute, g_str_equal, &at))
    g_ptr_array_remove_index_fast(held, at);
  g_mutex_unlock(&mutex);
}

/* By what the paths lead to: a link is the file. */
static bool is_of_store(const struct stat *file, const char *store) {
  static const char *const ends[] = {"", "-wal", "-shm"};
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
    g_autofree char *path = g_strconcat(store, ends[i], NULL);
    struct stat about;
    if (stat(path, &about) == 0 && about.st_dev == file->st_dev && about.st_ino == file->st_ino)
      return true;
  }
  return false;
}

bool held_file_refuses(const char *path, GError **error) {
  struct stat file;
  bool found = false;
  if (stat(path, &file) != 0)
    return false;
  g_mutex_lock(&mutex);
  for (guint i = 0; held && i < held->len && !found; i++)
    found = is_of_store(&file, g_ptr_array_index(held, i));
  g_mutex_unlock(&mutex);
  if (found)
    input_error(error, "%s is the run store that is open, and is left alone; give another file", path);
  return found;
}
