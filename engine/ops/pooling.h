/* What the pooling ops share: their windows, and the taps of a window that lie inside the input.
 *
 *     y[p] = some mean or maximum over the taps t of x[q(p, t)]      x, y (n, c, space...), both orders of
 * memory
 */
#pragma once

#include "engine/ops/support.h"
#include "engine/ops/window.h"

/* Planes of x have in_pixels pixels, planes of y planes.pixels. */
typedef struct {
  Window window;
  Planes planes; /* of y */
  int64_t in_pixels, taps;
  bool count_padding; /* attribute count_include_pad */
} Pooling;

/* The window of a pooling node; Global... ops have one window that covers the input. */
bool pooling_window(const Node *node, const Shape *input, Window *window, GError **error);
/* Reads the window and sets y, of x's type. */
bool pooling_infer(const Node *node, const Tensor *x, Tensor *y, GError **error);
/* Of a call whose window infer has accepted: y has the batch and the channels of x. */
Pooling pooling_of(const OpCall *call);
/* Windows or planes that one piece of work should have, when each costs so many elements. */
static inline int64_t pooling_range(int64_t elements_each) {
  return MAX(1, RANGE_ELEMENTS / MAX(elements_each, 1));
}

/* First and last + 1 tap of each axis that lie inside the input, for output pixel p; base is the (virtual)
 * pixel of tap 0. */
typedef struct {
  int64_t base[SPACE], from[SPACE], to[SPACE];
} Taps;

static inline Taps taps_at(const Window *w, int64_t p) {
  Taps taps;
  for (int i = SPACE - 1; i >= 0; i--) {
    int64_t base = p % w->out[i] * w->stride[i] - w->before[i], step = w->dilation[i];
    p /= w->out[i];
    taps.base[i] = base;
    taps.from[i] = base >= 0 ? 0 : MIN((-base + step - 1) / step, w->kernel[i]);
    int64_t room = w->in[i] - base;
    taps.to[i] = room <= 0 ? 0 : MIN((room + step - 1) / step, w->kernel[i]);
    taps.to[i] = MAX(taps.to[i], taps.from[i]);
  }
  return taps;
}

static inline int64_t tap_pixel(const Window *w, const Taps *taps, const int64_t tap[SPACE]) {
  int64_t pixel = 0;
  for (int i = 0; i < SPACE; i++)
    pixel = pixel * w->in[i] + taps->base[i] + tap[i] * w->dilation[i];
  return pixel;
}

#define FOR_TAPS(taps, tap)                                                                                  \
  for (int64_t tap[SPACE] = {(taps).from[0]}; tap[0] < (taps).to[0]; tap[0]++)                               \
    for (tap[1] = (taps).from[1]; tap[1] < (taps).to[1]; tap[1]++)                                           \
      for (tap[2] = (taps).from[2]; tap[2] < (taps).to[2]; tap[2]++)

static inline int64_t tap_number(const Window *w, const int64_t tap[SPACE]) {
  return (tap[0] * w->kernel[1] + tap[1]) * w->kernel[2] + tap[2];
}
