#pragma once

#include "engine/kernels/vectors.h"

extern const Vectors vectors_wide;
