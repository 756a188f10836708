/* The tile of the direct convolution: sums for PIXELS pixels of COUNT vectors of channels stay in registers
 * while the taps and the depth run by.  A part of vectors-body.h. */

typedef float Vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

/* `sums` has rows of `width` floats. */
static void finish(const DirectTile *t, const float *sums, int pixels, int width) {
  Finish f = finish_of(t);
  for (int i = 0; i < pixels; i++, sums += width)
    for (int c = 0; c < t->channels; c += 8)
      finish_eight(t, &f, *(const Eight *)(sums + c), i, c, MIN(t->channels - c, 8));
}

INLINE Vector splat(float x) {
#if LANES == 16
  return (Vector){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
#else
  return (Vector){x, x, x, x, x, x, x, x};
#endif
}

/* Pixels are reached from a base for every three of them, which x86's addresses (base + step * 1 or 2) do for
 * nothing. */
INLINE void direct_tile(const DirectTile *t, const int count, const int pixels) {
  Vector sum[DIRECT_PIXELS][DIRECT_VECTORS];
#pragma GCC unroll 12
  for (int i = 0; i < pixels; i++)
#pragma GCC unroll 3
    for (int v = 0; v < count; v++)
      sum[i][v] = splat(0);
  const float *w = t->weights;
  int64_t step = t->x_step, depth = t->depth;
  for (int64_t tap = 0; tap < t->taps; tap++) {
    const float *x0 = t->x + t->offsets[tap], *x1 = x0 + 3 * step, *x2 = x1 + 3 * step, *x3 = x2 + 3 * step;
    for (int64_t k = 0; k < depth; k++, w += count * LANES) {
      Vector weights[DIRECT_VECTORS];
#pragma GCC unroll 3
      for (int v = 0; v < count; v++)
        weights[v] = *(const Vector *)(w + v * LANES);
#pragma GCC unroll 12
      for (int i = 0; i < pixels; i++) {
        const float *base = i < 3 ? x0 : i < 6 ? x1 : i < 9 ? x2 : x3;
        Vector x = splat(base[(i % 3) * step + k]);
#pragma GCC unroll 3
        for (int v = 0; v < count; v++)
          sum[i][v] += x * weights[v];
      }
    }
  }
  float sums[DIRECT_PIXELS * DIRECT_VECTORS * LANES] __attribute__((aligned(64)));
#pragma GCC unroll 12
  for (int i = 0; i < pixels; i++)
#pragma GCC unroll 3
    for (int v = 0; v < count; v++)
      *(Vector *)(sums + (i * count + v) * LANES) = sum[i][v];
  finish(t, sums, pixels, count * LANES);
}

#define DIRECT(count, pixels)                                                                                \
  static void direct_##count##_##pixels(const DirectTile *t) {                                               \
    direct_tile(t, count, pixels);                                                                           \
  }
#define DIRECT_4(count) DIRECT(count, 1) DIRECT(count, 2) DIRECT(count, 3) DIRECT(count, 4)
#define DIRECT_6(count) DIRECT_4(count) DIRECT(count, 5) DIRECT(count, 6)
#define DIRECT_8(count) DIRECT_6(count) DIRECT(count, 7) DIRECT(count, 8)
#define DIRECT_12(count)                                                                                     \
  DIRECT_8(count) DIRECT(count, 9) DIRECT(count, 10) DIRECT(count, 11) DIRECT(count, 12)
#define ROW_4(count) direct_##count##_1, direct_##count##_2, direct_##count##_3, direct_##count##_4
#define ROW_6(count) ROW_4(count), direct_##count##_5, direct_##count##_6
#define ROW_8(count) ROW_6(count), direct_##count##_7, direct_##count##_8
#define ROW_12(count)                                                                                        \
  ROW_8(count), direct_##count##_9, direct_##count##_10, direct_##count##_11, direct_##count##_12

DIRECT_12(1)
#if LANES == 16
DIRECT_12(2)
DIRECT_8(3)
#define DIRECT_TABLE                                                                                         \
  {                                                                                                          \
    {ROW_12(1)}, {ROW_12(2)}, {                                                                              \
      ROW_8(3)                                                                                               \
    }                                                                                                        \
  }
#else
DIRECT_6(2)
DIRECT_4(3)
#define DIRECT_TABLE                                                                                         \
  {                                                                                                          \
    {ROW_12(1)}, {ROW_6(2)}, {                                                                               \
      ROW_4(3)                                                                                               \
    }                                                                                                        \
  }
#endif
