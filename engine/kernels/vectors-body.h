/* The inner loops of vectors.h with vectors of LANES floats (GCC's vector extension).  Included by the files
 * that define LANES, SET, NAME and, where tiles of the direct convolution fit in the registers, TILES. */
#include "engine/activation.h"
#include "engine/kernels/vectors.h"

#include <string.h>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))

/* Eight floats are the unit of the bits: one byte. */
typedef float Eight __attribute__((vector_size(32), aligned(4), may_alias));
typedef int32_t EightInts __attribute__((vector_size(32)));

INLINE Eight eight(float x) {
  return (Eight){x, x, x, x, x, x, x, x};
}

/* Bit i is set where lane i of a comparison is all ones. */
INLINE uint8_t byte_of(EightInts mask) {
#if defined(__AVX2__)
  return (uint8_t)_mm256_movemask_ps((__m256)mask);
#else
  unsigned byte = 0;
  for (int i = 0; i < 8; i++)
    byte |= (unsigned)(mask[i] & 1) << i;
  return (uint8_t)byte;
#endif
}

INLINE EightInts lanes_of(uint8_t byte) {
  const EightInts powers = {1, 2, 4, 8, 16, 32, 64, 128};
  EightInts all = {byte, byte, byte, byte, byte, byte, byte, byte};
  return (all & powers) == powers;
}

/* The last n < 8 elements, in a whole vector. */
INLINE Eight load_part(const float *x, int64_t n) {
  float part[8] = {0};
  memcpy(part, x, sizeof(float) * (size_t)n);
  return *(Eight *)part;
}

INLINE void store_part(float *y, Eight value, int64_t n) {
  memcpy(y, &value, sizeof(float) * (size_t)n);
}

INLINE Eight blend(EightInts mask, Eight yes, Eight no) {
  return (Eight)((mask & (EightInts)yes) | (~mask & (EightInts)no));
}

INLINE Eight activate(Eight z, bool clips, Eight low, Eight high, uint8_t *byte) {
  if (!clips) {
    EightInts stops = z <= 0;
    *byte = byte_of(~stops);
    return (Eight)((EightInts)z & ~stops);
  }
  *byte = byte_of((z >= low) & (z <= high));
  z = blend(z < low, low, z);
  return blend(z > high, high, z);
}

INLINE void activate_all(float *y, int64_t n, bool clips, float low, float high, uint8_t *bits) {
  Eight lows = eight(low), highs = eight(high);
  uint8_t byte;
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    *(Eight *)(y + i) = activate(*(Eight *)(y + i), clips, lows, highs, &byte);
    if (bits)
      bits[i / 8] = byte;
  }
  if (i < n) {
    store_part(y + i, activate(load_part(y + i, n - i), clips, lows, highs, &byte), n - i);
    if (bits)
      bits[i / 8] = byte & (uint8_t)((1u << (n - i)) - 1);
  }
}

static void relu(float *y, int64_t n, uint8_t *bits) {
  if (bits)
    activate_all(y, n, false, 0, 0, bits);
  else
    activate_all(y, n, false, 0, 0, NULL);
}

static void clip(float *y, int64_t n, float low, float high, uint8_t *bits) {
  activate_all(y, n, true, low, high, bits);
}

static void mask(float *dx, const float *dy, int64_t n, const uint8_t *bits) {
  int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    *(Eight *)(dx + i) = (Eight)((EightInts) * (const Eight *)(dy + i) & lanes_of(bits[i / 8]));
  if (i < n)
    store_part(dx + i, (Eight)((EightInts)load_part(dy + i, n - i) & lanes_of(bits[i / 8])), n - i);
}

/* Each reads what stands before it. */
#include "engine/kernels/finish-body.h"

#include "engine/kernels/depthwise-body.h"
#include "engine/kernels/exponential-body.h"
#include "engine/kernels/gate-body.h"
#if defined(TILES)
#include "engine/kernels/direct-body.h"
#endif

const Vectors SET = {
    .name = NAME,
    .lanes = LANES,
    .relu = relu,
    .clip = clip,
    .mask = mask,
    .depthwise = depthwise,
    .most = most,
    .exponentials = exponentials,
    .gate = gate,
#if defined(TILES)
    .direct_pixels = TILES,
    .direct = DIRECT_TABLE,
#endif
};
