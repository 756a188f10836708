/* The ops that ops.c lists.  A family of ops shares a file. */
#pragma once

#include "engine/op.h"

extern const Op op_abs, op_add, op_average_pool, op_batch_normalization, op_cast, op_clip, op_concat,
    op_constant_of_shape, op_conv, op_cross_entropy, op_div, op_dropout, op_erf, op_exp, op_expand,
    op_flatten, op_gather, op_gemm, op_global_average_pool, op_global_max_pool, op_identity, op_leaky_relu,
    op_log, op_log_softmax, op_matmul, op_max_pool, op_mul, op_neg, op_pad, op_reduce_mean, op_reduce_sum,
    op_relayout, op_relu, op_reshape, op_shape, op_sigmoid, op_slice, op_softmax, op_sqrt, op_squeeze, op_sub,
    op_tanh, op_transpose, op_unsqueeze;
