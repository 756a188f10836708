/* The gradients of a convolution with respect to its weights and bias, for networks whose convolution is
 * itself learnt. They read call->dy[0], the activation's bits in call->saved and, for the weights,
 * call->x[0]. */
#pragma once

#include "engine/kernels/kernel.h"

/* Writes call->dx[1]. */
void conv_weight_gradient(const OpCall *call, const ConvShape *shape);
/* Writes call->dx[2]. */
void conv_bias_gradient(const OpCall *call, const ConvShape *shape);
