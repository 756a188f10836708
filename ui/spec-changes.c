#include "ui/spec-changes.h"

#include <string.h>

GKeyFile *spec_key_file(const RunSpec *spec) {
  GKeyFile *file = g_key_file_new();
  g_autofree char *text = run_spec_text(spec);
  g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, NULL);
  return file;
}

static void change_free(gpointer data) {
  SpecChange *change = data;
  g_free(change->group);
  g_free(change->key);
  g_free(change->from);
  g_free(change->to);
  g_free(change);
}

/* A key that one side lacks says something only where it says anything. */
static bool differs(const char *group, const char *key, const char *text, const char *before) {
  bool name_of_preset = strcmp(group, "run") == 0 && strcmp(key, "preset") == 0;
  return !name_of_preset && g_strcmp0(text, before) != 0 && (before || *text);
}

/* Borrowed from the tables; NULL: none has it. */
static const Setting *row_of(const RunSpec *spec, const char *group, const char *key) {
  const ManipulationSpec *first = g_ptr_array_index(spec->manipulations, 0);
  if (strcmp(group, "manipulation") == 0)
    return settings_row(first->settings, key);
  g_autoptr(Settings) run = settings_new(run_settings, NULL);
  return strcmp(group, "run") == 0 ? settings_row(run, key) : NULL;
}

/* Adds the keys of `file` that `other` lacks or has otherwise; with `absent`, only those it lacks. */
static void add_changes(GPtrArray *changes, GKeyFile *file, GKeyFile *other, const RunSpec *spec,
                        bool absent) {
  g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
  for (char **group = groups; *group; group++) {
    g_auto(GStrv) keys = g_key_file_get_keys(file, *group, NULL, NULL);
    for (char **key = keys; *key; key++) {
      g_autofree char *text = g_key_file_get_value(file, *group, *key, NULL);
      g_autofree char *before = g_key_file_get_value(other, *group, *key, NULL);
      if (!differs(*group, *key, text, before) || (absent && before))
        continue;
      SpecChange *change = g_new0(SpecChange, 1);
      change->group = g_strdup(*group);
      change->key = g_strdup(*key);
      change->row = row_of(spec, *group, *key);
      *(absent ? &change->from : &change->to) = g_steal_pointer(&text);
      if (!absent)
        change->from = g_steal_pointer(&before);
      g_ptr_array_add(changes, change);
    }
  }
}

GPtrArray *spec_changes(const RunSpec *from, const RunSpec *to) {
  GPtrArray *changes = g_ptr_array_new_with_free_func(change_free);
  g_autoptr(GKeyFile) before = spec_key_file(from);
  g_autoptr(GKeyFile) after = spec_key_file(to);
  add_changes(changes, after, before, to, false);
  add_changes(changes, before, after, from, true);
  return changes;
}

static const char *value_words(const SpecChange *change, const char *value) {
  if (!value || !*value)
    return "none";
  return change->row ? setting_words(change->row, value) : value;
}

char *spec_change_text(const SpecChange *change) {
  bool plain = strcmp(change->key, "method") != 0;
  g_autofree char *words = g_strdelimit(g_strdup(plain ? change->key : change->group), "_", ' ');
  const char *from = value_words(change, change->from), *to = value_words(change, change->to);
  if (!change->from)
    return g_strdup_printf("%s %s", words, to);
  if (!change->to)
    return g_strdup_printf("no %s", words);
  return g_strdup_printf("%s %s → %s", words, from, to);
}
