/* A convolution and its chain rule as one kind of walk along an axis.
 *
 *     forward:   y[o]  = sum over taps k of w[k] x[o * stride - before + k * dilation]
 *     backward:  dx[i] = sum over taps k of w[k] dy[(i + before - k * dilation) / stride], where that is
 * whole
 *
 * Backward falls apart into `stride` phases, the i with the same rest, each with its own taps and constant
 * offsets. Both are
 *
 *     to[phase + j * to_step] = sum over t of w[tap[t]] from[j * from_step + offset[t]]      j < n
 *
 * with ascending offsets.  Sources outside 0..from-1 are zeros. */
#pragma once

#include "engine/ops/window.h"

#define WALK_TAPS   16
#define WALK_PHASES 4

typedef struct {
  int64_t n; /* may be 0 */
  int count;
  int64_t offset[WALK_TAPS];
  int tap[WALK_TAPS];
} WalkPhase;

typedef struct {
  int64_t to, from; /* sizes of the axis */
  int64_t to_step, from_step;
  int64_t least, most; /* offset, of all phases */
  int phases;
  WalkPhase phase[WALK_PHASES];
} Walk;

/* Whether the axis has few enough taps and phases. */
bool walk_fits(const Window *window, int axis);
void walk_forward(Walk *walk, const Window *window, int axis);
void walk_backward(Walk *walk, const Window *window, int axis);
/* True when the taps of a phase read neighbours: their sources are one run of memory. */
bool walk_is_run(const WalkPhase *phase);
