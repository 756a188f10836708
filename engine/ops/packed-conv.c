#include "engine/ops/packed-conv.h"

#include "engine/kernels/conv-plain.h"
#include "engine/ops/support.h"

PackedConv *packed_conv_new(const ConvShape *shape, const Tensor *weights) {
  PackedConv *self = g_new0(PackedConv, 1);
  self->shape = *shape;
  self->kernel = weights->data ? kernel_find("Conv", shape) : &conv_plain;
  size_t floats = self->kernel->packed(shape);
  if (floats)
    self->packed = g_aligned_alloc(floats, sizeof(float), TENSOR_ALIGNMENT);
  self->kernel->prepare(shape, tensor_floats(weights), self->packed);
  return self;
}

void packed_conv_free(void *pointer) {
  PackedConv *self = pointer;
  if (self)
    g_aligned_free(self->packed);
  g_free(self);
}

size_t packed_conv_scratch(const OpCall *call) {
  const PackedConv *self = call->prepared;
  return self->kernel->scratch(&self->shape);
}
