#include "ui/spec-changes.h"

#include <glib/gi18n.h>
#include <string.h>

#define MOST_NAMES 3

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

/* What a person calls a key of the spec. */
static const struct {
  const char *group, *key, *name;
} key_names[] = {
    {"manipulation", "method", N_("pattern")},
    {"manipulation", "image_size", N_("picture size")},
    {"alignment", "method", N_("label map")},
    {"optimiser", "method", N_("optimiser")},
    {"run", "dataset", N_("task")},
};

/* (transfer full) */
static char *name_of(const SpecChange *change) {
  for (size_t i = 0; i < G_N_ELEMENTS(key_names); i++)
    if (strcmp(key_names[i].group, change->group) == 0 && strcmp(key_names[i].key, change->key) == 0)
      return g_strdup(_(key_names[i].name));
  return g_strdelimit(g_strdup(change->key), "_", ' ');
}

static bool method_changes(const GPtrArray *changes, const char *group) {
  for (guint i = 0; i < changes->len; i++) {
    const SpecChange *change = g_ptr_array_index(changes, i);
    if (strcmp(change->group, group) == 0 && strcmp(change->key, "method") == 0)
      return true;
  }
  return false;
}

/* What another method brings with it is said by the method. */
static bool follows(const GPtrArray *changes, const SpecChange *change) {
  bool its_own = !change->from || !change->to;
  bool its_kind = strcmp(change->key, "operator") == 0 || strcmp(change->key, "family") == 0;
  return (its_own || its_kind) && method_changes(changes, change->group);
}

/* The method's changes, or those of how much is computed, each name once. */
static void add_names(GPtrArray *names, const GPtrArray *changes, bool amounts) {
  for (guint i = 0; i < changes->len; i++) {
    const SpecChange *change = g_ptr_array_index(changes, i);
    g_autofree char *name = name_of(change);
    bool amount = strcmp(change->group, "run") == 0 && strcmp(change->key, "dataset") != 0;
    if (amount == amounts && !follows(changes, change) &&
        !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
      g_ptr_array_add(names, g_steal_pointer(&name));
  }
}

char *spec_changes_names(const GPtrArray *changes) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  add_names(names, changes, false);
  add_names(names, changes, true);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < MIN(names->len, MOST_NAMES); i++)
    g_string_append_printf(text, "%s%s", i ? ", " : "", (char *)g_ptr_array_index(names, i));
  if (names->len > MOST_NAMES)
    g_string_append_printf(text, _(" and %d more"), (int)names->len - MOST_NAMES);
  return g_string_free(text, FALSE);
}
