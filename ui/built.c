#include "ui/built.h"

GtkWidget *built_load(const char *file, const char *root, gpointer instance, const BuiltChild *children) {
  g_autofree char *path = g_strdup_printf("/org/hoarfrost/Hoarfrost/ui/%s", file);
  g_autoptr(GtkBuilder) builder = gtk_builder_new_from_resource(path);
  for (const BuiltChild *child = children; child->name; child++) {
    GObject *object = gtk_builder_get_object(builder, child->name);
    g_assert(object);
    G_STRUCT_MEMBER(GObject *, instance, child->offset) = object;
  }
  return g_object_ref(GTK_WIDGET(gtk_builder_get_object(builder, root)));
}
