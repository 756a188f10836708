#include "engine/manipulations/pattern.h"

#include "engine/error.h"

#include <math.h>

/* The pattern's difference from neutral that the settings ask for, before it is scaled; 0 outside the mask.
 */
typedef bool (*DirectionFunction)(const Manipulation *self, const Random *random, float *direction,
                                  GError **error);

static bool random_direction(const Manipulation *self, const Random *random, float *direction,
                             GError **error) {
  int64_t n = tensor_count(self->parameters);
  for (int64_t i = 0; i < n; i++)
    direction[i] = (float)random_normal(random, (uint64_t)i);
  return true;
}

static bool picture_direction(const Manipulation *self, const Random *random, float *direction,
                              GError **error) {
  if (!self->user_picture)
    return input_error(error,
                       "manipulation.start = picture needs manipulation.picture, the path of a picture");
  picture_resize(self->user_picture, self->height, self->width, self->channels, direction);
  if (self->bgr && self->channels == 3)
    planes_swap_red_blue(direction, (size_t)self->height * (size_t)self->width);
  int64_t n = tensor_count(self->parameters);
  for (int64_t i = 0; i < n; i++)
    direction[i] -= self->kind->neutral;
  return true;
}

/* pattern = neutral + direction, scaled to the norm where there is one.  In place. */
static void scale_pattern(const Manipulation *self, const float *mask, double norm, const PatternForm *form,
                          float *direction) {
  int64_t n = tensor_count(self->parameters);
  double sum = 0;
  for (int64_t i = 0; i < n; i++)
    sum += mask[i] * (double)direction[i] * direction[i];
  double scale = norm > 0 && sum > 0 ? norm / sqrt(sum) : 1;
  for (int64_t i = 0; i < n; i++)
    direction[i] = (float)CLAMP(self->kind->neutral + scale * direction[i], form->low, form->high);
}

bool pattern_start(Manipulation *self, const Tensor *mask, const PatternForm *form, const Random *random,
                   GError **error) {
  self->parameters = tensor_new(TENSOR_FLOAT32, &mask->shape, error);
  if (!self->parameters)
    return false;
  const float *inside = tensor_floats(mask);
  float *numbers = tensor_floats(self->parameters);
  int64_t n = tensor_count(mask), plane = n / self->channels;
  double norm = settings_number(self->settings, "norm");
  bool is_random = settings_is(self->settings, "start", "random"),
       learnable = self->format == FORMAT_LEARNABLE;
  bool plain = is_random && norm <= 0; /* numbers holds W instead of the pattern */
  for (int64_t i = 0; i < n; i++)
    self->trainable += inside[i] != 0;
  if (settings_is(self->settings, "start", "zeros"))
    return true;
  DirectionFunction direct = is_random ? random_direction : picture_direction;
  if (!direct(self, random, numbers, error))
    return false;
  if (!plain)
    scale_pattern(self, inside, norm, form, numbers);
  for (int64_t i = 0; i < n; i++) {
    int channel = (int)(i / plane);
    if (inside[i] == 0)
      numbers[i] = 0;
    else if (plain && !learnable)
      numbers[i] = form->pattern(self, channel, numbers[i]);
    else if (!plain && learnable)
      numbers[i] = form->number(self, channel, numbers[i]);
  }
  return true;
}

ValueId pattern_times_mask(Graph *graph, const char *name, ValueId numbers, Tensor *mask) {
  return GRAPH_ADD(graph, "Mul", name, numbers, graph_constant(graph, "mask", mask));
}

static ValueId channel_constant(Graph *graph, const char *name, int channels, const float *numbers) {
  g_autoptr(Tensor) tensor = tensor_from_floats(&SHAPE(channels, 1, 1), numbers);
  return graph_constant(graph, name, tensor);
}

ValueId pattern_times_channels(Graph *graph, const char *name, ValueId numbers, int channels,
                               const float *factors) {
  return GRAPH_ADD(graph, "Mul", name, numbers, channel_constant(graph, "factors", channels, factors));
}

static ValueId clip_pixels(Graph *graph, ValueId pixels) {
  Shape scalar = {0};
  return GRAPH_ADD(graph, "Clip", "clamped", pixels, graph_fill(graph, "black", &scalar, 0),
                   graph_fill(graph, "white", &scalar, 1));
}

ValueId pattern_add(Manipulation *self, Graph *graph, ValueId x, ValueId pattern) {
  bool after = settings_is(self->settings, "add", "after"),
       clamp = settings_is(self->settings, "clamp", "yes");
  self->pattern = pattern;
  if (!after) {
    ValueId sum = GRAPH_ADD(graph, "Add", "prompted", x, pattern);
    return clamp ? clip_pixels(graph, sum) : sum;
  }
  ValueId std = channel_constant(graph, "std", self->channels, self->std);
  ValueId sum =
      GRAPH_ADD(graph, "Add", "prompted", x, GRAPH_ADD(graph, "Div", "normalised pattern", pattern, std));
  if (!clamp)
    return sum;
  ValueId mean = channel_constant(graph, "mean", self->channels, self->mean);
  ValueId pixels =
      GRAPH_ADD(graph, "Add", "pixels", GRAPH_ADD(graph, "Mul", "scaled pixels", sum, std), mean);
  ValueId shifted = GRAPH_ADD(graph, "Sub", "shifted pixels", clip_pixels(graph, pixels), mean);
  return GRAPH_ADD(graph, "Div", "prompted and clamped", shifted, std);
}
