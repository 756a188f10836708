/* The contents page of the optimisers: one row each. */
#include "engine/optimisers/optimisers.h"

#include <string.h>

const OptimiserKind *const optimiser_kinds[] = {&optimiser_adam, &optimiser_sgd, NULL};

const OptimiserKind *optimiser_find(const char *name) {
  for (const OptimiserKind *const *kind = optimiser_kinds; *kind; kind++)
    if (strcmp((*kind)->name, name) == 0)
      return *kind;
  return NULL;
}
