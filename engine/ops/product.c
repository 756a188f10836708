#include "engine/ops/product.h"

#include "engine/ops/support.h"

#include <cblas.h>
#include <string.h>

#define TILE_ROWS    256 /* each tile packs its part of b again */
#define TILE_COLUMNS 1024

static int64_t tiles_along(int64_t n, int64_t size) {
  return (n + size - 1) / size;
}

int64_t product_tiles(const Product *product) {
  return tiles_along(product->m, TILE_ROWS) * tiles_along(product->n, TILE_COLUMNS);
}

/* The part of a matrix that begins at (row, column). */
static const float *part(const Matrix *matrix, int64_t row, int64_t column) {
  return matrix->data + (matrix->transposed ? column * matrix->stride + row : row * matrix->stride + column);
}

void product_tile(const Product *p, int64_t tile) {
  int64_t columns = tiles_along(p->n, TILE_COLUMNS);
  int64_t row = tile / columns * TILE_ROWS, column = tile % columns * TILE_COLUMNS;
  int64_t m = MIN(p->m - row, TILE_ROWS), n = MIN(p->n - column, TILE_COLUMNS);
  float *c = p->c + row * p->c_stride + column;
  for (int64_t i = 0; p->bias && i < m; i++)
    memcpy(c + i * p->c_stride, p->bias + column, sizeof(float) * (size_t)n);
  float beta = p->bias ? 1 : p->beta;
  if (p->k == 0 && beta == 0)
    for (int64_t i = 0; i < m; i++)
      memset(c + i * p->c_stride, 0, sizeof(float) * (size_t)n);
  if (p->k > 0)
    cblas_sgemm(CblasRowMajor, p->a.transposed ? CblasTrans : CblasNoTrans,
                p->b.transposed ? CblasTrans : CblasNoTrans, (int)m, (int)n, (int)p->k, p->alpha,
                part(&p->a, row, 0), (int)p->a.stride, part(&p->b, 0, column), (int)p->b.stride, beta, c,
                (int)p->c_stride);
}

static void run_tile(const OpCall *call, const void *data, int64_t tile, int64_t end, int worker) {
  product_tile(data, tile);
}

void product_run(const OpCall *call, const Product *product) {
  call_ranges(call, product_tiles(product), 1, run_tile, product);
}
