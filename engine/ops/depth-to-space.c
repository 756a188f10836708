/* DepthToSpace and SpaceToDepth: blocks of b x b pixels against b * b channels.
 *
 *     wide (batch, C, H b, W b)  <->  deep (batch, C b b, H, W)
 *
 * The deep channel of wide channel c at (i, j) in a block is (i b + j) C + c (mode DCR, SpaceToDepth's), or
 * c b b + i b + j (mode CRD, PyTorch's PixelShuffle).  Each op's chain rule is the other op.  Both orders of
 * memory. */
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

static bool read_block(const Node *node, const Tensor *x, int64_t *block, GError **error) {
  const char *mode = node_text(node, "mode", "DCR");
  *block = node_int(node, "blocksize", 0);
  if (x->shape.rank != 4)
    return input_error(error, "its input has rank %d; it must have 4", x->shape.rank);
  if (*block < 1 || *block > 1 << 15)
    return input_error(error, "its blocksize %" G_GINT64_FORMAT " is not possible", *block);
  return strcmp(mode, "DCR") == 0 || strcmp(mode, "CRD") == 0 ||
         input_error(error, "its mode '%s' is not supported; DCR and CRD are", mode);
}

static bool wide_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                       Tensor *const *y, GError **error) {
  int64_t block;
  if (!check_one_output(n_outputs, error) || !read_block(node, x[0], &block, error))
    return false;
  const int64_t *dim = x[0]->shape.dim;
  if (dim[1] % (block * block) != 0 || MAX(dim[2], dim[3]) > OP_COUNT_LIMIT)
    return input_error(error, "its %" G_GINT64_FORMAT " channels cannot become blocks of %" G_GINT64_FORMAT,
                       dim[1], block);
  Shape shape = SHAPE(dim[0], dim[1] / (block * block), dim[2] * block, dim[3] * block);
  return output_set(y[0], x[0]->type, &shape, error);
}

static bool deep_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                       Tensor *const *y, GError **error) {
  int64_t block;
  if (!check_one_output(n_outputs, error) || !read_block(node, x[0], &block, error))
    return false;
  const int64_t *dim = x[0]->shape.dim;
  if (dim[2] % block != 0 || dim[3] % block != 0 || dim[1] > OP_COUNT_LIMIT)
    return input_error(error,
                       "its %" G_GINT64_FORMAT "x%" G_GINT64_FORMAT
                       " pixels cannot be cut into blocks of %" G_GINT64_FORMAT,
                       dim[2], dim[3], block);
  Shape shape = SHAPE(dim[0], dim[1] * block * block, dim[2] / block, dim[3] / block);
  return output_set(y[0], x[0]->type, &shape, error);
}

/* Walks the wide tensor; operand 0 is the deep one. */
static void block_loops(const OpCall *call, const Tensor *wide, const Tensor *deep, Loops *loops) {
  int64_t b = node_int(call->node, "blocksize", 1), stride[TENSOR_MAX_RANK];
  bool crd = strcmp(node_text(call->node, "mode", "DCR"), "CRD") == 0;
  memory_strides(deep, stride);
  int64_t channels = wide->shape.dim[1], channel = stride[1] * (crd ? b * b : 1);
  int64_t j = stride[1] * (crd ? 1 : channels), i = j * b;
  const int64_t *dim = deep->shape.dim;
  if (wide->order == ORDER_CHANNELS_LAST)
    loops_init(loops, 6, (int64_t[]){dim[0], dim[2], b, dim[3], b, channels},
               (int64_t[]){stride[0], stride[2], i, stride[3], j, channel}, NULL);
  else
    loops_init(loops, 6, (int64_t[]){dim[0], channels, dim[2], b, dim[3], b},
               (int64_t[]){stride[0], channel, stride[2], i, stride[3], j}, NULL);
}

static void to_wide(const OpCall *call, const Tensor *deep, Tensor *wide) {
  Loops loops;
  if (tensor_count(wide) == 0)
    return;
  block_loops(call, wide, deep, &loops);
  loops_gather(call, &loops, tensor_type_size(wide->type), deep->data, wide->data);
}

static void to_deep(const OpCall *call, const Tensor *wide, Tensor *deep) {
  Loops loops;
  if (tensor_count(wide) == 0)
    return;
  block_loops(call, wide, deep, &loops);
  loops_scatter(call, &loops, tensor_type_size(wide->type), wide->data, deep->data);
}

static void wide_forward(const OpCall *call) {
  to_wide(call, call->x[0], call->y[0]);
}

static void wide_backward(const OpCall *call) {
  if (call->dx[0])
    to_deep(call, call->dy[0], call->dx[0]);
}

static void deep_forward(const OpCall *call) {
  to_deep(call, call->x[0], call->y[0]);
}

static void deep_backward(const OpCall *call) {
  if (call->dx[0])
    to_wide(call, call->dy[0], call->dx[0]);
}

#define BLOCK_OP(symbol, onnx_name, direction)                                                               \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 1,                                                                        \
                     .max_inputs = 1,                                                                        \
                     .layout = LAYOUT_FOLLOWS,                                                               \
                     .layout_inputs = 1,                                                                     \
                     .infer = direction##_infer,                                                             \
                     .forward = direction##_forward,                                                         \
                     .backward = direction##_backward}
BLOCK_OP(op_depth_to_space, "DepthToSpace", wide);
BLOCK_OP(op_space_to_depth, "SpaceToDepth", deep);
