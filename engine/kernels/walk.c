#include "engine/kernels/walk.h"

#include <string.h>

bool walk_fits(const Window *window, int axis) {
  return window->kernel[axis] <= WALK_TAPS && window->stride[axis] <= WALK_PHASES;
}

static void add_tap(Walk *walk, WalkPhase *phase, int tap, int64_t offset) {
  phase->tap[phase->count] = tap;
  phase->offset[phase->count++] = offset;
  walk->least = MIN(walk->least, offset);
  walk->most = MAX(walk->most, offset);
}

/* A walk without any tap keeps least > most from here; it then reads nothing. */
static void start(Walk *walk, int64_t to, int64_t from, int64_t to_step, int64_t from_step, int phases) {
  memset(walk, 0, sizeof *walk);
  walk->to = to;
  walk->from = from;
  walk->to_step = to_step;
  walk->from_step = from_step;
  walk->least = G_MAXINT64;
  walk->most = G_MININT64;
  walk->phases = phases;
}

void walk_forward(Walk *walk, const Window *window, int axis) {
  start(walk, window->out[axis], window->in[axis], 1, window->stride[axis], 1);
  walk->phase[0].n = window->out[axis];
  for (int k = 0; k < window->kernel[axis]; k++)
    add_tap(walk, &walk->phase[0], k, k * window->dilation[axis] - window->before[axis]);
}

void walk_backward(Walk *walk, const Window *window, int axis) {
  int64_t stride = window->stride[axis];
  start(walk, window->in[axis], window->out[axis], stride, 1, (int)stride);
  for (int i = 0; i < stride; i++) {
    WalkPhase *phase = &walk->phase[i];
    phase->n = MAX(0, (window->in[axis] - i + stride - 1) / stride);
    for (int k = (int)window->kernel[axis] - 1; k >= 0; k--) {
      int64_t distance = i + window->before[axis] - k * window->dilation[axis];
      if (distance % stride == 0)
        add_tap(walk, phase, k, distance / stride);
    }
  }
}

bool walk_is_run(const WalkPhase *phase) {
  for (int t = 1; t < phase->count; t++)
    if (phase->offset[t] != phase->offset[t - 1] + 1)
      return false;
  return true;
}
