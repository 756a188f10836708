#include "data/onnx-memory.h"

#include "engine/tensor.h"

#include <malloc.h>
#include <stdlib.h>

#define OVERHEAD     16   /* what malloc needs for itself, about */
#define ALIGNED_FROM 1024 /* blocks from this size on may become tensors that kernels read */

static void *memory_alloc(void *data, size_t size) {
  OnnxMemory *memory = data;
  if (size > memory->left || memory->left - size < OVERHEAD + TENSOR_ALIGNMENT) {
    memory->refused = true;
    return NULL;
  }
  size_t padded = (size + TENSOR_ALIGNMENT - 1) & ~(size_t)(TENSOR_ALIGNMENT - 1);
  void *block = size < ALIGNED_FROM ? malloc(size ? size : 1) : aligned_alloc(TENSOR_ALIGNMENT, padded);
  size_t taken = block ? malloc_usable_size(block) + OVERHEAD : 0;
  memory->left -= taken < memory->left ? taken : memory->left;
  memory->refused |= !block;
  return block;
}

static void memory_free(void *data, void *block) {
  OnnxMemory *memory = data;
  if (block)
    memory->left += malloc_usable_size(block) + OVERHEAD;
  free(block);
}

void onnx_memory_init(OnnxMemory *memory, size_t budget) {
  *memory = (OnnxMemory){.allocator = {memory_alloc, memory_free, memory}, .left = budget};
}
