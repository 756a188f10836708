/* The contents page of the kernels: the first row that fits is taken. */
#include "engine/kernels/kernels.h"

#include <string.h>

const Kernel *const kernel_table[] = {
    &conv_depthwise,
    &conv_direct,
    &conv_im2col,
    NULL,
};

const Kernel *kernel_find(const char *op, const ConvShape *shape) {
  for (const Kernel *const *kernel = kernel_table; *kernel; kernel++)
    if (strcmp((*kernel)->op, op) == 0 && (*kernel)->fits(shape))
      return *kernel;
  return NULL;
}
