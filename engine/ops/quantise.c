/* QuantizeLinear, DequantizeLinear, DynamicQuantizeLinear (ONNX operator sets 10 to 19, without blocks).
 *
 *     quantise     y = what fits of round(x / scale) + zero, halves to the even neighbour
 *     dequantise   y = (x - zero) scale
 *
 * Scale and zero are one number, or one for each index of `axis`.  Whole numbers are int64 here; what fits is
 * the range of the type that `output_dtype` names, which the reader sets from the zero's type.  Dynamic finds
 * scale and zero from the smallest and the largest number, so that 0..255 cover both and 0.  No gradient
 * passes. */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <math.h>

typedef struct {
  double low, high;
} Range;

#define UINT8_NUMBER 2

/* False where an element type of ONNX cannot be quantised to. */
static bool range_of(int64_t element, Range *range) {
  static const Range ranges[] = {[2] = {0, 255},
                                 [3] = {-128, 127},
                                 [4] = {0, 65535},
                                 [5] = {-32768, 32767},
                                 [6] = {-2147483648.0, 2147483647.0}};
  if (element < 2 || element >= (int64_t)G_N_ELEMENTS(ranges))
    return false;
  *range = ranges[element];
  return true;
}

static int64_t output_element(const Node *node) {
  int64_t element = node_int(node, "output_dtype", 0);
  return element ? element : UINT8_NUMBER;
}

/* Neighbours along the last axes that share a scale, and how many scales there are. */
typedef struct {
  int64_t inner, scales;
} Lanes;

static bool find_lanes(const Node *node, const Shape *x, const Shape *scale, Lanes *lanes, GError **error) {
  *lanes = (Lanes){1, 1};
  if (shape_count(scale) == 1)
    return true;
  int axis = scale->rank == 1 ? check_axis(x, node_int(node, "axis", 1), error) : -1;
  if (scale->rank == 1 && axis < 0)
    return false;
  if (axis < 0 || scale->dim[0] != x->dim[axis]) {
    g_autofree char *text = shape_text(scale);
    return input_error(error,
                       "its scale has the shape %s; one number, or one for each index of its axis, is "
                       "possible",
                       text);
  }
  *lanes = (Lanes){shape_product(x, axis + 1, x->rank), scale->dim[0]};
  return true;
}

static bool check_operands(const Node *node, int n_inputs, const Tensor *const *x, GError **error) {
  Lanes lanes;
  if (node_int(node, "block_size", 0) != 0)
    return input_error(error, "it has a scale for each block; quantise by axis or as a whole");
  if (!check_type(x[1], TENSOR_FLOAT32, "the scale", error) ||
      !find_lanes(node, &x[0]->shape, &x[1]->shape, &lanes, error))
    return false;
  if (n_inputs < 3 || !x[2])
    return true;
  if (shape_count(&x[2]->shape) != shape_count(&x[1]->shape))
    return input_error(error, "it has not as many zero points as scales");
  return check_type(x[2], TENSOR_INT64, "the zero point", error);
}

static bool quantise_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                           Tensor *const *y, GError **error) {
  Range range;
  if (!range_of(output_element(node), &range))
    return input_error(error, "it quantises to the ONNX type %" G_GINT64_FORMAT ", which is not supported",
                       output_element(node));
  return check_type(x[0], TENSOR_FLOAT32, "the input", error) && check_one_output(n_outputs, error) &&
         check_operands(node, n_inputs, x, error) && output_set(y[0], TENSOR_INT64, &x[0]->shape, error);
}

static bool dequantise_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                             Tensor *const *y, GError **error) {
  return check_type(x[0], TENSOR_INT64, "the input", error) && check_one_output(n_outputs, error) &&
         check_operands(node, n_inputs, x, error) && output_set(y[0], TENSOR_FLOAT32, &x[0]->shape, error);
}

/* NaN becomes the smallest. */
static inline int64_t quantised(float x, float scale, int64_t zero, Range range) {
  double number = (double)rintf(x / scale) + (double)zero;
  return (int64_t)(number > range.high ? range.high : number > range.low ? number : range.low);
}

/* Calls for runs of elements that share a scale. */
typedef void (*LaneRun)(const OpCall *call, int64_t first, int64_t end, float scale, int64_t zero);

static void lanes_range(const OpCall *call, LaneRun run, int64_t from, int64_t to) {
  Lanes lanes;
  find_lanes(call->node, &call->x[0]->shape, &call->x[1]->shape, &lanes, NULL);
  const float *scales = tensor_floats(call->x[1]);
  const int64_t *zeros = call->n_inputs > 2 && call->x[2] ? tensor_ints(call->x[2]) : NULL;
  for (int64_t i = from; i < to;) {
    int64_t row = i / lanes.inner, lane = row % lanes.scales;
    int64_t end = lanes.scales == 1 ? to : MIN((row + 1) * lanes.inner, to);
    run(call, i, end, scales[lane], zeros ? zeros[lane] : 0);
    i = end;
  }
}

static void quantise_run(const OpCall *call, int64_t first, int64_t end, float scale, int64_t zero) {
  Range range = {0};
  range_of(output_element(call->node), &range);
  for (int64_t i = first; i < end; i++)
    tensor_ints(call->y[0])[i] = quantised(tensor_floats(call->x[0])[i], scale, zero, range);
}

static void dequantise_run(const OpCall *call, int64_t first, int64_t end, float scale, int64_t zero) {
  for (int64_t i = first; i < end; i++)
    tensor_floats(call->y[0])[i] = (float)(tensor_ints(call->x[0])[i] - zero) * scale;
}

static void quantise_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  lanes_range(call, quantise_run, from, to);
}

static void dequantise_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  lanes_range(call, dequantise_run, from, to);
}

static void quantise(const OpCall *call) {
  call_ranges(call, tensor_count(call->y[0]), RANGE_ELEMENTS, quantise_range, NULL);
}

static void dequantise(const OpCall *call) {
  call_ranges(call, tensor_count(call->y[0]), RANGE_ELEMENTS, dequantise_range, NULL);
}

static bool dynamic_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                          Tensor *const *y, GError **error) {
  const Shape one = {0};
  if (n_outputs != 3)
    return input_error(error, "it has %d outputs; 3 are needed", n_outputs);
  return check_type(x[0], TENSOR_FLOAT32, "the input", error) &&
         output_set(y[0], TENSOR_INT64, &x[0]->shape, error) &&
         output_set(y[1], TENSOR_FLOAT32, &one, error) && output_set(y[2], TENSOR_INT64, &one, error);
}

static void dynamic_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  Range range = {0};
  range_of(UINT8_NUMBER, &range);
  for (int64_t i = from; i < to; i++)
    tensor_ints(call->y[0])[i] =
        quantised(tensor_floats(call->x[0])[i], *tensor_floats(call->y[1]), *tensor_ints(call->y[2]), range);
}

static void dynamic(const OpCall *call) {
  Range range = {0};
  float low = 0, high = 0;
  int64_t n = tensor_count(call->x[0]);
  for (int64_t i = 0; i < n; i++) {
    low = MIN(low, tensor_floats(call->x[0])[i]);
    high = MAX(high, tensor_floats(call->x[0])[i]);
  }
  range_of(UINT8_NUMBER, &range);
  float scale = (high - low) / (float)range.high;
  *tensor_floats(call->y[1]) = scale = scale > 0 ? scale : 1;
  *tensor_ints(call->y[2]) = quantised(-low, scale, 0, range);
  call_ranges(call, n, RANGE_ELEMENTS, dynamic_range, NULL);
}

#define LINEAR(symbol, onnx_name, infer_call, run)                                                           \
  const Op symbol = {.name = onnx_name, .min_inputs = 2, .max_inputs = 3, .infer = infer_call, .forward = run}
LINEAR(op_dequantize_linear, "DequantizeLinear", dequantise_infer, dequantise);
LINEAR(op_quantize_linear, "QuantizeLinear", quantise_infer, quantise);
const Op op_dynamic_quantize_linear = {.name = "DynamicQuantizeLinear",
                                       .min_inputs = 1,
                                       .max_inputs = 1,
                                       .infer = dynamic_infer,
                                       .forward = dynamic};
