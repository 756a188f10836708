#include "app/commands/commands.h"
#include "app/listing.h"
#include "engine/alignment.h"

static const char *const refits[] = {
    [REFIT_NEVER] = "never", [REFIT_ONCE] = "once", [REFIT_EACH_EPOCH] = "each epoch"};

static bool entry(int i, Entry *entry) {
  const AlignmentKind *kind = alignment_kinds[i];
  if (!kind)
    return false;
  *entry = (Entry){kind->name,
                   kind->title,
                   kind->paper,
                   kind->summary,
                   taxonomy_axes[AXIS_ALIGNMENT].values[kind->family].name,
                   {NULL, kind->settings}};
  return true;
}

static void write_more(int i, JsonLine *json) {
  const AlignmentKind *kind = alignment_kinds[i];
  json_text(json, "family", taxonomy_axes[AXIS_ALIGNMENT].values[kind->family].name);
  json_bool(json, "one_to_one", kind->one_to_one);
  json_text(json, "refit", refits[kind->refit]);
}

bool command_alignments(const Command *command, int argc, char **argv, GError **error) {
  static const Listing listing = {"alignment", "family", entry, write_more};
  return listing_command(command, &listing, argc, argv, error);
}
