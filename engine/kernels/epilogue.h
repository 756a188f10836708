/* What a convolution does with a finished tile while it is in the cache, and undoes on the way back. */
#pragma once

#include "engine/kernels/kernel.h"

/* Adds the bias to pixels from..to-1 of all channels of image `image` of y, applies the node's activation,
 * saves its bits. `from` is a multiple of 8; `to` is one too, or the number of pixels. */
void epilogue_forward(const OpCall *call, const ConvShape *shape, int64_t image, int64_t from, int64_t to);
/* The gradient before the activation of one image: dy itself, or a masked copy in `copy` (an image of y). */
const float *epilogue_backward(const OpCall *call, const ConvShape *shape, int64_t image, float *copy);
/* Floats that `copy` needs. */
static inline int64_t epilogue_copy(const OpCall *call, const ConvShape *shape) {
  return call->node->activation.kind == ACTIVATION_NONE ? 0 : shape->outputs * space_count(shape->window.out);
}
