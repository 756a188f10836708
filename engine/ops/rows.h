/* A row-major tensor as rows along one axis: a row has n elements, `step` apart; `step` rows lie interleaved.
 */
#pragma once

#include "engine/ops/support.h"

typedef struct {
  int64_t n, step, rows;
} Rows;

static inline Rows rows_along(const Shape *shape, int axis) {
  int64_t outer = shape_product(shape, 0, axis), inner = shape_product(shape, axis + 1, shape->rank);
  return (Rows){shape->dim[axis], inner, outer * inner};
}

/* Where a row begins. */
static inline int64_t row_start(const Rows *rows, int64_t row) {
  return row / rows->step * rows->n * rows->step + row % rows->step;
}

/* Rows for one piece of work. */
static inline int64_t rows_in_piece(const Rows *rows) {
  return MAX(1, RANGE_ELEMENTS / MAX(rows->n, 1));
}

/* Along the node's attribute `axis`, the last unless given. */
static inline Rows rows_of_axis(const Node *node, const Shape *shape) {
  return rows_along(shape, shape_axis(shape, node_int(node, "axis", -1)));
}
