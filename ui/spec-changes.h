/* What differs between two specs, key by key: "what does this preset change?", "what was changed since?". */
#pragma once

#include "engine/run-spec.h"

typedef struct {
  char *group, *key;
  char *from, *to;    /* NULL where the spec has no such key: a setting of another method */
  const Setting *row; /* borrowed from a table; NULL: of no table */
} SpecChange;

/* Every key as it stands in the spec's text, by group.  (transfer full) */
GKeyFile *spec_key_file(const RunSpec *spec);
/* Changes that lead from one spec to the other, in the order of its text; the preset's name is left out.
 * (transfer full) (element-type SpecChange) */
GPtrArray *spec_changes(const RunSpec *from, const RunSpec *to);
/* "image size 32 → 48"; "rate 0.05" where only one side has it.  (transfer full) */
char *spec_change_text(const SpecChange *change);
/* What a person calls them, a few by name: "label map, epochs and 2 more".  (transfer full) */
char *spec_changes_names(const GPtrArray *changes);
