#include "app/file-drop.h"

static bool is_ours(const char *path) {
  g_autofree char *lower = g_ascii_strdown(path, -1);
  return g_str_has_suffix(lower, ".hoarfrost") || g_str_has_suffix(lower, ".ini") ||
         g_str_has_suffix(lower, ".onnx");
}

void file_drop_take(HfWindow *window, GPtrArray *paths) {
  for (guint i = paths->len; i-- > 0;) {
    const char *path = g_ptr_array_index(paths, i);
    if (!is_ours(path))
      continue;
    g_action_group_activate_action(G_ACTION_GROUP(window), "open-file", g_variant_new_bytestring(path));
    g_ptr_array_remove_index(paths, i);
  }
}
