#include "engine/ops/reduction.h"

#include "engine/ops/loops.h"
#include "engine/ops/support.h"

#include <string.h>

bool reduction_axes(const Node *node, int n_inputs, const Tensor *const *x, Shape *wide,
                    bool reduced[TENSOR_MAX_RANK], GError **error) {
  int axes[TENSOR_MAX_RANK], n, rank = x[0]->shape.rank;
  *wide = x[0]->shape;
  memset(reduced, 0, TENSOR_MAX_RANK * sizeof *reduced);
  if (!read_axes(node, n_inputs, x, rank, axes, &n, error))
    return false;
  if (n <= 0) {
    n = node_int(node, "noop_with_empty_axes", 0) != 0 ? 0 : rank;
    for (int i = 0; i < n; i++)
      axes[i] = i;
  }
  for (int i = 0; i < n; i++) {
    reduced[axes[i]] = true;
    wide->dim[axes[i]] = 1;
  }
  return true;
}

Shape reduction_shape(const Shape *wide, const bool reduced[TENSOR_MAX_RANK], bool keeps_axes) {
  Shape narrow = {0};
  if (keeps_axes)
    return *wide;
  for (int i = 0; i < wide->rank; i++)
    if (!reduced[i])
      narrow.dim[narrow.rank++] = wide->dim[i];
  return narrow;
}

static void add_axis(ReductionAxes *axes, int64_t dim, int64_t x_step, int64_t y_step) {
  axes->dim[axes->rank] = dim;
  axes->x_step[axes->rank] = x_step;
  axes->y_step[axes->rank++] = y_step;
  axes->count *= dim;
}

void reduction_init(Reduction *reduction, const Tensor *x, const Tensor *y) {
  Loops loops;
  loops_broadcast(&loops, x, y, NULL);
  int last = loops.rank - 1;
  bool runs = loops.step[0][last] == 0;
  int64_t x_step = tensor_count(x);
  *reduction = (Reduction){.kept.count = 1,
                           .repeated.count = 1,
                           .run = runs ? loops.dim[last] : 1,
                           .columns = runs ? 1 : loops.dim[last],
                           .column_step = loops.step[0][last]};
  for (int i = 0; i < last; i++) {
    x_step /= loops.dim[i];
    add_axis(loops.step[0][i] ? &reduction->kept : &reduction->repeated, loops.dim[i], x_step,
             loops.step[0][i]);
  }
  reduction->members = reduction->run * reduction->repeated.count;
}

void reduction_group(const Reduction *reduction, int64_t group, int64_t *x, int64_t *y) {
  *x = *y = 0;
  for (int i = reduction->kept.rank - 1; i >= 0; i--) {
    int64_t index = group % reduction->kept.dim[i];
    group /= reduction->kept.dim[i];
    *x += index * reduction->kept.x_step[i];
    *y += index * reduction->kept.y_step[i];
  }
}

int64_t reduction_run(const Reduction *reduction, int64_t repeat) {
  int64_t offset = 0;
  for (int i = reduction->repeated.rank - 1; i >= 0; i--) {
    offset += repeat % reduction->repeated.dim[i] * reduction->repeated.x_step[i];
    repeat /= reduction->repeated.dim[i];
  }
  return offset;
}
