#include "data/onnx-memory.h"

#include "engine/tensor.h"

#include <stdlib.h>

#define OVERHEAD     16   /* what malloc needs for itself, about */
#define ALIGNED_FROM 1024 /* blocks from this size on may become tensors that kernels read */

static void *memory_alloc(void *data, size_t size) {
  OnnxMemory *memory = data;
  size_t padded = (size + TENSOR_ALIGNMENT - 1) & ~(size_t)(TENSOR_ALIGNMENT - 1);
  bool fits = size <= memory->left && padded + OVERHEAD <= memory->left;
  void *block = !fits                 ? NULL
                : size < ALIGNED_FROM ? malloc(size ? size : 1)
                                      : aligned_alloc(TENSOR_ALIGNMENT, padded);
  if (block)
    memory->left -= size + OVERHEAD;
  memory->refused |= !block;
  return block;
}

static void memory_free(void *data, void *block) {
  free(block);
}

void onnx_memory_init(OnnxMemory *memory, size_t budget) {
  *memory = (OnnxMemory){.allocator = {memory_alloc, memory_free, memory}, .left = budget};
}
