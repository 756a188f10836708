#include "engine/preset.h"
#include <string.h>
const Preset presets[] = {
    {"default", "Default", "", "", "[run]\nmodel = objects-letters\ndataset = fashion-mnist\n", "", "", ""},
    {NULL},
};
const Preset *preset_find(const char *name) {
  for (const Preset *preset = presets; preset->name; preset++)
    if (strcmp(preset->name, name) == 0)
      return preset;
  return NULL;
}
RunSpec *preset_spec(const Preset *preset, char *const *assignments, GError **error) {
  g_autofree char *text = g_strdup_printf("[run]\npreset = %s\n", preset->name);
  return run_spec_parse_with(text, preset->name, assignments, true, error);
}
