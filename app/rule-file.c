#include "app/rule-file.h"

#include "data/input-file.h"
#include "engine/alignment.h"

#define MOST_BYTES (16 << 20)

bool rule_file_read(const Settings *settings, int n_source, char *const *source_names, int n_target,
                    char *const *target_names, int **rule, GError **error) {
  *rule = NULL;
  const char *path = settings_row(settings, "rule") ? settings_text(settings, "rule") : "";
  if (!*path)
    return true;
  g_autoptr(GBytes) bytes = input_file_read(path, MOST_BYTES, error);
  if (!bytes)
    return false;
  g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  g_autofree int *found = g_new(int, MAX(n_source, 1));
  if (!alignment_parse_rule(text, path, n_source, source_names, n_target, target_names, found, error))
    return false;
  *rule = g_steal_pointer(&found);
  return true;
}
