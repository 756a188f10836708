/* Functions of one number:
 *
 *     y = g(x), element by element        dx = dy * g'(x)
 *
 * FUNCTION(op, "Name", value, slope, kept) makes an op: `value` is y in terms of x, `slope` is g' in terms of
 * x or y, whichever `kept` (FROM_X, FROM_Y, FROM_NONE) names.  FUNCTION_OF has two float attributes besides,
 * called alpha and beta in the terms.  FUNCTION_WHOLE takes int64 too; `whole` is its value there, in terms
 * of x, which is an uint64_t. */
#pragma once

#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#define FROM_X    KEEP_INPUT(0)
#define FROM_Y    KEEP_OUTPUT(0)
#define FROM_NONE 0u

/* symbol_forward and symbol_backward; `first` and `second` name the attributes. */
#define FUNCTION_RUNS(symbol, first, first_default, second, second_default, value, slope, kept)              \
  static void symbol##_forward_range(const OpCall *call, const void *data, int64_t from, int64_t to,         \
                                     int worker) {                                                           \
    const float *px = tensor_floats(call->x[0]);                                                             \
    float *restrict py = tensor_floats(call->y[0]);                                                          \
    const float alpha G_GNUC_UNUSED = node_float(call->node, first, first_default);                          \
    const float beta G_GNUC_UNUSED = node_float(call->node, second, second_default);                         \
    for (int64_t i = from; i < to; i++) {                                                                    \
      float x = px[i];                                                                                       \
      py[i] = (value);                                                                                       \
    }                                                                                                        \
  }                                                                                                          \
  static void symbol##_backward_range(const OpCall *call, const void *data, int64_t from, int64_t to,        \
                                      int worker) {                                                          \
    const float *px = tensor_floats(call->x[0]), *py = tensor_floats(call->y[0]);                            \
    const float *dy = tensor_floats(call->dy[0]);                                                            \
    float *restrict dx = tensor_floats(call->dx[0]);                                                         \
    const float alpha G_GNUC_UNUSED = node_float(call->node, first, first_default);                          \
    const float beta G_GNUC_UNUSED = node_float(call->node, second, second_default);                         \
    for (int64_t i = from; i < to; i++) {                                                                    \
      float x G_GNUC_UNUSED = (kept) == FROM_X ? px[i] : 0;                                                  \
      float y G_GNUC_UNUSED = (kept) == FROM_Y ? py[i] : 0;                                                  \
      dx[i] = dy[i] * (slope);                                                                               \
    }                                                                                                        \
  }                                                                                                          \
  static void symbol##_forward(const OpCall *call) {                                                         \
    call_ranges(call, tensor_count(call->y[0]), RANGE_ELEMENTS, symbol##_forward_range, NULL);               \
  }                                                                                                          \
  static void symbol##_backward(const OpCall *call) {                                                        \
    if (call->dx[0])                                                                                         \
      call_ranges(call, tensor_count(call->y[0]), RANGE_ELEMENTS, symbol##_backward_range, NULL);            \
  }

#define FUNCTION_ROW(symbol, onnx_name, infer_call, forward_call, kept)                                      \
  static unsigned symbol##_keeps(const Node *node, unsigned wanted) {                                        \
    return wanted ? (kept) : 0;                                                                              \
  }                                                                                                          \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 1,                                                                        \
                     .max_inputs = 1,                                                                        \
                     .layout = LAYOUT_FOLLOWS,                                                               \
                     .layout_inputs = 1,                                                                     \
                     .infer = infer_call,                                                                    \
                     .keeps = symbol##_keeps,                                                                \
                     .forward = forward_call,                                                                \
                     .backward = symbol##_backward};

#define FUNCTION_OF(symbol, onnx_name, first, first_default, second, second_default, value, slope, kept)     \
  FUNCTION_RUNS(symbol, first, first_default, second, second_default, value, slope, kept)                    \
  FUNCTION_ROW(symbol, onnx_name, infer_same_float, symbol##_forward, kept)

#define FUNCTION(symbol, onnx_name, value, slope, kept)                                                      \
  FUNCTION_OF(symbol, onnx_name, "", 0, "", 0, value, slope, kept)

#define FUNCTION_WHOLE(symbol, onnx_name, value, slope, kept, whole)                                         \
  FUNCTION_RUNS(symbol, "", 0, "", 0, value, slope, kept)                                                    \
  static void symbol##_whole_range(const OpCall *call, const void *data, int64_t from, int64_t to,           \
                                   int worker) {                                                             \
    const int64_t *px = tensor_ints(call->x[0]);                                                             \
    int64_t *restrict py = tensor_ints(call->y[0]);                                                          \
    for (int64_t i = from; i < to; i++) {                                                                    \
      uint64_t x = (uint64_t)px[i];                                                                          \
      py[i] = (int64_t)(whole);                                                                              \
    }                                                                                                        \
  }                                                                                                          \
  static void symbol##_any_forward(const OpCall *call) {                                                     \
    if (call->x[0]->type == TENSOR_FLOAT32)                                                                  \
      symbol##_forward(call);                                                                                \
    else                                                                                                     \
      call_ranges(call, tensor_count(call->y[0]), RANGE_ELEMENTS, symbol##_whole_range, NULL);               \
  }                                                                                                          \
  FUNCTION_ROW(symbol, onnx_name, infer_same_number, symbol##_any_forward, kept)
