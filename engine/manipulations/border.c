/* Border: the picture in the middle, a learnt or fixed frame around it.  Concatenative: no pixel of the
 * picture is touched.
 *
 *     I(x) = pad0(x) + squash(W) * M,   M = 1 outside the picture, 0 on it,   W (channels, height, width)
 *     form = sigmoid:  squash(w) = 1 / (1 + exp(-w))      Chen et al. 2023 (ILM-VP), arXiv 2211.11635
 *     form = tanh:     squash(w) = (1 + tanh w) / 2       Elsayed et al. 2019, arXiv 1806.11146, in pixels
 * 0..1
 *
 * W = 0 is a grey frame.  The sum of two parts that do not overlap is their concatenation.  Before or after
 * normalisation the frame holds the same pixels. */
#include "engine/manipulations/manipulations.h"
#include "engine/manipulations/pattern.h"

#include "engine/error.h"

#include <math.h>

#define NEUTRAL 0.5f
#define DARKEST (1.0 / 512) /* a learnable pattern starts no closer to 0 and 1: W stays finite there */

static const Setting rows[] = {
    {"form", "Form", SETTING_CHOICE, "sigmoid", 0, 0, "sigmoid|tanh",
     "What keeps the frame between black and white: sigmoid(W) as in ILM-VP, (1 + tanh W)/2 as in Elsayed et "
     "al."},
    {NULL},
};

/* (1 + tanh w)/2 is sigmoid(2 w), so the two forms differ in the scale of W only. */
static float slope(const Manipulation *self) {
  return settings_is(self->settings, "form", "tanh") ? 2 : 1;
}

static float squash(const Manipulation *self, int channel, float number) {
  return 1 / (1 + expf(-slope(self) * number));
}

static float unsquash(const Manipulation *self, int channel, float pattern) {
  double p = CLAMP((double)pattern, DARKEST, 1 - DARKEST);
  return (float)(log(p / (1 - p)) / slope(self));
}

static int picture_size(int input_size) {
  return MAX(1, input_size / 2);
}

static bool init(Manipulation *self, const Random *random, GError **error) {
  static const PatternForm form = {squash, unsquash, 0, 1};
  if (self->picture_height >= self->height && self->picture_width >= self->width)
    return input_error(error,
                       "manipulation.image_size = %d leaves no room for a border in the model's input of %d "
                       "x %d pixels; make "
                       "it smaller",
                       self->picture_height, self->width, self->height);
  g_autoptr(Tensor) mask = manipulation_outside_mask(self);
  return pattern_start(self, mask, &form, random, error);
}

static ValueId build(Manipulation *self, Graph *graph, ValueId x, ValueId numbers) {
  if (self->format == FORMAT_FIXED)
    return pattern_add(self, graph, x, numbers);
  Shape scalar = {0};
  ValueId squashed;
  if (settings_is(self->settings, "form", "tanh")) {
    ValueId raised = GRAPH_ADD(graph, "Add", "raised", GRAPH_ADD(graph, "Tanh", "tanh", numbers),
                               graph_fill(graph, "one", &scalar, 1));
    squashed = GRAPH_ADD(graph, "Mul", "squashed", raised, graph_fill(graph, "half", &scalar, 0.5f));
  } else {
    squashed = GRAPH_ADD(graph, "Sigmoid", "squashed", numbers);
  }
  g_autoptr(Tensor) mask = manipulation_outside_mask(self);
  return pattern_add(self, graph, x, pattern_times_mask(graph, "border", squashed, mask));
}

const ManipulationKind manipulation_border = {
    .name = "border",
    .title = "Border",
    .paper = "Chen et al. 2023, arXiv 2211.11635; Elsayed et al. 2019, arXiv 1806.11146",
    .summary = "The picture stands small in the middle, and a pattern fills the frame around it.",
    .op = OPERATOR_CONCATENATIVE,
    .locations = 1u << LOCATION_INPUT,
    .formats = 1u << FORMAT_FIXED | 1u << FORMAT_LEARNABLE,
    .neutral = NEUTRAL,
    .settings = rows,
    .picture_size = picture_size,
    .init = init,
    .build = build,
    .mask = manipulation_outside_mask,
};
