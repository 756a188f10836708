#include "engine/activation.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* The loops work on eight elements at a time, so that a byte of bits is written at once. */

static void relu(float *y, int64_t n, uint8_t *bits) {
  for (int64_t i = 0; i < n; i += 8) {
    int64_t m = MIN(n - i, 8);
    unsigned byte = 0;
    for (int64_t j = 0; j < m; j++) {
      bool passes = !(y[i + j] <= 0);
      byte |= (unsigned)passes << j;
      y[i + j] = passes ? y[i + j] : 0;
    }
    if (bits)
      bits[i / 8] = (uint8_t)byte;
  }
}

static void clip(float *y, int64_t n, float low, float high, uint8_t *bits) {
  for (int64_t i = 0; i < n; i += 8) {
    int64_t m = MIN(n - i, 8);
    unsigned byte = 0;
    for (int64_t j = 0; j < m; j++) {
      float z = y[i + j];
      byte |= (unsigned)(z >= low && z <= high) << j;
      z = z < low ? low : z;
      y[i + j] = z > high ? high : z;
    }
    if (bits)
      bits[i / 8] = (uint8_t)byte;
  }
}

static void mask(float *dx, const float *dy, int64_t n, const uint8_t *bits) {
  for (int64_t i = 0; i < n; i += 8) {
    int64_t m = MIN(n - i, 8);
    unsigned byte = bits[i / 8];
    for (int64_t j = 0; j < m; j++)
      dx[i + j] = byte >> j & 1 ? dy[i + j] : 0;
  }
}

/* The same in AVX2, a vector a byte; each returns how many elements it has done, a multiple of eight. */
#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2")))

AVX2 static int64_t relu_avx2(float *y, int64_t n, uint8_t *bits) {
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    __m256 z = _mm256_loadu_ps(y + i), passes = _mm256_cmp_ps(z, _mm256_setzero_ps(), _CMP_NLE_UQ);
    _mm256_storeu_ps(y + i, _mm256_and_ps(z, passes));
    if (bits)
      bits[i / 8] = (uint8_t)_mm256_movemask_ps(passes);
  }
  return i;
}

AVX2 static int64_t clip_avx2(float *y, int64_t n, float low, float high, uint8_t *bits) {
  __m256 lows = _mm256_set1_ps(low), highs = _mm256_set1_ps(high);
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    __m256 z = _mm256_loadu_ps(y + i);
    __m256 passes = _mm256_and_ps(_mm256_cmp_ps(z, lows, _CMP_GE_OQ), _mm256_cmp_ps(z, highs, _CMP_LE_OQ));
    _mm256_storeu_ps(y + i, _mm256_min_ps(highs, _mm256_max_ps(lows, z))); /* a NaN stays one */
    if (bits)
      bits[i / 8] = (uint8_t)_mm256_movemask_ps(passes);
  }
  return i;
}

AVX2 static int64_t mask_avx2(float *dx, const float *dy, int64_t n, const uint8_t *bits) {
  __m256i bit = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    __m256i set = _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(bits[i / 8]), bit), bit);
    _mm256_storeu_ps(dx + i, _mm256_and_ps(_mm256_loadu_ps(dy + i), _mm256_castsi256_ps(set)));
  }
  return i;
}
#else
static int64_t relu_avx2(float *y, int64_t n, uint8_t *bits) {
  return 0;
}
static int64_t clip_avx2(float *y, int64_t n, float low, float high, uint8_t *bits) {
  return 0;
}
static int64_t mask_avx2(float *dx, const float *dy, int64_t n, const uint8_t *bits) {
  return 0;
}
#endif

static bool has_avx2(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2");
#else
  return false;
#endif
}

void activation_forward(float *y, int64_t n, const Activation *activation, uint8_t *bits) {
  float low = activation->low, high = activation->high;
  int64_t done = 0;
  if (activation->kind == ACTIVATION_RELU) {
    done = has_avx2() ? relu_avx2(y, n, bits) : 0;
    relu(y + done, n - done, bits ? bits + done / 8 : NULL);
  } else if (activation->kind == ACTIVATION_CLIP) {
    done = has_avx2() ? clip_avx2(y, n, low, high, bits) : 0;
    clip(y + done, n - done, low, high, bits ? bits + done / 8 : NULL);
  }
}

void activation_backward(float *dx, const float *dy, int64_t n, const uint8_t *bits) {
  int64_t done = has_avx2() ? mask_avx2(dx, dy, n, bits) : 0;
  mask(dx + done, dy + done, n - done, bits + done / 8);
}
