/* The loops of vectors-body.h for x86-64 with AVX2 and FMA: 16 registers of 8 floats. */
#if defined(__x86_64__)
#pragma GCC target("avx2,fma")
#define LANES 8
#define SET   vectors_avx2
#define NAME  "AVX2"
/* Pixels of a tile of 1, 2, 3 vectors: 12 sums, and room for the weights and one number of x. */
#define TILES                                                                                                \
  { 12, 6, 4 }
#include "engine/kernels/vectors-body.h"
#endif
