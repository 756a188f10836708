/* Kernels: the fast forms of an op, as rows of a table.
 *
 * An op asks for the first row that fits the shapes, the order of memory and the processor; timings never
 * decide, so the same machine always takes the same row.  A row packs the frozen weights once; forward and
 * backward then work on pieces of a batch. */
#pragma once

#include "engine/ops/window.h"

/* A convolution: x (batch, inputs, in...) with weights w (outputs, inputs / groups, kernel...) gives
 * y (batch, outputs, out...). */
typedef struct {
  Window window;
  int64_t batch, groups;
  int64_t inputs, outputs; /* channels, of all groups together */
  TensorOrder order;       /* of x, y and their gradients */
} ConvShape;

typedef struct {
  const char *op;   /* the ONNX operator's name */
  const char *name; /* for people */
  bool (*fits)(const ConvShape *shape);
  /* Floats of packed weights, and how to write them.  `w` is as in the file, row-major. */
  size_t (*packed)(const ConvShape *shape);
  void (*prepare)(const ConvShape *shape, const float *w, float *packed);
  /* Bytes of scratch a worker needs, for forward and backward. */
  size_t (*scratch)(const ConvShape *shape);
  /* call->x[0], x[2] (bias, may be absent) -> call->y[0], with the activation applied and its bits saved. */
  void (*forward)(const OpCall *call, const ConvShape *shape, const float *packed);
  /* call->dy[0], call->saved -> call->dx[0], added to it when call->accumulate. */
  void (*backward)(const OpCall *call, const ConvShape *shape, const float *packed);
} Kernel;

extern const Kernel *const kernel_table[]; /* the row after the last is NULL */
/* The first row of the op that fits.  Never NULL for Conv with known weights. */
const Kernel *kernel_find(const char *op, const ConvShape *shape);

/* The bits of a fused activation lie as planes of y, each beginning at a byte: one plane an image in
 * channels-last, one a channel of an image in row-major. */
static inline int64_t conv_plane(const ConvShape *shape) {
  return space_count(shape->window.out) * (shape->order == ORDER_CHANNELS_LAST ? shape->outputs : 1);
}
static inline int64_t conv_planes(const ConvShape *shape) {
  return shape->batch * (shape->order == ORDER_CHANNELS_LAST ? 1 : shape->outputs);
}
