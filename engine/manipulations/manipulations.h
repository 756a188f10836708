/* The rows of the table in manipulations.c: each is defined in the file of its name. */
#pragma once

#include "engine/manipulation.h"

extern const ManipulationKind manipulation_border, manipulation_overlay;
