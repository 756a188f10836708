#include "engine/spec-layers.h"

#include "engine/error.h"

#include <string.h>

#define MAX_BYTES (1 << 20)

static void entry_free(gpointer data) {
  SpecEntry *entry = data;
  g_free(entry->group);
  g_free(entry->key);
  g_free(entry->text);
  g_free(entry->where);
  g_free(entry);
}

SpecLayers *spec_layers_new(void) {
  return g_ptr_array_new_with_free_func(entry_free);
}

const SpecEntry *spec_layers_find(const SpecLayers *layers, const char *group, const char *key) {
  for (guint i = 0; i < layers->len; i++) {
    const SpecEntry *entry = g_ptr_array_index(layers, i);
    if (strcmp(entry->group, group) == 0 && strcmp(entry->key, key) == 0)
      return entry;
  }
  return NULL;
}

void spec_layers_add(SpecLayers *layers, const char *group, const char *key, const char *text,
                     const char *where, int layer) {
  SpecEntry *entry = (SpecEntry *)spec_layers_find(layers, group, key);
  if (entry && entry->layer > layer)
    return;
  if (!entry) {
    entry = g_new0(SpecEntry, 1);
    entry->group = g_strdup(group);
    entry->key = g_strdup(key);
    g_ptr_array_add(layers, entry);
  }
  g_free(entry->text);
  g_free(entry->where);
  entry->text = g_strdup(text);
  entry->where = g_strdup(where);
  entry->layer = layer;
}

void spec_layers_take(SpecLayers *layers, const SpecLayers *from, const char *group, const char *key) {
  const SpecEntry *entry = spec_layers_find(from, group, key);
  if (entry)
    spec_layers_add(layers, group, key, entry->text, entry->where, entry->layer);
}

static bool read_group(SpecLayers *layers, GKeyFile *file, const char *group, const char *where, int layer,
                       GError **error) {
  g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);
  spec_layers_add(layers, group, "", "", where, layer);
  for (char **key = keys; key && *key; key++) {
    g_autoptr(GError) reason = NULL;
    g_autofree char *text = g_key_file_get_string(file, group, *key, &reason);
    if (!text || reason)
      return input_error(error, "%s: %s.%s has a backslash that stands for nothing; write two for one", where,
                         group, *key);
    spec_layers_add(layers, group, *key, text, where, layer);
  }
  return true;
}

bool spec_layers_read(SpecLayers *layers, const char *text, const char *where, int layer, GError **error) {
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autoptr(GError) reason = NULL;
  if (strlen(text) > MAX_BYTES)
    return input_error(error, "%s is larger than the 1 MiB that a spec may have; is it a spec?", where);
  if (!g_utf8_validate(text, -1, NULL))
    return input_error(error, "%s is not UTF-8 text; is it a spec?", where);
  if (!g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, &reason))
    return input_error(error, "%s cannot be read as a spec: %s", where, reason->message);
  g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
  for (char **group = groups; *group; group++)
    if (!read_group(layers, file, *group, where, layer, error))
      return false;
  return true;
}

bool spec_layers_assign(SpecLayers *layers, const char *assignment, int layer, GError **error) {
  const char *equals = strchr(assignment, '='), *dot = strchr(assignment, '.');
  if (!equals || !dot || dot + 1 >= equals || dot == assignment || !g_utf8_validate(assignment, -1, NULL)) {
    g_autofree char *shown = g_utf8_make_valid(assignment, -1);
    g_set_error(error, HOARFROST_ERROR, HOARFROST_ERROR_USAGE,
                "--set %s: write group.key=value, as in --set run.batch=32", shown);
    return false;
  }
  g_autofree char *group = g_strstrip(g_strndup(assignment, (gsize)(dot - assignment)));
  g_autofree char *key = g_strstrip(g_strndup(dot + 1, (gsize)(equals - dot - 1)));
  spec_layers_add(layers, group, key, equals + 1, "--set", layer);
  return true;
}
