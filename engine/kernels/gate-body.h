/* Smooth activations, eight floats at a time: x times a gate of x, and their slopes.  Included by
 * vectors-body.h behind exponential-body.h.
 *
 *     GATE_GELU       y = x P(x),  P(x) = (1 + erf(x / sqrt 2)) / 2         y' = P + x exp(-x^2 / 2) / sqrt(2
 * pi) GATE_GELU_TANH  y = x s(2 w),  w = sqrt(2 / pi) (x + 0.044715 x^3)    y' = s + x s (1 - s) 2 w'
 *     GATE_SWISH      y = x s(alpha x)                                      y' = s + alpha x s (1 - s)
 *
 * where s(z) = 1 / (1 + exp(-z)), and s(2 w) = (1 + tanh w) / 2.  The tail of P is exp(-x^2 / 2) times a
 * polynomial in 1 / (1 + 0.46 |x|), the form of Abramowitz and Stegun 7.1.26; fitted to relative 2.5e-7. */

INLINE Eight bounded(Eight x, float most) {
  x = blend(x > eight(most), eight(most), x);
  return blend(x < eight(-most), eight(-most), x);
}

INLINE Eight sigmoid(Eight z) {
  return 1 / (1 + exponential(bounded(-z, 87)));
}

/* P, and the density exp(-x^2 / 2) / sqrt(2 pi). */
INLINE Eight normal(Eight x, Eight *density) {
  static const float c[] = {4.51325923e-2f, -2.53585875e-1f, 5.73759258e-1f, -6.12983763e-1f,
                            2.35294729e-1f, -1.34226326e-2f, 1.60594866e-1f, 1.81568041e-1f,
                            1.83646694e-1f, -3.89067554e-6f};
  Eight z = blend(x < 0, -x, x);
  Eight e = exponential(-0.5f * bounded(z, 16) * bounded(z, 16));
  Eight t = 1 / (1 + 0.46f * z), tail = eight(c[0]);
  for (int i = 1; i < 10; i++)
    tail = tail * t + c[i];
  tail *= e;
  *density = e * 0.398942280f;
  return blend(x < 0, tail, 1 - tail);
}

INLINE Eight gate_eight(GateKind kind, Eight alpha, Eight x, bool slope) {
  if (kind == GATE_GELU) {
    Eight density, p = normal(x, &density);
    return slope ? p + x * density : x * p;
  }
  Eight z = alpha * x, steep = z; /* steep = x z' */
  if (kind == GATE_GELU_TANH) {
    Eight cube = 0.0713548163f * x * x * x;
    z = 1.59576912f * x + cube;
    steep = z + 2 * cube;
  }
  Eight s = sigmoid(z);
  return slope ? s + steep * s * (1 - s) : x * s;
}

INLINE void gate_all(GateKind kind, float alpha, const float *x, const float *dy, float *y, int64_t n) {
  Eight alphas = eight(alpha);
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    Eight g = gate_eight(kind, alphas, *(const Eight *)(x + i), dy != NULL);
    if (dy)
      g *= *(const Eight *)(dy + i);
    *(Eight *)(y + i) = g;
  }
  if (i < n) {
    Eight g = gate_eight(kind, alphas, load_part(x + i, n - i), dy != NULL);
    if (dy)
      g *= load_part(dy + i, n - i);
    store_part(y + i, g, n - i);
  }
}

#define GATE_FORM(kind)                                                                                      \
  {                                                                                                          \
    if (dy)                                                                                                  \
      gate_all(kind, alpha, x, dy, y, n);                                                                    \
    else                                                                                                     \
      gate_all(kind, alpha, x, NULL, y, n);                                                                  \
  }                                                                                                          \
  break

static void gate(GateKind kind, float alpha, const float *x, const float *dy, float *y, int64_t n) {
  switch (kind) {
  case GATE_GELU:
    GATE_FORM(GATE_GELU);
  case GATE_GELU_TANH:
    GATE_FORM(GATE_GELU_TANH);
  case GATE_SWISH:
    GATE_FORM(GATE_SWISH);
  }
}
