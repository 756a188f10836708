/* What is done with finished sums: bias, gradients that are added, the activation and its bits.  A part of
 * vectors-body.h. */

typedef struct {
  bool activates, clips;
  Eight low, high;
} Finish;

INLINE Finish finish_of(const DirectTile *t) {
  bool activates = t->activation && t->activation->kind != ACTIVATION_NONE;
  bool clips = activates && t->activation->kind == ACTIVATION_CLIP;
  return (Finish){activates, clips, eight(clips ? t->activation->low : 0),
                  eight(clips ? t->activation->high : 0)};
}

/* The sums of channels c..c+n-1 of pixel i, n <= 8. */
INLINE void finish_eight(const DirectTile *t, const Finish *f, Eight z, int64_t i, int64_t c, int64_t n) {
  float *y = t->y + i * t->y_step + c;
  uint8_t byte;
  if (t->bias)
    z += *(const Eight *)(t->bias + c);
  if (t->add)
    z += n == 8 ? *(const Eight *)y : load_part(y, n);
  if (f->activates) {
    z = activate(z, f->clips, f->low, f->high, &byte);
    if (t->bits)
      t->bits[i * t->bits_step + c / 8] = byte;
  }
  if (n == 8)
    *(Eight *)y = z;
  else
    store_part(y, z, n);
}
