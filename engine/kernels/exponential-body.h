/* exp and maxima of eight floats at a time: the loops of softmax.  Included by vectors-body.h.
 *
 *     exp x = 2^k exp f,  k = round(x / ln 2),  f = x - k ln 2 in two steps,  |f| <= ln 2 / 2
 *
 * Within 1 unit in the last place; the polynomial is that of expf in Moshier's Cephes library. */

/* For x up to 88.  Results below the smallest normal float are 0; no number stays no number. */
INLINE Eight exponential(Eight x) {
  const Eight round = eight(12582912); /* 1.5 * 2^23: added, it leaves a whole number in the low bits */
  EightInts tiny = x < eight(-87);
  Eight bounded = blend(tiny, eight(-87), x), shifted = bounded * 1.44269504f + round;
  Eight k = shifted - round, f = bounded - k * 0.693359375f + k * 2.12194440e-4f;
  Eight p = f * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * f + 8.3334519073e-3f;
  p = p * f + 4.1665795894e-2f;
  p = p * f + 1.6666665459e-1f;
  p = p * f + 5.0000001201e-1f;
  p = p * f * f + f + 1;
  Eight power = (Eight)(((EightInts)shifted - 0x4b400000 + 127) << 23);
  return (Eight)(~tiny & (EightInts)(p * power));
}

/* The n < 8 floats at x, and `rest` in the other lanes. */
INLINE Eight load_rest(const float *x, int64_t n, float rest) {
  Eight part = eight(rest);
  memcpy(&part, x, sizeof(float) * (size_t)n);
  return part;
}

/* The larger of each; a number that is none goes on. */
INLINE Eight larger(Eight a, Eight x) {
  return blend((x > a) | (x != x), x, a);
}

static float most(const float *x, int64_t n, float sign) {
  Eight low = eight(-__builtin_inff()), found = low;
  int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    found = larger(found, *(const Eight *)(x + i) * sign);
  if (i < n)
    found = larger(found, load_rest(x + i, n - i, -sign * __builtin_inff()) * sign);
  float result = found[0];
  for (int l = 1; l < 8; l++)
    result = found[l] > result || found[l] != found[l] ? found[l] : result;
  return result;
}

static double exponentials(const float *x, float *y, int64_t n, float shift) {
  double lane[8] = {0}, sum = 0;
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    Eight e = exponential(*(const Eight *)(x + i) - shift);
    if (y)
      *(Eight *)(y + i) = e;
    for (int l = 0; l < 8; l++)
      lane[l] += e[l];
  }
  if (i < n) {
    Eight e = exponential(load_rest(x + i, n - i, shift) - shift);
    if (y)
      store_part(y + i, e, n - i);
    for (int l = 0; l < n - i; l++)
      lane[l] += e[l];
  }
  for (int l = 0; l < 8; l++)
    sum += lane[l];
  return sum;
}
