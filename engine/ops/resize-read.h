/* What a Resize or Upsample node asks for, axis by axis. */
#pragma once

#include "engine/ops/resize-axis.h"

typedef struct {
  int rank;
  ResizeAxis axis[TENSOR_MAX_RANK];
  bool resized[TENSOR_MAX_RANK]; /* false: each output element is the input element of the same index */
  float extrapolation;
} ResizeRequest;

/* Inputs of Resize: x, roi, scales, sizes; of Upsample: x, scales.  Roi, scales and sizes must be known
 * before the run. */
bool resize_read(const Node *node, int n_inputs, const Tensor *const *x, ResizeRequest *request,
                 GError **error);
