#include "app/commands/commands.h"
#include "app/listing.h"
#include "engine/manipulation.h"

static bool entry(int i, Entry *entry) {
  const ManipulationKind *kind = manipulation_kinds[i];
  if (!kind)
    return false;
  *entry = (Entry){kind->name,
                   kind->title,
                   kind->paper,
                   kind->summary,
                   taxonomy_axes[AXIS_OPERATOR].values[kind->op].name,
                   {manipulation_common(kind), kind->settings}};
  return true;
}

/* The names of an axis's values whose bits are set. */
static void write_values(JsonLine *json, const char *name, AxisId axis, unsigned bits) {
  json_open(json, name, '[');
  for (int i = 0; i < taxonomy_axes[axis].n_values; i++)
    if (bits & 1u << i)
      json_text(json, NULL, taxonomy_axes[axis].values[i].name);
  json_close(json, ']');
}

static void write_more(int i, JsonLine *json) {
  const ManipulationKind *kind = manipulation_kinds[i];
  json_text(json, "operator", taxonomy_axes[AXIS_OPERATOR].values[kind->op].name);
  write_values(json, "locations", AXIS_LOCATION, kind->locations);
  write_values(json, "formats", AXIS_FORMAT, kind->formats);
  json_text(json, "note", kind->note);
}

bool command_methods(const Command *command, int argc, char **argv, GError **error) {
  static const Listing listing = {"method", "operator", entry, write_more};
  return listing_command(command, &listing, argc, argv, error);
}
