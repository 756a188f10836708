/* Windows that slide over the spatial axes: what Conv and the pooling ops have in common.
 *
 *     input index along an axis = output index * stride - before + tap * dilation
 *
 * One, two or three spatial axes (ranks 3 to 5) are always three here: the missing ones come first, with
 * size 1. */
#pragma once

#include "engine/op.h"
#include "engine/tensor.h"

enum { DEPTH, HEIGHT, WIDTH, SPACE };

typedef struct {
  int64_t in[SPACE], out[SPACE];
  int64_t kernel[SPACE], stride[SPACE], dilation[SPACE];
  int64_t before[SPACE]; /* padding in front of the first element */
  int64_t after[SPACE];
} Window;

/* Reads strides, dilations, pads, auto_pad, ceil_mode and (kernel NULL) kernel_shape; checks them against the
 * shape of the input (batch, channels, space...) and computes the output's sizes.  `kernel`: the sizes that
 * the weights have. */
bool window_read(Window *window, const Node *node, const Shape *input, const int64_t *kernel, GError **error);
/* The shape (batch, channels, space...) of the result. */
Shape window_output(const Window *window, const Shape *input, int64_t channels);
static inline int64_t space_count(const int64_t size[SPACE]) {
  return size[DEPTH] * size[HEIGHT] * size[WIDTH];
}
