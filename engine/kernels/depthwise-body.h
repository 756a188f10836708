/* A row of the depthwise convolution: a few pixels by eight channels at a time in registers.  A part of
 * vectors-body.h. */

/* Pixels i..i+pixels-1, channels c..c+n-1. */
INLINE void depthwise_tile(const DirectTile *t, const Finish *f, int64_t i, const int pixels, int64_t c,
                           int64_t n) {
  Eight sum[4];
#pragma GCC unroll 4
  for (int p = 0; p < pixels; p++)
    sum[p] = eight(0);
  for (int64_t tap = 0; tap < t->taps; tap++) {
    Eight w = *(const Eight *)(t->weights + tap * t->depth + c);
    const float *x = t->x + i * t->x_step + t->offsets[tap] + c;
#pragma GCC unroll 4
    for (int p = 0; p < pixels; p++)
      sum[p] += w * (n == 8 ? *(const Eight *)(x + p * t->x_step) : load_part(x + p * t->x_step, n));
  }
#pragma GCC unroll 4
  for (int p = 0; p < pixels; p++)
    finish_eight(t, f, sum[p], i + p, c, n);
}

INLINE void depthwise_pixels(const DirectTile *t, const Finish *f, int64_t i, const int pixels) {
  int64_t c = 0;
  for (; c + 8 <= t->channels; c += 8)
    depthwise_tile(t, f, i, pixels, c, 8);
  if (c < t->channels)
    depthwise_tile(t, f, i, pixels, c, t->channels - c);
}

static void depthwise(const DirectTile *t, int64_t pixels) {
  Finish f = finish_of(t);
  int64_t i = 0;
  for (; i + 4 <= pixels; i += 4)
    depthwise_pixels(t, &f, i, 4);
  for (; i < pixels; i++)
    depthwise_pixels(t, &f, i, 1);
}
