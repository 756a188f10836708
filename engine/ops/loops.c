#include "engine/ops/loops.h"

#include "engine/ops/support.h"

#include <string.h>

void loops_init(Loops *loops, int rank, const int64_t *dim, const int64_t *step0, const int64_t *step1) {
  const int64_t *steps[] = {step0, step1};
  *loops = (Loops){.rank = 1, .dim = {1}};
  for (int i = 0; i < rank; i++) {
    int last = loops->rank - 1;
    bool first = loops->dim[last] == 1, merges = true;
    if (dim[i] == 1)
      continue;
    for (int k = 0; k < 2; k++)
      merges = merges && loops->step[k][last] == (steps[k] ? steps[k][i] * dim[i] : 0);
    if (!first && !merges)
      last = loops->rank++;
    loops->dim[last] = first || !merges ? dim[i] : loops->dim[last] * dim[i];
    for (int k = 0; k < 2; k++)
      loops->step[k][last] = steps[k] ? steps[k][i] : 0;
  }
}

static void broadcast_steps(const Tensor *y, const Tensor *x, const int axes[], int64_t step[]) {
  int64_t strides[TENSOR_MAX_RANK];
  memory_strides(x, strides);
  for (int i = 0; i < y->shape.rank; i++) {
    int axis = axes[i] - (y->shape.rank - x->shape.rank);
    step[i] = axis < 0 || x->shape.dim[axis] == 1 ? 0 : strides[axis];
  }
}

void loops_broadcast(Loops *loops, const Tensor *y, const Tensor *a, const Tensor *b) {
  int axes[TENSOR_MAX_RANK];
  int64_t dim[TENSOR_MAX_RANK], step[2][TENSOR_MAX_RANK];
  memory_axes(y, axes);
  for (int i = 0; i < y->shape.rank; i++)
    dim[i] = y->shape.dim[axes[i]];
  broadcast_steps(y, a, axes, step[0]);
  if (b)
    broadcast_steps(y, b, axes, step[1]);
  loops_init(loops, y->shape.rank, dim, step[0], b ? step[1] : NULL);
}

bool broadcast_shape(const Shape *a, const Shape *b, Shape *result, GError **error) {
  int rank = MAX(a->rank, b->rank);
  Shape shape = {.rank = rank};
  for (int i = 0; i < rank; i++) {
    int ia = i - (rank - a->rank), ib = i - (rank - b->rank);
    int64_t da = ia < 0 ? 1 : a->dim[ia], db = ib < 0 ? 1 : b->dim[ib];
    if (da != db && da != 1 && db != 1) {
      g_autofree char *text_a = shape_text(a), *text_b = shape_text(b);
      return input_error(error, "the shapes %s and %s do not go together", text_a, text_b);
    }
    shape.dim[i] = da == 1 ? db : da;
  }
  *result = shape;
  return true;
}

int64_t loops_rows(const Loops *loops) {
  int64_t rows = 1;
  for (int i = 0; i < loops->rank - 1; i++)
    rows *= loops->dim[i];
  return rows;
}

void loops_row(const Loops *loops, int64_t row, int64_t offset[2]) {
  offset[0] = offset[1] = 0;
  for (int i = loops->rank - 2; i >= 0; i--) {
    int64_t index = row % loops->dim[i];
    row /= loops->dim[i];
    offset[0] += index * loops->step[0][i];
    offset[1] += index * loops->step[1][i];
  }
}

void loops_row_start(const Loops *loops, int64_t row, LoopsRow *at) {
  at->offset[0] = at->offset[1] = 0;
  for (int i = loops->rank - 2; i >= 0; i--) {
    at->index[i] = row % loops->dim[i];
    row /= loops->dim[i];
    for (int k = 0; k < 2; k++)
      at->offset[k] += at->index[i] * loops->step[k][i];
  }
}

void loops_row_next(const Loops *loops, LoopsRow *at) {
  for (int i = loops->rank - 2; i >= 0; i--) {
    bool more = ++at->index[i] < loops->dim[i];
    int64_t steps = more ? 1 : 1 - loops->dim[i];
    for (int k = 0; k < 2; k++)
      at->offset[k] += steps * loops->step[k][i];
    if (more)
      return;
    at->index[i] = 0;
  }
}

/* n elements of `size` bytes from one stride to another, in elements. */
static void copy_row(int64_t n, size_t size, const char *from, int64_t from_step, char *to, int64_t to_step) {
  if (from_step == 1 && to_step == 1)
    memcpy(to, from, size * (size_t)n);
  else if (size == sizeof(float))
    for (int64_t i = 0; i < n; i++)
      ((float *)to)[i * to_step] = ((const float *)from)[i * from_step];
  else
    for (int64_t i = 0; i < n; i++)
      memcpy(to + i * to_step * (int64_t)size, from + i * from_step * (int64_t)size, size);
}

typedef struct {
  const Loops *loops;
  size_t size;
  const char *from;
  char *to;
  bool scatter;
} Copy;

static void copy_range(const OpCall *call, const void *data, int64_t first, int64_t end, int worker) {
  const Copy *copy = data;
  const Loops *loops = copy->loops;
  int64_t n = loops->dim[loops->rank - 1], step = loops->step[0][loops->rank - 1], size = (int64_t)copy->size;
  int64_t column = first % n;
  LoopsRow row;
  loops_row_start(loops, first / n, &row);
  for (int64_t i = first; i < end; column = 0, loops_row_next(loops, &row)) {
    int64_t m = MIN(n - column, end - i), at = row.offset[0] + column * step;
    if (copy->scatter)
      copy_row(m, copy->size, copy->from + i * size, 1, copy->to + at * size, step);
    else
      copy_row(m, copy->size, copy->from + at * size, step, copy->to + i * size, 1);
    i += m;
  }
}

static int64_t count(const Loops *loops) {
  return loops_rows(loops) * loops->dim[loops->rank - 1];
}

void loops_gather(const OpCall *call, const Loops *loops, size_t size, const void *from, void *to) {
  Copy copy = {loops, size, from, to, false};
  call_ranges(call, count(loops), RANGE_ELEMENTS, copy_range, &copy);
}

void loops_scatter(const OpCall *call, const Loops *loops, size_t size, const void *from, void *to) {
  Copy copy = {loops, size, from, to, true};
  call_ranges(call, count(loops), RANGE_ELEMENTS, copy_range, &copy);
}

void loops_sum(const OpCall *call, const Loops *loops, float factor, const float *from, float *to,
               int64_t n_to) {
  int64_t rows = loops_rows(loops), n = loops->dim[loops->rank - 1], step = loops->step[0][loops->rank - 1];
  memset(to, 0, sizeof(float) * (size_t)n_to);
  for (int64_t row = 0; row < rows && !stop_requested(call->stop); row++, from += n) {
    int64_t offset[2];
    loops_row(loops, row, offset);
    double sum = 0;
    for (int64_t i = 0; step == 0 && i < n; i++)
      sum += from[i];
    if (step == 0)
      to[offset[0]] += (float)sum;
    for (int64_t i = 0; step != 0 && i < n; i++)
      to[offset[0] + i * step] += from[i];
  }
  for (int64_t i = 0; i < n_to; i++)
    to[i] *= factor;
}
