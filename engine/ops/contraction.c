#include "engine/ops/contraction.h"

#include "engine/ops/product.h"

#include <string.h>

typedef Contraction C;

/* The letters of a matrix product y[m,n] += a[m,k] b[k,n]; a and b are operands 0 and 1, or 1 and 0. */
typedef struct {
  int m, n, k; /* -1: no letter, size 1 */
  int a, b;
} Matrices;

static int64_t size_of(const C *c, int letter) {
  return letter < 0 ? 1 : c->dim[letter];
}

static int64_t step_of(const int64_t *step, int letter) {
  return letter < 0 ? 0 : step[letter];
}

/* A matrix of BLAS has neighbours along one of its axes, and rows that do not overlap. */
static bool is_matrix(const C *c, const int64_t *step, int row, int column, Matrix *matrix) {
  int64_t rows = size_of(c, row), columns = size_of(c, column);
  int64_t row_step = step_of(step, row), column_step = step_of(step, column);
  if ((column_step == 1 || columns == 1) && (row_step >= columns || rows == 1)) {
    *matrix = (Matrix){.stride = MAX(rows == 1 ? columns : row_step, 1), .transposed = false};
    return true;
  }
  if ((row_step == 1 || rows == 1) && (column_step >= rows || columns == 1)) {
    *matrix = (Matrix){.stride = MAX(columns == 1 ? rows : column_step, 1), .transposed = true};
    return true;
  }
  return false;
}

/* Whether these letters make matrices of a, b and y. */
static bool fits(const C *c, const Matrices *letters, Product *product) {
  Matrix y = {0};
  bool fit = is_matrix(c, c->step[letters->a], letters->m, letters->k, &product->a) &&
             is_matrix(c, c->step[letters->b], letters->k, letters->n, &product->b) &&
             is_matrix(c, c->y_step, letters->m, letters->n, &y) && !y.transposed;
  product->m = size_of(c, letters->m);
  product->n = size_of(c, letters->n);
  product->k = size_of(c, letters->k);
  product->c_stride = y.stride;
  return fit;
}

/* What a letter can be in a product of these two operands. */
static bool is_m(const C *c, int i, int a, int b) {
  return c->y_step[i] && c->step[a][i] && !c->step[b][i];
}
static bool is_k(const C *c, int i) {
  return !c->y_step[i] && c->step[0][i] && c->step[1][i];
}

/* The letters with the largest product of sizes that make matrices; false when nothing is gained. */
static bool find_matrices(const C *c, Matrices *best, Product *product) {
  int64_t most = 8;
  if (c->n_operands != 2 || c->y->type != TENSOR_FLOAT32)
    return false;
  for (int a = 0; a < 2; a++)
    for (int m = -1; m < c->n_letters; m++)
      for (int n = -1; n < c->n_letters; n++)
        for (int k = -1; k < c->n_letters; k++) {
          Matrices letters = {m, n, k, a, 1 - a};
          Product found = {.alpha = 1, .beta = 1};
          int64_t work = size_of(c, m) * size_of(c, n) * size_of(c, k);
          if (work <= most || (m >= 0 && !is_m(c, m, a, 1 - a)) || (n >= 0 && !is_m(c, n, 1 - a, a)) ||
              (k >= 0 && !is_k(c, k)) || !fits(c, &letters, &found))
            continue;
          most = work;
          *best = letters;
          *product = found;
        }
  return most > 8;
}

/* Offsets at one place of the letters that are walked one by one. */
typedef struct {
  int64_t index[CONTRACTION_LETTERS];
  int64_t y, operand[CONTRACTION_OPERANDS];
} Place;

/* The next place; false after the last. */
static bool step_on(const C *c, const bool *taken, Place *place) {
  for (int i = c->n_letters - 1; i >= 0; i--) {
    if (taken[i])
      continue;
    bool over = ++place->index[i] == c->dim[i];
    int64_t by = over ? 1 - c->dim[i] : 1;
    place->y += by * c->y_step[i];
    for (int k = 0; k < c->n_operands; k++)
      place->operand[k] += by * c->step[k][i];
    if (!over)
      return true;
    place->index[i] = 0;
  }
  return false;
}

static void run_matrices(const OpCall *call, const C *c, const Matrices *letters, const Product *product) {
  bool taken[CONTRACTION_LETTERS] = {false};
  const int three[] = {letters->m, letters->n, letters->k};
  Place place = {0};
  for (int i = 0; i < 3; i++)
    if (three[i] >= 0)
      taken[three[i]] = true;
  do {
    Product here = *product;
    here.a.data = tensor_floats(c->operand[letters->a]) + place.operand[letters->a];
    here.b.data = tensor_floats(c->operand[letters->b]) + place.operand[letters->b];
    here.c = tensor_floats(c->y) + place.y;
    for (int64_t tile = 0; tile < product_tiles(&here); tile++)
      product_tile(&here, tile);
  } while (!stop_requested(call->stop) && step_on(c, taken, &place));
}

/* The last letter is the inner loop. */
#define WALK(name, T, S)                                                                                     \
  static void name(const OpCall *call, const C *c) {                                                         \
    bool taken[CONTRACTION_LETTERS] = {false};                                                               \
    int last = c->n_letters - 1;                                                                             \
    Place place = {0};                                                                                       \
    if (last >= 0)                                                                                           \
      taken[last] = true;                                                                                    \
    int64_t n = size_of(c, last), y_step = step_of(c->y_step, last);                                         \
    do {                                                                                                     \
      T *y = (T *)c->y->data + place.y;                                                                      \
      S sum = 0;                                                                                             \
      for (int64_t i = 0; i < n; i++) {                                                                      \
        S product = 1;                                                                                       \
        for (int k = 0; k < c->n_operands; k++)                                                              \
          product *= (S)((const T *)c->operand[k]->data)[place.operand[k] + i * step_of(c->step[k], last)];  \
        if (y_step)                                                                                          \
          y[i * y_step] = (T)((S)y[i * y_step] + product);                                                   \
        else                                                                                                 \
          sum += product;                                                                                    \
      }                                                                                                      \
      if (!y_step)                                                                                           \
        *y = (T)((S)*y + sum);                                                                               \
    } while (!stop_requested(call->stop) && step_on(c, taken, &place));                                      \
  }
WALK(walk_floats, float, double)
WALK(walk_whole, int64_t, uint64_t)

/* Letters of size 1 are left out; those that are summed come last, so that sums are short-lived. */
static void tidy(C *c) {
  C old = *c;
  c->n_letters = 0;
  for (int summed = 0; summed < 2; summed++)
    for (int i = 0; i < old.n_letters; i++) {
      if (old.dim[i] == 1 || (old.y_step[i] == 0) != summed)
        continue;
      c->dim[c->n_letters] = old.dim[i];
      c->y_step[c->n_letters] = old.y_step[i];
      for (int k = 0; k < old.n_operands; k++)
        c->step[k][c->n_letters] = old.step[k][i];
      c->n_letters++;
    }
}

void contraction_run(const OpCall *call, Contraction *c) {
  Matrices letters;
  Product product;
  memset(c->y->data, 0, tensor_bytes(c->y));
  for (int i = 0; i < c->n_letters; i++)
    if (c->dim[i] == 0)
      return;
  tidy(c);
  if (find_matrices(c, &letters, &product))
    run_matrices(call, c, &letters, &product);
  else if (c->y->type == TENSOR_INT64)
    walk_whole(call, c);
  else
    walk_floats(call, c);
}
