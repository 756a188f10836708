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

typedef enum { PADDING_EXPLICIT, PADDING_VALID, PADDING_SAME_UPPER, PADDING_SAME_LOWER } WindowPadding;

/* An INTS attribute with `wanted` numbers in lowest..2^31; `numbers` keeps its values when it is absent. */
bool window_sizes(const Node *node, const char *name, int wanted, int64_t lowest, int64_t *numbers,
                  GError **error);
/* The first part of window_read: kernel, stride, dilation, and before and after where the padding is explicit
 * (0 elsewhere). */
bool window_steps(Window *window, const Node *node, int spatial, const int64_t *kernel,
                  WindowPadding *padding, GError **error);
/* Reads strides, dilations, pads, auto_pad, ceil_mode and (kernel NULL) kernel_shape; checks them against the
 * shape of the input (batch, channels, space...) and computes the output's sizes.  `kernel`: the sizes that
 * the weights have. */
bool window_read(Window *window, const Node *node, const Shape *input, const int64_t *kernel, GError **error);
/* The shape (batch, channels, space...) of the result. */
Shape window_output(const Window *window, const Shape *input, int64_t channels);
static inline int64_t space_count(const int64_t size[SPACE]) {
  return size[DEPTH] * size[HEIGHT] * size[WIDTH];
}
