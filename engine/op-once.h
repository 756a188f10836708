/* One op, computed once outside a plan: where numbers are known before anything runs. */
#pragma once

#include "engine/op.h"

/* y[] have room for their numbers.  Prepares, computes in the calling thread, and releases again. */
void op_forward_once(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y);
