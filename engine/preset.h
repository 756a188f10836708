/* Presets: the methods of the literature as named points of the taxonomy.  Each is a piece of a run spec on
 * top of the default experiment, with the cell it stands for here, the cell the reading list files it under,
 * and what deviates from the paper. */
#pragma once

#include "engine/run-spec.h"

typedef struct {
  const char *name, *title, *paper, *summary;
  const char *needs;      /* what must be given in place of the default model and data set; "": nothing */
  const char *text;       /* key file: what differs from the defaults */
  const char *filed_as;   /* cell in the authors' reading list (zyecs/awesome-reprogrammability) */
  const char *reason;     /* why `cell` and `filed_as` differ; "" where they do not */
  const char *deviations; /* what differs from the paper's recipe */
} Preset;

extern const Preset presets[]; /* ends with a NULL name */
const Preset *preset_find(const char *name);
/* The preset's spec with model and dataset of the default experiment where it leaves them out, and
 * assignments on top. (transfer full) */
RunSpec *preset_spec(const Preset *preset, char *const *assignments, GError **error);
/* The preset's spec where something is chosen already: a preset that needs another model than the default one
 * keeps the model and the data set that are there. (transfer full) */
RunSpec *preset_spec_beside(const Preset *preset, const RunSpec *present, GError **error);
/* Whether the spec is the preset's, whatever it calls itself and however many threads it asks for. */
bool preset_is(const Preset *preset, const RunSpec *spec);
