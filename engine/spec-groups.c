#include "engine/spec-groups.h"

#include "engine/error.h"
#include "engine/nearest-name.h"

#include <string.h>

static bool has_row(const Setting *rows, const char *key) {
  for (const Setting *row = rows; row && row->name; row++)
    if (strcmp(row->name, key) == 0)
      return true;
  return false;
}

static void list_rows(GPtrArray *names, const Setting *rows) {
  for (const Setting *row = rows; row && row->name; row++)
    g_ptr_array_add(names, (char *)row->name);
}

/* "; did you mean batch?", or all names. */
static char *advice(const char *typed, GPtrArray *names) {
  g_ptr_array_add(names, NULL);
  const char *nearest = nearest_name(typed, (const char *const *)names->pdata);
  if (nearest)
    return g_strdup_printf("did you mean %s?", nearest);
  g_autofree char *all = g_strjoinv(", ", (char **)names->pdata);
  return g_strconcat("there are: ", all, NULL);
}

/* Sets one value; the error says where. */
static bool set_value(Settings *settings, const SpecEntry *entry, GError **error) {
  g_autoptr(GError) reason = NULL;
  return settings_set(settings, entry->key, entry->text, &reason) ||
         input_error(error, "%s: %s.%s", entry->where, entry->group, reason->message);
}

bool spec_group_open(SpecGroup *group, GError **error) {
  group->own = settings_new(group->rows, NULL);
  group->decided = -1;
  for (guint i = 0; i < group->layers->len; i++) {
    const SpecEntry *entry = g_ptr_array_index(group->layers, i);
    if (strcmp(entry->group, group->group) == 0 && has_row(group->rows, entry->key) &&
        !set_value(group->own, entry, error))
      return false;
  }
  return true;
}

void spec_group_clear(SpecGroup *group) {
  g_clear_pointer(&group->own, settings_free);
}

static int find_method(const SpecGroup *group, const char *name) {
  for (int i = 0; group->methods[i].name; i++)
    if (strcmp(group->methods[i].name, name) == 0)
      return i;
  return -1;
}

static bool unknown_method(const SpecGroup *group, const SpecEntry *entry, const char *name, GError **error) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (const SpecMethod *method = group->methods; method->name; method++)
    g_ptr_array_add(names, (char *)method->name);
  g_autofree char *advised = advice(name, names);
  return input_error(error, "%s: %s.method = %.200s is not known; %s", entry->where, group->group, name,
                     advised);
}

bool spec_group_method(SpecGroup *group, const char *key, AxisId axis, int *index, int *value,
                       GError **error) {
  const SpecEntry *method = spec_layers_find(group->layers, group->group, "method");
  const SpecEntry *chosen = key ? spec_layers_find(group->layers, group->group, key) : NULL;
  if (method && chosen && method->layer != chosen->layer)
    *(method->layer < chosen->layer ? &method : &chosen) = NULL;
  *index = -1;
  *value = chosen ? axis_value(axis, settings_text(group->own, key)) : -1;
  group->decided = method ? method->layer : chosen ? chosen->layer : -1;
  if (!method)
    return true;
  const char *name = settings_text(group->own, "method");
  *index = find_method(group, name);
  if (*index < 0)
    return unknown_method(group, method, name, error);
  int own = group->methods[*index].value;
  if (chosen && own != *value)
    return input_error(error,
                       "%s: %s.%s = %s does not fit the method %s, which is %s; leave one of the two out",
                       method->where, group->group, key, settings_text(group->own, key), name,
                       taxonomy_axes[axis].values[own].name);
  *value = own;
  return true;
}

static bool of_another_method(const SpecGroup *group, const char *key) {
  for (const SpecMethod *method = group->methods; method && method->name; method++)
    if (has_row(method->settings, key) || has_row(method->common, key))
      return true;
  return false;
}

static bool unknown_key(const SpecGroup *group, const Settings *settings, const SpecEntry *entry,
                        GError **error) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  list_rows(names, group->rows);
  list_rows(names, settings->tables[0]);
  list_rows(names, settings->tables[1]);
  g_autofree char *advised = advice(entry->key, names);
  return input_error(error, "%s: unknown key %s.%.200s%s; %s", entry->where, entry->group, entry->key,
                     of_another_method(group, entry->key) ? ", a setting of another method" : "", advised);
}

bool spec_group_settings(const SpecGroup *group, Settings *settings, GError **error) {
  for (guint i = 0; i < group->layers->len; i++) {
    const SpecEntry *entry = g_ptr_array_index(group->layers, i);
    if (strcmp(entry->group, group->group) != 0 || *entry->key == 0 || has_row(group->rows, entry->key))
      continue;
    if (settings_row(settings, entry->key)) {
      if (!set_value(settings, entry, error))
        return false;
    } else if (entry->layer >= group->decided || !of_another_method(group, entry->key)) {
      return unknown_key(group, settings, entry, error);
    }
  }
  return true;
}
