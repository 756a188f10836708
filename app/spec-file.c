#include "app/spec-file.h"

#include "data/input-file.h"
#include "engine/error.h"
#include "engine/preset.h"

#define MOST_BYTES (1 << 20)

RunSpec *spec_from_arguments(const char *path, const char *preset, char *const *assignments, GError **error) {
  if (preset) {
    const Preset *found = preset_find(preset);
    if (found)
      return preset_spec(found, assignments, error);
    input_error(error, "there is no preset '%s'; hoarfrost presets lists them", preset);
    return NULL;
  }
  g_autoptr(GBytes) bytes = input_file_read(path, MOST_BYTES, error);
  if (!bytes)
    return NULL;
  g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  return run_spec_parse_with(text, path, assignments, false, error);
}
