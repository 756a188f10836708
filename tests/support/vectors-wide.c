/* The loops for 16 lanes, compiled for AVX2: so that what AVX-512 machines run is also tested on smaller
 * ones. */
#if defined(__x86_64__)
#pragma GCC target("avx2,fma")
#pragma GCC diagnostic ignored "-Wpsabi" /* wide vectors stay inside the functions */
#define LANES 16
#define SET   vectors_wide
#define NAME  "16 lanes on AVX2"
#define TILES                                                                                                \
  { 12, 12, 8 }
#include "tests/support/vectors-wide.h"

#include "engine/kernels/vectors-body.h"
#endif
