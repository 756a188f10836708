/* What the files of the Reduce operators share. */
#pragma once

#include "engine/ops/reduction.h"

/* y with its reduced axes of size 1 in place; its order of memory is y's where the ranks are equal. */
Tensor reduce_wide(const OpCall *call, const Tensor *y);

/* ReduceMax, ReduceMin: dx = dy at the first element (in row-major order) that is y, else 0. */
void reduce_extreme_backward(const OpCall *call);
/* ReduceProd: dx_i = dy times the product of the others. */
void reduce_product_backward(const OpCall *call);
