#include "app/settings.h"

#define SCHEMA "org.hoarfrost.Hoarfrost"

static GSettingsSchema *find_schema(void) {
  GSettingsSchemaSource *known = g_settings_schema_source_get_default();
  GSettingsSchema *schema = known ? g_settings_schema_source_lookup(known, SCHEMA, TRUE) : NULL;
  if (schema)
    return schema;
  GSettingsSchemaSource *built =
      g_settings_schema_source_new_from_directory(HOARFROST_SCHEMAS, known, FALSE, NULL);
  if (!built)
    return NULL;
  schema = g_settings_schema_source_lookup(built, SCHEMA, FALSE);
  g_settings_schema_source_unref(built);
  return schema;
}

GSettings *settings_open(void) {
  GSettingsSchema *schema = find_schema();
  if (!schema)
    return NULL;
  GSettings *settings = g_settings_new_full(schema, NULL, NULL);
  g_settings_schema_unref(schema);
  return settings;
}

int settings_threads(GSettings *settings) {
  return settings ? g_settings_get_int(settings, "threads") : 0;
}

char *settings_store_path(GSettings *settings) {
  g_autofree char *path = settings ? g_settings_get_string(settings, "store-path") : NULL;
  return path && *path ? g_steal_pointer(&path) : NULL;
}
