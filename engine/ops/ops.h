/* The ops that ops.c lists.  A family of ops shares a file. */
#pragma once

#include "engine/op.h"

extern const Op op_abs;
extern const Op op_add;
extern const Op op_average_pool;
extern const Op op_batch_normalization;
extern const Op op_cast;
extern const Op op_clip;
extern const Op op_concat;
extern const Op op_constant_of_shape;
extern const Op op_conv;
extern const Op op_conv_transpose;
extern const Op op_cross_entropy;
extern const Op op_div;
extern const Op op_dropout;
extern const Op op_erf;
extern const Op op_exp;
extern const Op op_expand;
extern const Op op_flatten;
extern const Op op_gather;
extern const Op op_gemm;
extern const Op op_global_average_pool;
extern const Op op_global_lp_pool;
extern const Op op_global_max_pool;
extern const Op op_grid_sample;
extern const Op op_identity;
extern const Op op_leaky_relu;
extern const Op op_log;
extern const Op op_log_softmax;
extern const Op op_lp_pool;
extern const Op op_matmul;
extern const Op op_max_pool;
extern const Op op_max_roi_pool;
extern const Op op_max_unpool;
extern const Op op_mul;
extern const Op op_neg;
extern const Op op_pad;
extern const Op op_reduce_mean;
extern const Op op_reduce_sum;
extern const Op op_relayout;
extern const Op op_relu;
extern const Op op_reshape;
extern const Op op_resize;
extern const Op op_roi_align;
extern const Op op_shape;
extern const Op op_sigmoid;
extern const Op op_slice;
extern const Op op_softmax;
extern const Op op_sqrt;
extern const Op op_squeeze;
extern const Op op_sub;
extern const Op op_tanh;
extern const Op op_transpose;
extern const Op op_unsqueeze;
extern const Op op_upsample;
