/* The contents page of the optimisers: one row each. */
#include "engine/optimisers/optimisers.h"

const OptimiserKind *const optimiser_kinds[] = {&optimiser_adam, &optimiser_sgd, NULL};
