#include "app/commands/commands.h"
#include "app/listing.h"
#include "app/output.h"
#include "engine/preset.h"

static bool entry(int i, Entry *entry) {
  const Preset *preset = &presets[i];
  if (!preset->name)
    return false;
  *entry = (Entry){preset->name, preset->title, preset->paper, preset->summary, NULL, {NULL, NULL}};
  return true;
}

/* "learnable/input/concatenative/statistical" (transfer full) */
static char *preset_cell(const Preset *preset) {
  g_autoptr(RunSpec) spec = preset_spec(preset, NULL, NULL);
  return spec ? cell_text(run_spec_cell(spec, 0)) : NULL;
}

static void write_more(int i, JsonLine *json) {
  const Preset *preset = &presets[i];
  g_autofree char *cell = preset_cell(preset);
  json_text(json, "cell", cell);
  json_text(json, "filed_as", preset->filed_as);
  json_text(json, "reason", preset->reason);
  json_text(json, "deviations", preset->deviations);
  json_text(json, "needs", preset->needs);
  json_text(json, "spec", preset->text);
}

static void print(int i) {
  const Preset *preset = &presets[i];
  g_autofree char *cell = preset_cell(preset);
  output_line("cell here     %s", cell ? cell : "");
  output_line("filed as      %s%s%s", preset->filed_as, *preset->reason ? ": " : "", preset->reason);
  output_line("deviations    %s", preset->deviations);
  if (*preset->needs)
    output_line("needs         %s", preset->needs);
  output_line("\n%s", preset->text);
}

bool command_presets(const Command *command, int argc, char **argv, GError **error) {
  static const Listing listing = {"preset", NULL, entry, write_more, print};
  return listing_command(command, &listing, argc, argv, error);
}
