/* CumSum: y_i = sum of x_j over j <= i along an axis (input 1); exclusive: j < i; reverse: from the end.
 *
 *     dx_j = sum of dy_i over i >= j: the same sum, the other way round */
#include "engine/ops/ops.h"
#include "engine/ops/rows.h"

static bool read_axis(const Shape *shape, const Tensor *input, int *axis, GError **error) {
  const int64_t *number;
  int n;
  if (!known_ints(input, "the axis", 1, &number, &n, error))
    return false;
  if (n != 1)
    return input_error(error, "its axis must be one number");
  *axis = check_axis(shape, *number, error);
  return *axis >= 0;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  int axis;
  if (x[0]->type == TENSOR_BOOL)
    return input_error(error, "it is computed on float32 and int64 only");
  return read_axis(&x[0]->shape, x[1], &axis, error) && infer_same(node, n_inputs, x, n_outputs, y, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted & 1 ? KEEP_INPUT(1) : 0;
}

typedef struct {
  Rows rows;
  const Tensor *from;
  Tensor *to;
  bool exclusive, reverse;
} Work;

#define SUM(name, T, S)                                                                                      \
  static void name(const Work *work, const T *x, T *y) {                                                     \
    int64_t n = work->rows.n, step = work->rows.step;                                                        \
    S sum = 0;                                                                                               \
    for (int64_t k = 0; k < n; k++) {                                                                        \
      int64_t i = (work->reverse ? n - 1 - k : k) * step;                                                    \
      S before = sum;                                                                                        \
      sum += (S)x[i];                                                                                        \
      y[i] = (T)(work->exclusive ? before : sum);                                                            \
    }                                                                                                        \
  }
SUM(sum_floats, float, double)
SUM(sum_whole, int64_t, uint64_t)

static void range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Work *work = data;
  for (int64_t row = from; row < to; row++) {
    int64_t start = row_start(&work->rows, row);
    if (work->from->type == TENSOR_INT64)
      sum_whole(work, tensor_ints(work->from) + start, tensor_ints(work->to) + start);
    else
      sum_floats(work, tensor_floats(work->from) + start, tensor_floats(work->to) + start);
  }
}

static void run(const OpCall *call, const Tensor *from, Tensor *to, bool turned) {
  int axis = shape_axis(&from->shape, tensor_ints(call->x[1])[0]);
  Work work = {.rows = rows_along(&from->shape, axis),
               .from = from,
               .to = to,
               .exclusive = node_int(call->node, "exclusive", 0) != 0,
               .reverse = (node_int(call->node, "reverse", 0) != 0) != turned};
  if (work.rows.n > 0)
    call_ranges(call, work.rows.rows, rows_in_piece(&work.rows), range, &work);
}

static void forward(const OpCall *call) {
  run(call, call->x[0], call->y[0], false);
}

static void backward(const OpCall *call) {
  if (call->dx[0])
    run(call, call->dy[0], call->dx[0], true);
}

const Op op_cum_sum = {.name = "CumSum",
                       .min_inputs = 2,
                       .max_inputs = 2,
                       .no_gradient = ~1u,
                       .infer = infer,
                       .keeps = keeps,
                       .forward = forward,
                       .backward = backward};
