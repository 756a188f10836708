#include "app/file-drop.h"

static bool is_ours(const char *path) {
  g_autofree char *lower = g_ascii_strdown(path, -1);
  return g_str_has_suffix(lower, ".hoarfrost") || g_str_has_suffix(lower, ".ini");
}

static gboolean on_drop(GtkDropTarget *target, const GValue *value, double x, double y, HfWindow *window) {
  GdkFileList *list = g_value_get_boxed(value);
  g_autoptr(GSList) files = list ? gdk_file_list_get_files(list) : NULL;
  bool taken = false;
  for (GSList *at = files; at; at = at->next) {
    g_autofree char *path = g_file_get_path(at->data);
    if (!path || !is_ours(path))
      continue;
    taken = true;
    g_action_group_activate_action(G_ACTION_GROUP(window), "open-file", g_variant_new_bytestring(path));
  }
  return taken;
}

void file_drop_attach(HfWindow *window) {
  GtkDropTarget *target = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect(target, "drop", G_CALLBACK(on_drop), window);
  gtk_widget_add_controller(GTK_WIDGET(window), GTK_EVENT_CONTROLLER(target));
}
