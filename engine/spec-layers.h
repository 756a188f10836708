/* The lines of a run spec before they mean anything: texts by group and key, in layers.  An upper layer
 * covers the same key of those below. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
  char *group, *key, *text;
  int layer;
  char *where; /* for messages: "spec.ini", "--set" */
} SpecEntry;

/* SpecEntry *, in the order in which the keys were first met.  Each group of a key file has an entry with an
 * empty key. */
typedef GPtrArray SpecLayers;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpecLayers, g_ptr_array_unref)

SpecLayers *spec_layers_new(void);
/* Reads a key file.  False and an error when it is none. */
bool spec_layers_read(SpecLayers *layers, const char *text, const char *where, int layer, GError **error);
/* Reads "group.key=value". */
bool spec_layers_assign(SpecLayers *layers, const char *assignment, int layer, GError **error);
void spec_layers_add(SpecLayers *layers, const char *group, const char *key, const char *text,
                     const char *where, int layer);
/* What the topmost layer says, NULL when none does. */
const SpecEntry *spec_layers_find(const SpecLayers *layers, const char *group, const char *key);
/* Adds what the other layers say of this key. */
void spec_layers_take(SpecLayers *layers, const SpecLayers *from, const char *group, const char *key);
