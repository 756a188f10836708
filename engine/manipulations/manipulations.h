/* The rows of the table in manipulations.c: each is defined in the file of its name. */
#pragma once

#include "engine/manipulation.h"

extern const ManipulationKind manipulation_border;
extern const ManipulationKind manipulation_low_rank;
extern const ManipulationKind manipulation_overlay;
extern const ManipulationKind manipulation_prefix;
extern const ManipulationKind manipulation_scale_shift;
extern const ManipulationKind manipulation_soft_prompt;
extern const ManipulationKind manipulation_steering;
extern const ManipulationKind manipulation_tokens;
