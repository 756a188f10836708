/* Presets: the methods of the literature as named points of the taxonomy.  Each is a piece of a run spec on
 * top of the default experiment, with the cell it stands for here, the cell the reading list files it under,
 * and what deviates from the paper. */
#pragma once

#include "engine/run-spec.h"

typedef struct {
  const char *name, *title, *paper, *summary;
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
