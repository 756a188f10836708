#include "engine/ops/pairs.h"

#include "engine/ops/loops.h"

#include <string.h>

/* One walk over y or dy with the operands beside it. */
typedef struct {
  Loops loops;
  const Tensor *a, *b, *y;
  const void *data;
  PairRun run;
  PairGradient gradient;
  float *dx; /* of operand k */
  int k;
} Walk;

static void walk_init(Walk *walk, const Tensor *y, const Tensor *a, const Tensor *b, const void *data) {
  walk->a = a;
  walk->b = b;
  walk->y = y;
  walk->data = data;
  loops_broadcast(&walk->loops, y, a, b);
}

static const void *at(const Tensor *x, int64_t offset) {
  return x && x->data ? (const char *)x->data + offset * (int64_t)tensor_type_size(x->type) : NULL;
}

static PairRow row_at(const Walk *walk, const int64_t offset[2], int64_t column) {
  const Loops *loops = &walk->loops;
  int last = loops->rank - 1;
  int64_t sa = loops->step[0][last], sb = loops->step[1][last];
  return (PairRow){at(walk->a, offset[0] + column * sa), at(walk->b, offset[1] + column * sb), sa, sb,
                   walk->data};
}

static void run_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Walk *walk = data;
  const Loops *loops = &walk->loops;
  int64_t n = loops->dim[loops->rank - 1], size = (int64_t)tensor_type_size(walk->y->type);
  int64_t column = from % n;
  LoopsRow at_row;
  loops_row_start(loops, from / n, &at_row);
  for (int64_t i = from; i < to; column = 0, loops_row_next(loops, &at_row)) {
    int64_t m = MIN(n - column, to - i);
    PairRow row = row_at(walk, at_row.offset, column);
    walk->run(&row, m, (char *)walk->y->data + i * size);
    i += m;
  }
}

void pairs_run(const OpCall *call, PairRun run, const void *data, const Tensor *a, const Tensor *b,
               const Tensor *y) {
  Walk walk = {.run = run};
  walk_init(&walk, y, a, b, data);
  call_ranges(call, tensor_count(y), RANGE_ELEMENTS, run_range, &walk);
}

/* Operands are repeated over few or many axes; their sums are kept in doubles, a block of them at a time. */
#define BLOCK 512

/* The contributions of m <= BLOCK elements from dy's element i on, all in one row. */
static void contributions(const Walk *walk, const int64_t offset[2], int64_t column, int64_t i, int64_t m,
                          float *t) {
  PairRow row = row_at(walk, offset, column);
  walk->gradient(&row, m, tensor_floats(walk->y) + i, t);
}

/* An operand that is not repeated: one contribution for each of its elements. */
static void map_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Walk *walk = data;
  const Loops *loops = &walk->loops;
  int last = loops->rank - 1, k = walk->k;
  int64_t n = loops->dim[last], step = loops->step[k][last];
  for (int64_t i = from; i < to;) {
    int64_t column = i % n, m = MIN(MIN(n - column, to - i), BLOCK), offset[2];
    float t[BLOCK];
    loops_row(loops, i / n, offset);
    int64_t to_offset = offset[k] + column * step;
    contributions(walk, offset, column, i, m, step == 1 ? walk->dx + to_offset : t);
    for (int64_t j = 0; step != 1 && j < m; j++)
      walk->dx[to_offset + j * step] = t[j];
    i += m;
  }
}

/* An operand that is repeated along the slowest axis only, from..to of its elements. */
static void pattern_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Walk *walk = data;
  const Loops *loops = &walk->loops;
  double sum[BLOCK] = {0};
  for (int64_t row = 0; row < loops->dim[0]; row++) {
    float t[BLOCK];
    int64_t offset[2];
    loops_row(loops, row, offset);
    contributions(walk, offset, from, row * loops->dim[1] + from, to - from, t);
    for (int64_t j = 0; j < to - from; j++)
      sum[j] += t[j];
  }
  for (int64_t j = 0; j < to - from; j++)
    walk->dx[from + j] = (float)sum[j];
}

/* In eight lanes, so that the additions need not wait for each other. */
static double total_of(const float *t, int64_t n) {
  double lane[8] = {0};
  int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (int l = 0; l < 8; l++)
      lane[l] += t[i + l];
  for (; i < n; i++)
    lane[i % 8] += t[i];
  return ((lane[0] + lane[4]) + (lane[1] + lane[5])) + ((lane[2] + lane[6]) + (lane[3] + lane[7]));
}

/* The general case, in this thread: doubles in scratch where the operand is small, else floats. */
static void reduce_all(const OpCall *call, const Walk *walk, int64_t count) {
  const Loops *loops = &walk->loops;
  int last = loops->rank - 1, k = walk->k;
  int64_t n = loops->dim[last], step = loops->step[k][last];
  float *dx = walk->dx;
  double *sum = (size_t)count * sizeof(double) <= call->scratch_bytes ? (double *)call->scratch : NULL;
  memset(sum ? (void *)sum : dx, 0, (size_t)count * (sum ? sizeof *sum : sizeof *dx));
  int64_t rows = tensor_count(walk->y) > 0 ? loops_rows(loops) : 0;
  for (int64_t row = 0; row < rows && !stop_requested(call->stop); row++) {
    int64_t offset[2];
    loops_row(loops, row, offset);
    for (int64_t column = 0; column < n; column += BLOCK) {
      float t[BLOCK];
      int64_t m = MIN(n - column, BLOCK), to = offset[k] + column * step;
      contributions(walk, offset, column, row * n + column, m, t);
      double total = step == 0 ? total_of(t, m) : 0;
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

void pairs_gradient(const OpCall *call, PairGradient gradient, const void *data, const Tensor *a,
                    const Tensor *b, const Tensor *dy, int k, const Tensor *dx) {
  Walk walk = {.gradient = gradient, .dx = tensor_floats(dx), .k = k};
  const Loops *loops = &walk.loops;
  int64_t count = tensor_count(dy);
  walk_init(&walk, dy, a, b, data);
  if (tensor_count(dx) == count)
    call_ranges(call, count, RANGE_ELEMENTS, map_range, &walk);
  else if (count > 0 && loops->rank == 2 && loops->step[k][0] == 0 && loops->step[k][1] == 1)
    call_ranges(call, loops->dim[1], BLOCK, pattern_range, &walk);
  else
    reduce_all(call, &walk, tensor_count(dx));
}

#define SMALL_OPERAND 8192

size_t pairs_scratch(const OpCall *call) {
  int64_t most = 0, count = tensor_count(call->y[0]);
  for (int k = 0; k < call->n_inputs; k++) {
    int64_t n = tensor_count(call->x[k]);
    if (n < count && n <= SMALL_OPERAND)
      most = MAX(most, n);
  }
  return (size_t)most * sizeof(double);
}

bool pair_infer(const PairKind *kind, const Tensor *const *x, int n_outputs, Tensor *const *y,
                GError **error) {
  Shape shape;
  if (x[0]->type != x[1]->type || !kind->run[x[0]->type])
    return input_error(error, "its inputs have the types %s and %s; both must be of one type that it takes",
                       tensor_type_name(x[0]->type), tensor_type_name(x[1]->type));
  return check_one_output(n_outputs, error) && broadcast_shape(&x[0]->shape, &x[1]->shape, &shape, error) &&
         output_set(y[0], kind->truth ? TENSOR_BOOL : x[0]->type, &shape, error);
}

unsigned pair_keeps(const PairKind *kind, unsigned wanted) {
  return (wanted & 1 ? kind->reads[0] : 0) | (wanted & 2 ? kind->reads[1] : 0);
}

void pair_forward(const OpCall *call, const PairKind *kind) {
  pairs_run(call, kind->run[call->x[0]->type], NULL, call->x[0], call->x[1], call->y[0]);
}

void pair_backward(const OpCall *call, const PairKind *kind) {
  for (int k = 0; k < 2; k++)
    if (call->dx[k])
      pairs_gradient(call, kind->gradient[k], NULL, call->x[0], call->x[1], call->dy[0], k, call->dx[k]);
}
