/* The ways back of ReduceMax, ReduceMin and ReduceProd: each element of y looks at its elements of x again.
 */
#include "engine/ops/ops.h"
#include "engine/ops/reduce.h"
#include "engine/ops/support.h"

/* Writes dx of the members of one element of y; x and dx are at its first, dy and y at its own number. */
typedef void (*GroupBack)(const Reduction *reduction, const float *x, float *dx, const float *y, float dy);

typedef struct {
  Reduction reduction;
  GroupBack back;
} Work;

static void extreme(const Reduction *reduction, const float *x, float *dx, const float *y, float dy) {
  bool found = false;
  for (int64_t k = 0; k < reduction->repeated.count; k++) {
    int64_t at = reduction_run(reduction, k);
    for (int64_t j = at; j < at + reduction->run; j++) {
      bool here = !found && (x[j] == *y || (x[j] != x[j] && *y != *y));
      dx[j] = here ? dy : 0;
      found = found || here;
    }
  }
}

static void product(const Reduction *reduction, const float *x, float *dx, const float *y, float dy) {
  double others = 1; /* the product of all that are not 0 */
  int64_t zeros = 0;
  for (int64_t k = 0; k < reduction->repeated.count; k++) {
    int64_t at = reduction_run(reduction, k);
    for (int64_t j = at; j < at + reduction->run; j++) {
      zeros += x[j] == 0;
      others *= x[j] == 0 ? 1 : x[j];
    }
  }
  for (int64_t k = 0; k < reduction->repeated.count; k++) {
    int64_t at = reduction_run(reduction, k);
    for (int64_t j = at; j < at + reduction->run; j++) {
      double rest = x[j] == 0 ? (zeros == 1 ? others : 0) : zeros == 0 ? others / x[j] : 0;
      dx[j] = (float)(dy * rest);
    }
  }
}

static void backward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Work *work = data;
  const Reduction *reduction = &work->reduction;
  for (int64_t i = from; i < to; i++) {
    int64_t column = i % reduction->columns, x_at, y_at;
    reduction_group(reduction, i / reduction->columns, &x_at, &y_at);
    x_at += column;
    y_at += column * reduction->column_step;
    work->back(reduction, tensor_floats(call->x[0]) + x_at, tensor_floats(call->dx[0]) + x_at,
               call->y[0]->data ? tensor_floats(call->y[0]) + y_at : NULL, tensor_floats(call->dy[0])[y_at]);
  }
}

static void run(const OpCall *call, GroupBack back) {
  if (!call->dx[0] || tensor_count(call->x[0]) == 0)
    return;
  Work work = {.back = back};
  Tensor wide = reduce_wide(call, call->dy[0]);
  reduction_init(&work.reduction, call->x[0], &wide);
  call_ranges(call, work.reduction.kept.count * work.reduction.columns,
              MAX(1, RANGE_ELEMENTS / work.reduction.members), backward_range, &work);
}

void reduce_extreme_backward(const OpCall *call) {
  run(call, extreme);
}

void reduce_product_backward(const OpCall *call) {
  run(call, product);
}
