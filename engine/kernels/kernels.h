/* The kernels that kernels.c lists, one a file. */
#pragma once

#include "engine/kernels/kernel.h"

extern const Kernel conv_depthwise, conv_direct, conv_im2col, conv_plain;
