/* Scatter, ScatterElements and ScatterND: y is x with pieces replaced by updates (reduction none) or combined
 * with them.
 *
 *     none:      y[p] = u            dx = dy but 0 at the places     du = dy[p]    (each place named once)
 *     add:       y[p] = x[p] + u     dx = dy                         du = dy[p]
 *     mul:       y[p] = x[p] * u     dx[p] = dy[p] * all u at p      du = dy[p] * x[p] * the other u at p
 *     max, min:  y[p] = max(x[p], u) dx = dy where x = y             du = dy[p] where u = y[p]
 *
 * An index that is out of range writes nothing. */
#include "engine/ops/ops.h"
#include "engine/ops/places.h"
#include "engine/ops/support.h"

#include <string.h>

typedef enum { REDUCTION_NONE, REDUCTION_ADD, REDUCTION_MUL, REDUCTION_MAX, REDUCTION_MIN } Reduction;

static bool read_reduction(const Node *node, Reduction *reduction, GError **error) {
  static const char *const names[] = {"none", "add", "mul", "max", "min"};
  const char *text = node_text(node, "reduction", "none");
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
    if (strcmp(text, names[i]) == 0) {
      *reduction = (Reduction)i;
      return true;
    }
  return input_error(error, "its reduction '%s' is not supported; none, add, mul, max and min are", text);
}

static bool same_rest(const Node *node, const Tensor *const *x, const Shape *updates, int n_outputs,
                      Tensor *const *y, GError **error) {
  Reduction reduction = REDUCTION_NONE;
  if (!check_one_output(n_outputs, error) || !read_reduction(node, &reduction, error) ||
      !check_type(x[2], x[0]->type, "the tensor of updates", error))
    return false;
  if (!shape_equal(&x[2]->shape, updates)) {
    g_autofree char *has = shape_text(&x[2]->shape), *wants = shape_text(updates);
    return input_error(error, "its updates have the shape %s; %s belongs to its indices", has, wants);
  }
  if (reduction != REDUCTION_NONE && x[0]->type == TENSOR_BOOL)
    return input_error(error, "it cannot reduce truth values");
  return output_set(y[0], x[0]->type, &x[0]->shape, error);
}

static bool elements_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                           Tensor *const *y, GError **error) {
  Places places;
  return places_of_elements(&places, &x[0]->shape, node_int(node, "axis", 0), x[1], error) &&
         places_check(&places, x[1], error) && same_rest(node, x, &x[1]->shape, n_outputs, y, error);
}

static bool slices_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                         Tensor *const *y, GError **error) {
  Places places;
  const Shape *data = &x[0]->shape;
  if (!places_of_slices(&places, data, 0, x[1], error) || !places_check(&places, x[1], error))
    return false;
  Shape updates = x[1]->shape;
  updates.rank--;
  if (updates.rank + data->rank - places.width > TENSOR_MAX_RANK)
    return input_error(error, "its updates have more than %d axes", TENSOR_MAX_RANK);
  for (int i = places.width; i < data->rank; i++)
    updates.dim[updates.rank++] = data->dim[i];
  return same_rest(node, x, &updates, n_outputs, y, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  Reduction reduction = REDUCTION_NONE;
  read_reduction(node, &reduction, NULL);
  unsigned read = wanted & 5 ? KEEP_INPUT(1) : 0;
  if (wanted & 5 && reduction >= REDUCTION_MUL)
    read |= KEEP_INPUT(0) | KEEP_INPUT(2) | KEEP_OUTPUT(0);
  return read;
}

static Places places_of(const OpCall *call) {
  Places places;
  const Shape *data = &call->x[0]->shape;
  if (call->node->op == &op_scatter_nd)
    places_of_slices(&places, data, 0, call->x[1], NULL);
  else
    places_of_elements(&places, data, node_int(call->node, "axis", 0), call->x[1], NULL);
  return places;
}

/* Sums and products of whole numbers wrap around. */
static int64_t reduce_int(Reduction reduction, int64_t a, int64_t b) {
  return reduction == REDUCTION_ADD   ? (int64_t)((uint64_t)a + (uint64_t)b)
         : reduction == REDUCTION_MUL ? (int64_t)((uint64_t)a * (uint64_t)b)
         : reduction == REDUCTION_MAX ? MAX(a, b)
         : reduction == REDUCTION_MIN ? MIN(a, b)
                                      : b;
}

static float reduce_float(Reduction reduction, float a, float b) {
  return reduction == REDUCTION_ADD   ? a + b
         : reduction == REDUCTION_MUL ? a * b
         : reduction == REDUCTION_MAX ? MAX(a, b)
         : reduction == REDUCTION_MIN ? MIN(a, b)
                                      : b;
}

static void combine(Reduction reduction, Tensor *y, int64_t at, const Tensor *updates, int64_t first,
                    int64_t n) {
  size_t size = tensor_type_size(y->type);
  if (reduction == REDUCTION_NONE)
    memcpy((char *)y->data + (size_t)at * size, (const char *)updates->data + (size_t)first * size,
           (size_t)n * size);
  else if (y->type == TENSOR_FLOAT32)
    for (int64_t i = 0; i < n; i++)
      tensor_floats(y)[at + i] =
          reduce_float(reduction, tensor_floats(y)[at + i], tensor_floats(updates)[first + i]);
  else
    for (int64_t i = 0; i < n; i++)
      tensor_ints(y)[at + i] = reduce_int(reduction, tensor_ints(y)[at + i], tensor_ints(updates)[first + i]);
}

static void forward(const OpCall *call) {
  Reduction reduction = REDUCTION_NONE;
  Tensor *y = call->y[0];
  if (tensor_count(y) == 0)
    return;
  read_reduction(call->node, &reduction, NULL);
  Places places = places_of(call);
  if (y->data != call->x[0]->data)
    memcpy(y->data, call->x[0]->data, tensor_bytes(y));
  for (int64_t k = 0; k < places.n && !stop_requested(call->stop); k++) {
    int64_t at = places_at(&places, tensor_ints(call->x[1]), k);
    if (at >= 0)
      combine(reduction, y, at, call->x[2], k * places.inner, places.inner);
  }
}

static void data_gradient(const OpCall *call, const Places *places, Reduction reduction) {
  float *dx = tensor_floats(call->dx[0]);
  const float *dy = tensor_floats(call->dy[0]);
  int64_t count = tensor_count(call->dx[0]);
  bool extreme = reduction >= REDUCTION_MAX;
  for (int64_t i = 0; i < count; i++)
    dx[i] = extreme && tensor_floats(call->x[0])[i] != tensor_floats(call->y[0])[i] ? 0 : dy[i];
  if (reduction != REDUCTION_NONE && reduction != REDUCTION_MUL)
    return;
  for (int64_t k = 0; k < places->n; k++) {
    int64_t at = places_at(places, tensor_ints(call->x[1]), k);
    for (int64_t i = 0; at >= 0 && i < places->inner; i++)
      dx[at + i] =
          reduction == REDUCTION_MUL ? dx[at + i] * tensor_floats(call->x[2])[k * places->inner + i] : 0;
  }
}

/* y / u, and where u is 0 the product without it. */
static float other_factors(const OpCall *call, const Places *places, int64_t k, int64_t at, int64_t i) {
  const float *u = tensor_floats(call->x[2]);
  float own = u[k * places->inner + i];
  if (own != 0)
    return tensor_floats(call->y[0])[at + i] / own;
  float product = tensor_floats(call->x[0])[at + i];
  for (int64_t j = 0; j < places->n && product != 0; j++)
    if (j != k && places_at(places, tensor_ints(call->x[1]), j) == at)
      product *= u[j * places->inner + i];
  return product;
}

static void updates_gradient(const OpCall *call, const Places *places, Reduction reduction) {
  const float *dy = tensor_floats(call->dy[0]);
  float *du = tensor_floats(call->dx[2]);
  for (int64_t k = 0; k < places->n; k++) {
    int64_t at = places_at(places, tensor_ints(call->x[1]), k);
    for (int64_t i = 0; i < places->inner; i++, du++) {
      float factor = at >= 0;
      if (at >= 0 && reduction == REDUCTION_MUL)
        factor = other_factors(call, places, k, at, i);
      else if (at >= 0 && reduction >= REDUCTION_MAX)
        factor = tensor_floats(call->x[2])[k * places->inner + i] == tensor_floats(call->y[0])[at + i];
      *du = at >= 0 ? factor * dy[at + i] : 0;
    }
  }
}

static void backward(const OpCall *call) {
  Reduction reduction = REDUCTION_NONE;
  read_reduction(call->node, &reduction, NULL);
  Places places = places_of(call);
  if (call->dx[0] && tensor_count(call->dx[0]) > 0)
    data_gradient(call, &places, reduction);
  if (call->dx[2] && tensor_count(call->dx[2]) > 0)
    updates_gradient(call, &places, reduction);
}

#define SCATTER_OP(symbol, onnx_name, infer_call)                                                            \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 3,                                                                        \
                     .max_inputs = 3,                                                                        \
                     .no_gradient = 2,                                                                       \
                     .infer = infer_call,                                                                    \
                     .keeps = keeps,                                                                         \
                     .forward = forward,                                                                     \
                     .backward = backward}
SCATTER_OP(op_scatter, "Scatter", elements_infer);
SCATTER_OP(op_scatter_elements, "ScatterElements", elements_infer);
SCATTER_OP(op_scatter_nd, "ScatterND", slices_infer);
