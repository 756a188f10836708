/* ArgMax and ArgMin: where along an axis (the first unless `axis` says otherwise) the largest or smallest
 * element stands; Hardmax: 1 there, 0 elsewhere.  Of equal ones the first, or with select_last_index the
 * last. A number that is none counts as the largest and the smallest, as in numpy.  No gradient passes. */
#include "engine/ops/ops.h"
#include "engine/ops/rows.h"

#include <string.h>

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  const Shape *shape = &x[0]->shape;
  Shape wide = *shape, narrow = {0};
  int axis = check_axis(shape, node_int(node, "axis", 0), error);
  if (axis < 0 || !check_one_output(n_outputs, error))
    return false;
  if (x[0]->type == TENSOR_BOOL)
    return input_error(error, "it is computed on float32 and int64 only");
  if (shape->dim[axis] == 0)
    return input_error(error, "axis %d of its input has no elements", axis);
  wide.dim[axis] = 1;
  for (int i = 0; i < shape->rank; i++)
    if (i != axis)
      narrow.dim[narrow.rank++] = shape->dim[i];
  return output_set(y[0], TENSOR_INT64, node_int(node, "keepdims", 1) != 0 ? &wide : &narrow, error);
}

typedef struct {
  Rows rows;
  bool smallest, last;
} Search;

#define FIND(name, T)                                                                                        \
  static int64_t name(const Search *search, const T *x) {                                                    \
    int64_t found = 0, step = search->rows.step;                                                             \
    T best = x[0];                                                                                           \
    for (int64_t i = 1; i < search->rows.n; i++) {                                                           \
      T v = x[i * step];                                                                                     \
      bool none = v != v, best_none = best != best;                                                          \
      bool better = none || best_none ? none && !best_none : search->smallest ? v < best : v > best;         \
      bool equal = (none && best_none) || v == best;                                                         \
      if (better || (equal && search->last)) {                                                               \
        best = v;                                                                                            \
        found = i;                                                                                           \
      }                                                                                                      \
    }                                                                                                        \
    return found;                                                                                            \
  }
FIND(find_float, float)
FIND(find_whole, int64_t)

static void arg_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Search *search = data;
  for (int64_t row = from; row < to; row++) {
    int64_t start = row_start(&search->rows, row);
    tensor_ints(call->y[0])[row] = call->x[0]->type == TENSOR_INT64
                                       ? find_whole(search, tensor_ints(call->x[0]) + start)
                                       : find_float(search, tensor_floats(call->x[0]) + start);
  }
}

static void forward(const OpCall *call) {
  const Shape *shape = &call->x[0]->shape;
  Search search = {.rows = rows_along(shape, shape_axis(shape, node_int(call->node, "axis", 0))),
                   .smallest = call->node->op == &op_arg_min,
                   .last = node_int(call->node, "select_last_index", 0) != 0};
  call_ranges(call, search.rows.rows, rows_in_piece(&search.rows), arg_range, &search);
}

static bool hardmax_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                          Tensor *const *y, GError **error) {
  return check_axis(&x[0]->shape, node_int(node, "axis", -1), error) >= 0 &&
         infer_same_float(node, n_inputs, x, n_outputs, y, error);
}

static void hardmax_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Search *search = data;
  for (int64_t row = from; row < to; row++) {
    int64_t start = row_start(&search->rows, row);
    float *y = tensor_floats(call->y[0]) + start;
    int64_t found = find_float(search, tensor_floats(call->x[0]) + start);
    for (int64_t i = 0; i < search->rows.n; i++)
      y[i * search->rows.step] = i == found;
  }
}

static void hardmax_forward(const OpCall *call) {
  Search search = {.rows = rows_of_axis(call->node, &call->x[0]->shape)};
  if (search.rows.n > 0)
    call_ranges(call, search.rows.rows, rows_in_piece(&search.rows), hardmax_range, &search);
}

const Op op_arg_max = {
    .name = "ArgMax", .min_inputs = 1, .max_inputs = 1, .infer = infer, .forward = forward};
const Op op_arg_min = {
    .name = "ArgMin", .min_inputs = 1, .max_inputs = 1, .infer = infer, .forward = forward};
const Op op_hardmax = {
    .name = "Hardmax", .min_inputs = 1, .max_inputs = 1, .infer = hardmax_infer, .forward = hardmax_forward};
