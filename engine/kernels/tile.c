#include "engine/kernels/tile.h"

#include <stddef.h>

#if defined(__x86_64__)
#include <immintrin.h>

/* One tile function: PIXELS x VECTORS accumulators, VECTORS weights and a broadcast number fit the vector registers,
 * PIXELS pointers the general ones. */
#define TILE_FUNCTION(NAME, TARGET, VECTOR, WIDTH, ZERO, SPREAD, LOAD, STORE, FMA, PIXELS, VECTORS)                        \
  __attribute__((target(TARGET))) static void NAME(const float *const *pixels, int n_runs, const int64_t *runs,          \
                                                   int64_t length, const float *weights, float *out) {                 \
    VECTOR sum[PIXELS][VECTORS];                                                                                         \
    _Pragma("GCC unroll 8") for (int p = 0; p < PIXELS; p++)                                                             \
        _Pragma("GCC unroll 3") for (int v = 0; v < VECTORS; v++) sum[p][v] = ZERO();                                  \
    for (int t = 0; t < n_runs; t++) {                                                                                   \
      const float *x[PIXELS];                                                                                            \
      _Pragma("GCC unroll 8") for (int p = 0; p < PIXELS; p++) x[p] = pixels[p] + runs[t];                               \
      for (int64_t i = 0; i < length; i++, weights += VECTORS * WIDTH) {                                                 \
        VECTOR w[VECTORS];                                                                                               \
        _Pragma("GCC unroll 3") for (int v = 0; v < VECTORS; v++) w[v] = LOAD(weights + v * WIDTH);                      \
        _Pragma("GCC unroll 8") for (int p = 0; p < PIXELS; p++) {                                                       \
          VECTOR number = SPREAD(x[p][i]);                                                                               \
          _Pragma("GCC unroll 3") for (int v = 0; v < VECTORS; v++) sum[p][v] = FMA(number, w[v], sum[p][v]);            \
        }                                                                                                                \
      }                                                                                                                  \
    }                                                                                                                    \
    _Pragma("GCC unroll 8") for (int p = 0; p < PIXELS; p++)                                                             \
        _Pragma("GCC unroll 3") for (int v = 0; v < VECTORS; v++)                                                        \
            STORE(out + (p * VECTORS + v) * WIDTH, sum[p][v]);                                                           \
  }

#define AVX2(NAME, PIXELS, VECTORS)                                                                                      \
  TILE_FUNCTION(NAME, "avx2,fma", __m256, 8, _mm256_setzero_ps, _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps,       \
                _mm256_fmadd_ps, PIXELS, VECTORS)
#define AVX512(NAME, PIXELS, VECTORS)                                                                                    \
  TILE_FUNCTION(NAME, "avx512f", __m512, 16, _mm512_setzero_ps, _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps,       \
                _mm512_fmadd_ps, PIXELS, VECTORS)

AVX2(avx2_1, 8, 1)
AVX2(avx2_2, 6, 2)
AVX2(avx2_3, 4, 3)
AVX512(avx512_1, 8, 1)
AVX512(avx512_2, 8, 2)
AVX512(avx512_3, 8, 3)

static const Tile avx512 = {"avx512", 16, {{0}, {8, avx512_1}, {8, avx512_2}, {8, avx512_3}}};
static const Tile avx2 = {"avx2", 8, {{0}, {8, avx2_1}, {6, avx2_2}, {4, avx2_3}}};

const Tile *tile_find(void) {
  if (__builtin_cpu_supports("avx512f"))
    return &avx512;
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &avx2 : NULL;
}
#else
const Tile *tile_find(void) {
  return NULL;
}
#endif
