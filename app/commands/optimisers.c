#include "app/commands/commands.h"
#include "app/listing.h"
#include "engine/optimiser.h"

static bool entry(int i, Entry *entry) {
  const OptimiserKind *kind = optimiser_kinds[i];
  if (!kind)
    return false;
  *entry = (Entry){kind->name,    kind->title, kind->paper,
                   kind->summary, NULL,        {optimiser_settings, kind->settings}};
  return true;
}

bool command_optimisers(const Command *command, int argc, char **argv, GError **error) {
  static const Listing listing = {"optimiser", NULL, entry, NULL};
  return listing_command(command, &listing, argc, argv, error);
}
