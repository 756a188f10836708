/* A matrix product cut into tiles of fixed size: what Gemm and MatMul are made of. */
#pragma once

#include "engine/op.h"

typedef struct {
  const float *data;
  int64_t stride;  /* between the rows in memory */
  bool transposed; /* the memory holds the transpose */
} Matrix;

/* c (m x n, rows `c_stride` apart) = alpha a (m x k) b (k x n) + beta c.  With beta 0 the old c is not read.
 */
typedef struct {
  int64_t m, n, k;
  float alpha, beta;
  Matrix a, b;
  const float *bias; /* n numbers that are added to each row; beta is 0 then.  NULL: none */
  float *c;
  int64_t c_stride;
} Product;

int64_t product_tiles(const Product *product);
/* Computes one tile of c, in this thread. */
void product_tile(const Product *product, int64_t tile);
/* All tiles, cut for the call's pool. */
void product_run(const OpCall *call, const Product *product);
