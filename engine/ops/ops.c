/* The contents page of the ops: one row a kind of computation. */
#include "engine/ops/ops.h"

#include <string.h>

const Op *const op_table[] = {
    &op_abs,
    &op_add,
    &op_average_pool,
    &op_batch_normalization,
    &op_cast,
    &op_clip,
    &op_concat,
    &op_constant_of_shape,
    &op_conv,
    &op_conv_transpose,
    &op_cross_entropy,
    &op_div,
    &op_dropout,
    &op_erf,
    &op_exp,
    &op_expand,
    &op_flatten,
    &op_gather,
    &op_gemm,
    &op_global_average_pool,
    &op_global_lp_pool,
    &op_global_max_pool,
    &op_grid_sample,
    &op_identity,
    &op_leaky_relu,
    &op_log,
    &op_log_softmax,
    &op_lp_pool,
    &op_matmul,
    &op_max_pool,
    &op_max_roi_pool,
    &op_max_unpool,
    &op_mul,
    &op_neg,
    &op_pad,
    &op_reduce_mean,
    &op_reduce_sum,
    &op_relayout,
    &op_relu,
    &op_reshape,
    &op_resize,
    &op_roi_align,
    &op_shape,
    &op_sigmoid,
    &op_slice,
    &op_softmax,
    &op_sqrt,
    &op_squeeze,
    &op_sub,
    &op_tanh,
    &op_transpose,
    &op_unsqueeze,
    &op_upsample,
    NULL,
};

const Op *op_find(const char *name) {
  for (const Op *const *op = op_table; *op; op++)
    if (strcmp((*op)->name, name) == 0)
      return *op;
  return NULL;
}
