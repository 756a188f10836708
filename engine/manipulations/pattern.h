/* What the methods with a pattern over the whole input share: its first numbers, and the nodes that add it.
 *
 * A learnable pattern is a function of the optimiser's numbers W, element by element; a fixed one is its own
 * numbers. */
#pragma once

#include "engine/manipulation.h"

/* The function from W to the pattern and back, for an element of a channel. */
typedef struct {
  float (*pattern)(const Manipulation *self, int channel, float number);
  float (*number)(const Manipulation *self, int channel,
                  float pattern); /* finite for every pattern in low..high */
  float low, high;                /* what the pattern may be */
} PatternForm;

/* Makes self->parameters, (channels, height, width), as the settings start, norm and picture say, and counts
 * self->trainable.  `mask` (the same shape) is 1 where the pattern may be; elsewhere all numbers are 0.  With
 * r = norm and M = mask:
 *
 *     zeros             W = 0 (learnable), pattern = 0 (fixed)
 *     random, r = 0     W from the standard normal distribution, element i is draw i
 *     random, r > 0     pattern = neutral M + r n M / ||n M||, n normal, within low..high
 *     picture           pattern = the user's picture resized to f's input; with r > 0 its difference from
 *                       neutral M is scaled to the norm r, within low..high
 *
 * A learnable pattern starts from the W of these patterns. */
bool pattern_start(Manipulation *self, const Tensor *mask, const PatternForm *form, const Random *random,
                   GError **error);

/* x + pattern, with the settings add and clamp, and sets self->pattern.  x is in pixel units, or normalised
 * where add = after: then pattern / std is added, which leaves the pattern in pixel units.  With clamp = yes
 * the sum is kept within the pixels 0..1, in x's units. */
ValueId pattern_add(Manipulation *self, Graph *graph, ValueId x, ValueId pattern);

/* Nodes for numbers * a constant: one number a channel, (channels, 1, 1), or a mask. */
ValueId pattern_times_channels(Graph *graph, const char *name, ValueId numbers, int channels,
                               const float *factors);
ValueId pattern_times_mask(Graph *graph, const char *name, ValueId numbers, Tensor *mask);
