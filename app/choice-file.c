#include "app/choice-file.h"

#include "engine/preset.h"

#include <glib/gstdio.h>

/* (transfer full) */
static char *file_path(void) {
  return g_build_filename(g_get_user_config_dir(), "hoarfrost", "choice.ini", NULL);
}

RunSpec *choice_file_read(void) {
  g_autofree char *path = file_path(), *text = NULL;
  RunSpec *spec = NULL;
  if (g_file_get_contents(path, &text, NULL, NULL))
    spec = run_spec_parse(text, path, false, NULL);
  return spec ? spec : preset_spec(preset_find("default"), NULL, NULL);
}

void choice_file_write(const RunSpec *spec) {
  g_autofree char *path = file_path(), *folder = g_path_get_dirname(path), *text = run_spec_text(spec);
  g_mkdir_with_parents(folder, 0700);
  g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
}
