/* The rows of the table in optimisers.c: each is defined in the file of its name. */
#pragma once

#include "engine/optimiser.h"

extern const OptimiserKind optimiser_adam, optimiser_sgd;
