/* An optimiser by its name in specs. */
#pragma once

#include "engine/optimiser.h"

#include <string.h>

/* NULL: there is none. */
static inline const OptimiserKind *optimiser_named(const char *name) {
  const OptimiserKind *const *kind = optimiser_kinds;
  while (*kind && strcmp((*kind)->name, name) != 0)
    kind++;
  return *kind;
}
