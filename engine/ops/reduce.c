/* The Reduce operators over given axes (attribute, or input 1), and GlobalAveragePool, the mean over space.
 *
 *     ReduceSum        y = sum x                 dx = dy
 *     ReduceMean       y = sum x / n             dx = dy / n
 *     ReduceL1         y = sum |x|               dx = sign(x) dy
 *     ReduceL2         y = sqrt(sum x^2)         dx = x dy / y, 0 where y is 0
 *     ReduceSumSquare  y = sum x^2               dx = 2 x dy
 *     ReduceLogSum     y = log sum x             dx = dy / exp(y)
 *     ReduceLogSumExp  y = log sum exp x         dx = exp(x - y) dy
 *     ReduceProd, ReduceMax, ReduceMin           backward in reduce-select.c
 *
 * Sums are taken in doubles.  A number that is none is passed on by Max and Min, as numpy does. */
#include "engine/ops/reduce.h"
#include "engine/kernels/vectors.h"
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <math.h>
#include <string.h>

#define LANES 32 /* columns at a time */

typedef void (*Slope)(float *dx, const float *x, const float *y, const float *dy, int64_t n, int64_t step,
                      float factor);

typedef struct {
  const Op *op;
  double start;                                                                 /* what nothing reduces to */
  double (*run)(const float *x, int64_t n, double shift);                       /* of n neighbours */
  void (*columns)(double *sum, const float *x, int64_t n, const double *shift); /* adds one row to n sums */
  double (*join)(double a, double b);
  double (*finish)(double sum, double members, double shift); /* NULL: the sum itself */
  int64_t whole_start;
  int64_t (*whole)(int64_t sum, int64_t x);        /* NULL: no whole numbers */
  int64_t (*whole_finish)(int64_t sum, int64_t n); /* NULL: the sum itself */
  Slope slope;
  unsigned keeps;
  bool empty, truths; /* nothing can be reduced; bool too */
} Kind;

/* `add` puts v into the sum a, `both` joins the sums a and v; m is the shift. */
#define RUN(kind, add)                                                                                       \
  static double kind##_run(const float *x, int64_t n, double m) {                                            \
    double lane[LANES_OF_RUN], a;                                                                            \
    int64_t i = 0;                                                                                           \
    for (int l = 0; l < LANES_OF_RUN; l++)                                                                   \
      lane[l] = kind##_start;                                                                                \
    for (; i + LANES_OF_RUN <= n; i += LANES_OF_RUN)                                                         \
      for (int l = 0; l < LANES_OF_RUN; l++) {                                                               \
        double v = x[i + l];                                                                                 \
        a = lane[l];                                                                                         \
        lane[l] = (add);                                                                                     \
      }                                                                                                      \
    for (int64_t rest = i; rest < n; rest++) {                                                               \
      double v = x[rest];                                                                                    \
      a = lane[rest - i];                                                                                    \
      lane[rest - i] = (add);                                                                                \
    }                                                                                                        \
    a = lane[0];                                                                                             \
    for (int l = 1; l < LANES_OF_RUN; l++)                                                                   \
      a = kind##_join(a, lane[l]);                                                                           \
    return a;                                                                                                \
  }
#define STEPS(kind, add, both)                                                                               \
  static void kind##_columns(double *sum, const float *x, int64_t n, const double *shift) {                  \
    for (int64_t c = 0; c < n; c++) {                                                                        \
      double a = sum[c], v = x[c], m G_GNUC_UNUSED = shift[c];                                               \
      sum[c] = (add);                                                                                        \
    }                                                                                                        \
  }                                                                                                          \
  static double kind##_join(double a, double v) {                                                            \
    return (both);                                                                                           \
  }
#define LANES_OF_RUN 8
#define KIND(kind, first, add, both)                                                                         \
  enum { kind##_start = (first) };                                                                           \
  STEPS(kind, add, both)                                                                                     \
  RUN(kind, add)
KIND(sum, 0, a + v, a + v)
KIND(absolute, 0, a + fabs(v), a + v)
KIND(square, 0, a + v * v, a + v)
KIND(exponential, 0, a + exp(v - m), a + v)
KIND(product, 1, a *v, a *v)
#define MOST  v > a || v != v ? v : a
#define LEAST v < a || v != v ? v : a
STEPS(most, MOST, MOST)
STEPS(least, LEAST, LEAST)

static double most_run(const float *x, int64_t n, double m) {
  return vectors()->most(x, n, 1);
}

static double least_run(const float *x, int64_t n, double m) {
  return -vectors()->most(x, n, -1);
}

#define FINISH(name, value)                                                                                  \
  static double name(double sum, double n, double m) {                                                       \
    return (value);                                                                                          \
  }
FINISH(mean_finish, sum / n)
FINISH(root_finish, sqrt(sum))
FINISH(log_finish, log(sum))
FINISH(log_exp_finish, m + log(sum))

/* Whole numbers wrap around. */
#define WHOLE(name, value)                                                                                   \
  static int64_t name(int64_t a, int64_t v) {                                                                \
    return (int64_t)(value);                                                                                 \
  }
WHOLE(whole_sum, (uint64_t)a + (uint64_t)v)
WHOLE(whole_absolute, (uint64_t)a + (v < 0 ? -(uint64_t)v : (uint64_t)v))
WHOLE(whole_square, (uint64_t)a + (uint64_t)v * (uint64_t)v)
WHOLE(whole_product, (uint64_t)a *(uint64_t)v)
WHOLE(whole_most, MAX(a, v))
WHOLE(whole_least, MIN(a, v))
WHOLE(whole_mean, a / MAX(v, 1))
WHOLE(whole_root, sqrt((double)a))

#define SLOPE(name, value)                                                                                   \
  static void name(float *dx, const float *x, const float *y, const float *dy, int64_t n, int64_t step,      \
                   float factor) {                                                                           \
    for (int64_t i = 0; step == 0 && i < n; i++)                                                             \
      SLOPE_AT(i, 0, value);                                                                                 \
    for (int64_t i = 0; step != 0 && i < n; i++)                                                             \
      SLOPE_AT(i, i *step, value);                                                                           \
  }
#define SLOPE_AT(i, k, value)                                                                                \
  {                                                                                                          \
    float g = dy[k];                                                                                         \
    dx[i] = (value);                                                                                         \
  }
#define XI x[i]
#define YK y[step == 0 ? 0 : i * step]
SLOPE(sum_slope, factor *g)
SLOPE(absolute_slope, (float)((XI > 0) - (XI < 0)) * g)
SLOPE(root_slope, YK > 0 ? XI / YK * g : 0)
SLOPE(square_slope, 2 * XI * g)
SLOPE(log_slope, g *expf(-YK))
SLOPE(log_exp_slope, g *expf(XI - YK))

#define X        KEEP_INPUT(0)
#define Y        KEEP_OUTPUT(0)
#define OF(kind) kind##_run, kind##_columns, kind##_join

static const Kind kinds[] = {
    {&op_global_average_pool, 0, OF(sum), mean_finish, 0, NULL, NULL, sum_slope},
    {&op_reduce_l1, 0, OF(absolute), NULL, 0, whole_absolute, NULL, absolute_slope, X, true},
    {&op_reduce_l2, 0, OF(square), root_finish, 0, whole_square, whole_root, root_slope, X | Y, true},
    {&op_reduce_log_sum, 0, OF(sum), log_finish, 0, NULL, NULL, log_slope, Y, true},
    {&op_reduce_log_sum_exp, 0, OF(exponential), log_exp_finish, 0, NULL, NULL, log_exp_slope, X | Y},
    {&op_reduce_max, -INFINITY, OF(most), NULL, G_MININT64, whole_most, .keeps = X | Y, .truths = true},
    {&op_reduce_mean, 0, OF(sum), mean_finish, 0, whole_sum, whole_mean, sum_slope},
    {&op_reduce_min, INFINITY, OF(least), NULL, G_MAXINT64, whole_least, .keeps = X | Y, .truths = true},
    {&op_reduce_prod, 1, OF(product), NULL, 1, whole_product, .keeps = X, .empty = true},
    {&op_reduce_sum, 0, OF(sum), NULL, 0, whole_sum, NULL, sum_slope, 0, true},
    {&op_reduce_sum_square, 0, OF(square), NULL, 0, whole_square, NULL, square_slope, X, true},
};

static const Kind *kind_of(const Node *node) {
  const Kind *kind = kinds;
  while (kind->op != node->op)
    kind++;
  return kind;
}

static bool read_reduction(const Node *node, int n_inputs, const Tensor *const *x, Shape *wide,
                           bool reduced[], GError **error) {
  int rank = x[0]->shape.rank;
  if (node->op != &op_global_average_pool)
    return reduction_axes(node, n_inputs, x, wide, reduced, error);
  if (rank < 3)
    return input_error(error, "its input has rank %d; at least 3 are needed", rank);
  *wide = x[0]->shape;
  for (int i = 0; i < TENSOR_MAX_RANK; i++)
    reduced[i] = i >= 2 && i < rank;
  for (int i = 2; i < rank; i++)
    wide->dim[i] = 1;
  return true;
}

static bool keeps_axes(const Node *node) {
  return node->op == &op_global_average_pool || node_int(node, "keepdims", 1) != 0;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Shape wide;
  bool reduced[TENSOR_MAX_RANK];
  const Kind *kind = kind_of(node);
  TensorType type = x[0]->type;
  if (!check_one_output(n_outputs, error))
    return false;
  if (!(type == TENSOR_INT64 && kind->whole) && !(type == TENSOR_BOOL && kind->truths) &&
      !check_type(x[0], TENSOR_FLOAT32, "the input", error))
    return false;
  if (!read_reduction(node, n_inputs, x, &wide, reduced, error))
    return false;
  if (shape_count(&x[0]->shape) == 0 && shape_count(&wide) != 0 && !kind->empty)
    return input_error(error, "its input has no elements");
  Shape shape = reduction_shape(&wide, reduced, keeps_axes(node));
  return output_set(y[0], type, &shape, error);
}

/* The axes' input is read again in backward. */
static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted ? KEEP_INPUT(1) | kind_of(node)->keeps : 0;
}

Tensor reduce_wide(const OpCall *call, const Tensor *y) {
  bool reduced[TENSOR_MAX_RANK];
  Tensor wide = *y;
  read_reduction(call->node, call->n_inputs, call->x, &wide.shape, reduced, NULL);
  if (y->shape.rank != wide.shape.rank)
    wide.order = ORDER_ROW_MAJOR;
  return wide;
}

typedef struct {
  const Kind *kind;
  Reduction reduction;
  int64_t blocks; /* of LANES columns in a group */
} Work;

/* Reduces `lanes` neighbouring columns of a group into sum[]. */
static void reduce_columns(const Work *work, const float *x, int64_t lanes, const double *shift,
                           double *sum) {
  const Reduction *reduction = &work->reduction;
  const Kind *kind = work->kind;
  for (int64_t c = 0; c < lanes; c++)
    sum[c] = kind->start;
  for (int64_t i = 0; i < reduction->repeated.count; i++) {
    const float *row = x + reduction_run(reduction, i);
    if (reduction->columns == 1)
      sum[0] = kind->join(sum[0], kind->run(row, reduction->run, shift[0]));
    else
      kind->columns(sum, row, lanes, shift);
  }
}

static const Work *with_kind(const Work *work, const Kind *kind, Work *copy) {
  *copy = *work;
  copy->kind = kind;
  return copy;
}

/* The largest of each column, 0 where that is infinite: what is taken out before exp. */
static void find_shift(const Work *work, const float *x, int64_t lanes, double *shift) {
  Work most;
  const Kind *kind = kinds;
  while (kind->op != &op_reduce_max)
    kind++;
  reduce_columns(with_kind(work, kind, &most), x, lanes, shift, shift);
  for (int64_t c = 0; c < lanes; c++)
    shift[c] = isfinite(shift[c]) ? shift[c] : 0;
}

static void forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Work *work = data;
  const Reduction *reduction = &work->reduction;
  for (int64_t i = from; i < to; i++) {
    int64_t column = i % work->blocks * LANES, lanes = MIN(reduction->columns - column, LANES);
    int64_t x_at, y_at;
    double sum[LANES], shift[LANES] = {0};
    reduction_group(reduction, i / work->blocks, &x_at, &y_at);
    const float *x = tensor_floats(call->x[0]) + x_at + column;
    float *y = tensor_floats(call->y[0]) + y_at + column * reduction->column_step;
    if (work->kind->run == exponential_run)
      find_shift(work, x, lanes, shift);
    reduce_columns(work, x, lanes, shift, sum);
    for (int64_t c = 0; c < lanes; c++)
      y[c * reduction->column_step] =
          (float)(work->kind->finish ? work->kind->finish(sum[c], (double)reduction->members, shift[c])
                                     : sum[c]);
  }
}

static int64_t element(const Tensor *x, int64_t i) {
  return x->type == TENSOR_INT64 ? tensor_ints(x)[i] : ((const uint8_t *)x->data)[i];
}

/* Whole numbers and truths: one element of y after the other. */
static void whole_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Work *work = data;
  const Reduction *reduction = &work->reduction;
  for (int64_t i = from; i < to; i++) {
    int64_t column = i % reduction->columns, x_at, y_at, sum = work->kind->whole_start;
    reduction_group(reduction, i / reduction->columns, &x_at, &y_at);
    for (int64_t k = 0; k < reduction->repeated.count; k++) {
      int64_t at = x_at + column + reduction_run(reduction, k);
      for (int64_t j = 0; j < reduction->run; j++)
        sum = work->kind->whole(sum, element(call->x[0], at + j));
    }
    if (work->kind->whole_finish)
      sum = work->kind->whole_finish(sum, reduction->members);
    y_at += column * reduction->column_step;
    if (call->y[0]->type == TENSOR_INT64)
      tensor_ints(call->y[0])[y_at] = sum;
    else
      ((uint8_t *)call->y[0]->data)[y_at] = sum != 0;
  }
}

/* Elements of y that nothing is reduced to. */
static void fill_empty(const OpCall *call, const Kind *kind) {
  int64_t n = tensor_count(call->y[0]);
  for (int64_t i = 0; i < n; i++)
    if (call->y[0]->type == TENSOR_INT64)
      tensor_ints(call->y[0])[i] = kind->whole_start;
    else
      tensor_floats(call->y[0])[i] = (float)(kind->finish ? kind->finish(kind->start, 0, 0) : kind->start);
}

static void forward(const OpCall *call) {
  Work work = {.kind = kind_of(call->node)};
  Tensor wide = reduce_wide(call, call->y[0]);
  if (tensor_count(call->x[0]) == 0) {
    fill_empty(call, work.kind);
    return;
  }
  const Reduction *reduction = &work.reduction;
  reduction_init(&work.reduction, call->x[0], &wide);
  work.blocks = (reduction->columns + LANES - 1) / LANES;
  if (call->x[0]->type == TENSOR_FLOAT32)
    call_ranges(call, reduction->kept.count * work.blocks,
                MAX(1, RANGE_ELEMENTS / (reduction->members * MIN(reduction->columns, LANES))), forward_range,
                &work);
  else
    call_ranges(call, reduction->kept.count * reduction->columns, MAX(1, RANGE_ELEMENTS / reduction->members),
                whole_range, &work);
}

typedef struct {
  Loops loops; /* over x; operand 0 is y and dy */
  Slope slope;
  float factor;
} Back;

static const float *numbers(const Tensor *tensor, int64_t at) {
  return tensor->data ? tensor_floats(tensor) + at : NULL;
}

static void backward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Back *back = data;
  const Loops *loops = &back->loops;
  int64_t n = loops->dim[loops->rank - 1], step = loops->step[0][loops->rank - 1];
  for (int64_t i = from; i < to;) {
    int64_t column = i % n, m = MIN(n - column, to - i), offset[2];
    loops_row(loops, i / n, offset);
    int64_t at = offset[0] + column * step;
    back->slope(tensor_floats(call->dx[0]) + i, numbers(call->x[0], i), numbers(call->y[0], at),
                tensor_floats(call->dy[0]) + at, m, step, back->factor);
    i += m;
  }
}

static void backward(const OpCall *call) {
  const Kind *kind = kind_of(call->node);
  if (!call->dx[0] || tensor_count(call->x[0]) == 0)
    return;
  Tensor wide = reduce_wide(call, call->dy[0]);
  Back back = {.slope = kind->slope, .factor = 1};
  loops_broadcast(&back.loops, call->x[0], &wide, NULL);
  if (kind->finish == mean_finish)
    back.factor = 1 / (float)(tensor_count(call->x[0]) / shape_count(&wide.shape));
  call_ranges(call, tensor_count(call->x[0]), RANGE_ELEMENTS, backward_range, &back);
}

#define REDUCE_OP(symbol, onnx_name, most_inputs, order, back)                                               \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 1,                                                                        \
                     .max_inputs = most_inputs,                                                              \
                     .layout = order,                                                                        \
                     .layout_inputs = 1,                                                                     \
                     .infer = infer,                                                                         \
                     .keeps = keeps,                                                                         \
                     .forward = forward,                                                                     \
                     .backward = back}
REDUCE_OP(op_reduce_l1, "ReduceL1", 2, LAYOUT_FOLLOWS, backward);
REDUCE_OP(op_reduce_l2, "ReduceL2", 2, LAYOUT_FOLLOWS, backward);
REDUCE_OP(op_reduce_log_sum, "ReduceLogSum", 2, LAYOUT_FOLLOWS, backward);
REDUCE_OP(op_reduce_log_sum_exp, "ReduceLogSumExp", 2, LAYOUT_FOLLOWS, backward);
REDUCE_OP(op_reduce_max, "ReduceMax", 2, LAYOUT_ROW_MAJOR, reduce_extreme_backward);
REDUCE_OP(op_reduce_mean, "ReduceMean", 2, LAYOUT_FOLLOWS, backward);
REDUCE_OP(op_reduce_min, "ReduceMin", 2, LAYOUT_ROW_MAJOR, reduce_extreme_backward);
REDUCE_OP(op_reduce_prod, "ReduceProd", 2, LAYOUT_FOLLOWS, reduce_product_backward);
REDUCE_OP(op_reduce_sum, "ReduceSum", 2, LAYOUT_FOLLOWS, backward);
REDUCE_OP(op_reduce_sum_square, "ReduceSumSquare", 2, LAYOUT_FOLLOWS, backward);
REDUCE_OP(op_global_average_pool, "GlobalAveragePool", 1, LAYOUT_FOLLOWS, backward);
