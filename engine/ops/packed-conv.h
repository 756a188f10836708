/* A convolution made ready: its shape, the kernel that computes it, and the frozen weights as that kernel
 * wants them.  Conv runs it forward, ConvTranspose its way back to the input. */
#pragma once

#include "engine/kernels/kernels.h"

typedef struct {
  const Kernel *kernel;
  ConvShape shape;
  float *packed; /* aligned */
} PackedConv;

/* Weights without numbers are read at each call, by the plain kernel.  Free with packed_conv_free(). */
PackedConv *packed_conv_new(const ConvShape *shape, const Tensor *weights);
/* For Op.release; NULL is fine. */
void packed_conv_free(void *pointer);
/* For Op.scratch of an op whose `prepared` it is. */
size_t packed_conv_scratch(const OpCall *call);
