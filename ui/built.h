/* Widgets whose parts are described in a file of resources/ui without being a template: gtk4-builder-tool
 * cannot judge templates of libadwaita's classes. */
#pragma once

#include <gtk/gtk.h>

typedef struct {
  const char *name; /* the object's id in the file */
  size_t offset;    /* of the pointer in the instance that it is stored in */
} BuiltChild;

#define BUILT_CHILD(Type, name)                                                                              \
  { #name, G_STRUCT_OFFSET(Type, name) }

/* Reads ui/FILE of the program's resources and stores borrowed pointers to the objects of `children` (ends
 * with a NULL name) in `instance`.  Returns the object called `root`.  (transfer full) */
GtkWidget *built_load(const char *file, const char *root, gpointer instance, const BuiltChild *children);
