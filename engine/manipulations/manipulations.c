/* The contents page of the manipulations: one row each. */
#include "engine/manipulations/manipulations.h"

#include <string.h>

const ManipulationKind *const manipulation_kinds[] = {
    &manipulation_border,
    &manipulation_overlay,
    &manipulation_low_rank,
    &manipulation_scale_shift,
    &manipulation_steering,
    &manipulation_tokens,
    &manipulation_prefix,
    &manipulation_soft_prompt,
    NULL,
};

const ManipulationKind *manipulation_find(const char *name) {
  for (const ManipulationKind *const *kind = manipulation_kinds; *kind; kind++)
    if (strcmp((*kind)->name, name) == 0)
      return *kind;
  return NULL;
}
