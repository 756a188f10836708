/* What the ops share: checks of shapes that come from files, cutting work into ranges, orders of memory. */
#pragma once

#include "engine/error.h"
#include "engine/op.h"

/* No tensor of a run may have more elements, so that a BLAS index fits in an int. */
#define OP_COUNT_LIMIT ((int64_t)G_MAXINT32)

/* Sets type and shape of an output; refuses negative sizes and more than OP_COUNT_LIMIT elements. */
bool output_set(Tensor *y, TensorType type, const Shape *shape, GError **error);
/* y[0] gets x[0]'s type and shape. */
bool infer_same(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                GError **error);
/* The same for ops that compute on float32 only. */
bool infer_same_float(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                      GError **error);
/* The same for float32 and int64. */
bool infer_same_number(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                       Tensor *const *y, GError **error);
bool check_one_output(int n_outputs, GError **error);
/* `what` names the tensor in the error's sentence: "the input", "the weights". */
bool check_type(const Tensor *x, TensorType type, const char *what, GError **error);
/* The type that is computed with for an element type of ONNX (TensorProto.DataType); false: none. */
bool onnx_number_type(int64_t element, TensorType *type);
/* The axis in 0..rank-1, -1 and an error when there is none. */
int check_axis(const Shape *shape, int64_t axis, GError **error);
/* The whole numbers of input k, which must be int64 of rank 0 or 1 and known before the run.  Borrowed. */
bool known_ints(const Tensor *x, const char *what, int most, const int64_t **ints, int *n, GError **error);
/* Axes from attribute `axes` or from input 1; *n = -1 when both are absent.  In 0..rank-1, each at most once.
 */
bool read_axes(const Node *node, int n_inputs, const Tensor *const *x, int rank, int axes[TENSOR_MAX_RANK],
               int *n, GError **error);
/* A range of a call's work.  The ranges never overlap; each is done once, by one worker. */
typedef void (*RangeRun)(const OpCall *call, const void *data, int64_t from, int64_t to, int worker);
/* Cuts 0..n-1 into ranges of `size`, whatever the number of workers, and has the call's pool do them. */
void call_ranges(const OpCall *call, int64_t n, int64_t size, RangeRun run, const void *data);
/* The scratch memory of one worker. */
static inline void *call_scratch(const OpCall *call, int worker) {
  return call->scratch + call->scratch_bytes * (size_t)worker;
}

/* Elements that one piece of element-wise work should have. */
#define RANGE_ELEMENTS 16384

/* The axes of a tensor in the order of its memory, the slowest first: 0, 1, 2, ... or 0, 2, ..., rank-1, 1.
 */
void memory_axes(const Tensor *tensor, int axes[TENSOR_MAX_RANK]);
/* The distance in elements between neighbours along each axis. */
void memory_strides(const Tensor *tensor, int64_t strides[TENSOR_MAX_RANK]);
/* Product of the sizes of axes from..to-1. */
int64_t shape_product(const Shape *shape, int from, int to);

/* A tensor (batch, channels, space...) in either order as planes[plane][pixel][lane]: in channels-last a
 * plane is an image and a lane a channel, in row-major a plane is one channel of an image and has one lane.
 * The channel of a lane in a plane is lane + plane % (channels / lanes). */
typedef struct {
  int64_t planes, pixels, lanes;
} Planes;
Planes tensor_planes(const Tensor *tensor);
