/* The loops of vectors-body.h for x86-64 with AVX-512: 32 registers of 16 floats. */
#if defined(__x86_64__)
#pragma GCC target("avx512f,avx512vl,avx512dq,avx2,fma,prefer-vector-width=512")
#define LANES 16
#define SET   vectors_avx512
#define NAME  "AVX-512"
/* Pixels of a tile of 1, 2, 3 vectors: 24 sums (12 of one vector), the weights and one number of x. */
#define TILES                                                                                                \
  { 12, 12, 8 }
#include "engine/kernels/vectors-body.h"
#endif
