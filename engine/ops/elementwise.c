/* Add, Sub, Mul, Div with numpy broadcasting, any orders of memory.
 *
 *     y = a o b          da = reduce(dy * d(a o b)/da),  db = reduce(dy * d(a o b)/db)
 *
 * where reduce sums over the axes along which the operand was repeated.  int64 has no gradient; it is for the
 * arithmetic of shapes. */
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

/* A row of n elements; sa and sb are the operands' steps. */
typedef void (*FloatRow)(int64_t n, const float *a, int64_t sa, const float *b, int64_t sb, float *y);
typedef void (*IntRow)(int64_t n, const int64_t *a, int64_t sa, const int64_t *b, int64_t sb, int64_t *y);
/* t[i] = dy[i] * derivative by one operand; a and b are NULL where the derivative does not read them. */
typedef void (*GradientRow)(int64_t n, const float *dy, const float *a, int64_t sa, const float *b,
                            int64_t sb, float *t);

#define FLOAT_ROW(name, expression)                                                                          \
  static void name(int64_t n, const float *a, int64_t sa, const float *b, int64_t sb, float *restrict y) {   \
    if (sa == 1 && sb == 1)                                                                                  \
      for (int64_t i = 0; i < n; i++) {                                                                      \
        float p = a[i], q = b[i];                                                                            \
        y[i] = (expression);                                                                                 \
      }                                                                                                      \
    else if (sa == 1 && sb == 0)                                                                             \
      for (int64_t i = 0; i < n; i++) {                                                                      \
        float p = a[i], q = b[0];                                                                            \
        y[i] = (expression);                                                                                 \
      }                                                                                                      \
    else                                                                                                     \
      for (int64_t i = 0; i < n; i++) {                                                                      \
        float p = a[i * sa], q = b[i * sb];                                                                  \
        y[i] = (expression);                                                                                 \
      }                                                                                                      \
  }
FLOAT_ROW(float_add, p + q)
FLOAT_ROW(float_sub, p - q)
FLOAT_ROW(float_mul, p *q)
FLOAT_ROW(float_div, p / q)

/* Wraps around on overflow; a division that has no result gives 0: the numbers come from files. */
static int64_t divide(int64_t p, int64_t q) {
  return q == 0 || (q == -1 && p == G_MININT64) ? 0 : p / q;
}

#define INT_ROW(name, expression)                                                                            \
  static void name(int64_t n, const int64_t *a, int64_t sa, const int64_t *b, int64_t sb, int64_t *y) {      \
    for (int64_t i = 0; i < n; i++) {                                                                        \
      uint64_t p = (uint64_t)a[i * sa], q = (uint64_t)b[i * sb];                                             \
      y[i] = (int64_t)(expression);                                                                          \
    }                                                                                                        \
  }
INT_ROW(int_add, p + q)
INT_ROW(int_sub, p - q)
INT_ROW(int_mul, p *q)
INT_ROW(int_div, divide((int64_t)p, (int64_t)q))

#define GRADIENT_ROW(name, expression)                                                                       \
  static void name(int64_t n, const float *dy, const float *a, int64_t sa, const float *b, int64_t sb,       \
                   float *restrict t) {                                                                      \
    for (int64_t i = 0; i < n; i++)                                                                          \
      t[i] = (expression);                                                                                   \
  }
GRADIENT_ROW(gradient_same, dy[i])
GRADIENT_ROW(gradient_minus, -dy[i])
GRADIENT_ROW(gradient_mul_a, dy[i] * b[i * sb])
GRADIENT_ROW(gradient_mul_b, dy[i] * a[i * sa])
GRADIENT_ROW(gradient_div_a, dy[i] / b[i * sb])
GRADIENT_ROW(gradient_div_b, -dy[i] * a[i * sa] / (b[i * sb] * b[i * sb]))

typedef struct {
  FloatRow floats;
  IntRow ints;
  GradientRow gradient[2]; /* by a, by b */
  unsigned reads[2];       /* what each gradient reads */
} Arithmetic;

enum { ADD, SUB, MUL, DIV };
static const Arithmetic arithmetics[] = {
    [ADD] = {float_add, int_add, {gradient_same, gradient_same}, {0, 0}},
    [SUB] = {float_sub, int_sub, {gradient_same, gradient_minus}, {0, 0}},
    [MUL] = {float_mul, int_mul, {gradient_mul_a, gradient_mul_b}, {KEEP_INPUT(1), KEEP_INPUT(0)}},
    [DIV] = {float_div,
             int_div,
             {gradient_div_a, gradient_div_b},
             {KEEP_INPUT(1), KEEP_INPUT(0) | KEEP_INPUT(1)}},
};

static const Arithmetic *arithmetic_of(const Node *node) {
  static const Op *const ops[] = {[ADD] = &op_add, [SUB] = &op_sub, [MUL] = &op_mul, [DIV] = &op_div};
  for (int i = ADD; i <= DIV; i++)
    if (node->op == ops[i])
      return &arithmetics[i];
  g_assert_not_reached();
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Shape shape;
  if (x[0]->type != x[1]->type || x[0]->type == TENSOR_BOOL)
    return input_error(error, "its inputs have the types %s and %s; both must be float32 or both int64",
                       tensor_type_name(x[0]->type), tensor_type_name(x[1]->type));
  return check_one_output(n_outputs, error) && broadcast_shape(&x[0]->shape, &x[1]->shape, &shape, error) &&
         output_set(y[0], x[0]->type, &shape, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  const Arithmetic *arithmetic = arithmetic_of(node);
  return (wanted & 1 ? arithmetic->reads[0] : 0) | (wanted & 2 ? arithmetic->reads[1] : 0);
}

static void forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Loops *loops = data;
  const Arithmetic *arithmetic = arithmetic_of(call->node);
  int last = loops->rank - 1;
  int64_t n = loops->dim[last], sa = loops->step[0][last], sb = loops->step[1][last];
  for (int64_t i = from; i < to;) {
    int64_t column = i % n, m = MIN(n - column, to - i), offset[2];
    loops_row(loops, i / n, offset);
    int64_t a = offset[0] + column * sa, b = offset[1] + column * sb;
    if (call->y[0]->type == TENSOR_FLOAT32)
      arithmetic->floats(m, tensor_floats(call->x[0]) + a, sa, tensor_floats(call->x[1]) + b, sb,
                         tensor_floats(call->y[0]) + i);
    else
      arithmetic->ints(m, tensor_ints(call->x[0]) + a, sa, tensor_ints(call->x[1]) + b, sb,
                       tensor_ints(call->y[0]) + i);
    i += m;
  }
}

static void forward(const OpCall *call) {
  Loops loops;
  loops_broadcast(&loops, call->y[0], call->x[0], call->x[1]);
  call_ranges(call, tensor_count(call->y[0]), RANGE_ELEMENTS, forward_range, &loops);
}

/* Operands are repeated over few or many axes; their sums are kept in doubles, a block of them at a time. */
#define BLOCK 512

typedef struct {
  Loops loops;
  int k; /* the operand whose gradient is computed */
} Gradient;

static const float *at(const Tensor *x, int64_t offset) {
  return x->data ? tensor_floats(x) + offset : NULL;
}

/* The contributions of m <= BLOCK elements from y's element i on, all in one row. */
static void contributions(const OpCall *call, const Gradient *gradient, const int64_t offset[2],
                          int64_t column, int64_t i, int64_t m, float *t) {
  const Loops *loops = &gradient->loops;
  int last = loops->rank - 1;
  int64_t sa = loops->step[0][last], sb = loops->step[1][last];
  arithmetic_of(call->node)
      ->gradient[gradient->k](m, tensor_floats(call->dy[0]) + i, at(call->x[0], offset[0] + column * sa), sa,
                              at(call->x[1], offset[1] + column * sb), sb, t);
}

/* An operand that is not repeated: one contribution for each of its elements. */
static void map_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Gradient *gradient = data;
  const Loops *loops = &gradient->loops;
  int last = loops->rank - 1, k = gradient->k;
  int64_t n = loops->dim[last], step = loops->step[k][last];
  float *dx = tensor_floats(call->dx[k]);
  for (int64_t i = from; i < to;) {
    int64_t column = i % n, m = MIN(MIN(n - column, to - i), BLOCK), offset[2];
    float t[BLOCK];
    loops_row(loops, i / n, offset);
    int64_t to_offset = offset[k] + column * step;
    contributions(call, gradient, offset, column, i, m, step == 1 ? dx + to_offset : t);
    for (int64_t j = 0; step != 1 && j < m; j++)
      dx[to_offset + j * step] = t[j];
    i += m;
  }
}

/* An operand that is repeated along the slowest axis only, from..to of its elements. */
static void pattern_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Gradient *gradient = data;
  const Loops *loops = &gradient->loops;
  double sum[BLOCK] = {0};
  for (int64_t row = 0; row < loops->dim[0]; row++) {
    float t[BLOCK];
    int64_t offset[2];
    loops_row(loops, row, offset);
    contributions(call, gradient, offset, from, row * loops->dim[1] + from, to - from, t);
    for (int64_t j = 0; j < to - from; j++)
      sum[j] += t[j];
  }
  for (int64_t j = 0; j < to - from; j++)
    tensor_floats(call->dx[gradient->k])[from + j] = (float)sum[j];
}

/* The general case, in this thread: doubles in scratch where the operand is small, else floats. */
static void reduce_all(const OpCall *call, const Gradient *gradient) {
  const Loops *loops = &gradient->loops;
  int last = loops->rank - 1, k = gradient->k;
  int64_t n = loops->dim[last], step = loops->step[k][last], count = tensor_count(call->dx[k]);
  float *dx = tensor_floats(call->dx[k]);
  double *sum = (size_t)count * sizeof(double) <= call->scratch_bytes ? (double *)call->scratch : NULL;
  memset(sum ? (void *)sum : dx, 0, (size_t)count * (sum ? sizeof *sum : sizeof *dx));
  int64_t rows = loops_rows(loops);
  for (int64_t row = 0; row < rows && !stop_requested(call->stop); row++) {
    int64_t offset[2];
    loops_row(loops, row, offset);
    for (int64_t column = 0; column < n; column += BLOCK) {
      float t[BLOCK];
      int64_t m = MIN(n - column, BLOCK), to = offset[k] + column * step;
      contributions(call, gradient, offset, column, row * n + column, m, t);
      double total = 0;
      for (int64_t j = 0; step == 0 && j < m; j++)
        total += t[j];
      if (step == 0 && sum)
        sum[to] += total;
      else if (step == 0)
        dx[to] += (float)total;
      for (int64_t j = 0; step != 0 && j < m; j++)
        if (sum)
          sum[to + j * step] += t[j];
        else
          dx[to + j * step] += t[j];
    }
  }
  for (int64_t i = 0; sum && i < count; i++)
    dx[i] = (float)sum[i];
}

#define SMALL_OPERAND 8192

static size_t scratch(const OpCall *call) {
  int64_t most = 0, count = tensor_count(call->y[0]);
  for (int k = 0; k < 2; k++) {
    int64_t n = tensor_count(call->x[k]);
    if (n < count && n <= SMALL_OPERAND)
      most = MAX(most, n);
  }
  return (size_t)most * sizeof(double);
}

static void backward(const OpCall *call) {
  Gradient gradient;
  const Loops *loops = &gradient.loops;
  int64_t count = tensor_count(call->y[0]);
  loops_broadcast(&gradient.loops, call->y[0], call->x[0], call->x[1]);
  for (int k = 0; k < 2; k++) {
    gradient.k = k;
    if (!call->dx[k])
      continue;
    if (tensor_count(call->dx[k]) == count)
      call_ranges(call, count, RANGE_ELEMENTS, map_range, &gradient);
    else if (loops->rank == 2 && loops->step[k][0] == 0 && loops->step[k][1] == 1)
      call_ranges(call, loops->dim[1], BLOCK, pattern_range, &gradient);
    else
      reduce_all(call, &gradient);
  }
}

#define ARITHMETIC_OP(symbol, onnx_name)                                                                     \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 2,                                                                        \
                     .max_inputs = 2,                                                                        \
                     .layout = LAYOUT_FOLLOWS,                                                               \
                     .layout_inputs = 3,                                                                     \
                     .infer = infer,                                                                         \
                     .keeps = keeps,                                                                         \
                     .scratch = scratch,                                                                     \
                     .forward = forward,                                                                     \
                     .backward = backward}
ARITHMETIC_OP(op_add, "Add");
ARITHMETIC_OP(op_sub, "Sub");
ARITHMETIC_OP(op_mul, "Mul");
ARITHMETIC_OP(op_div, "Div");
