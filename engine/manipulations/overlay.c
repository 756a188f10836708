/* Overlay: a learnt or fixed perturbation added to the whole input, or to a frame of it.  Additive.
 *
 *     add = before:  I(x) = x + W                   the pattern is W
 *     add = after:   I(x) = normalise(x) + W        the pattern is W std, in pixel units
 *
 * W (channels, height, width) starts at zero.  Bahng et al. 2022, arXiv 2203.17274 (a frame of 30 pixels on
 * 224, added after normalisation); Cai et al. 2024, arXiv 2410.24018 (the whole input).  With a bound the
 * pattern delta is brought back after each step: linf clamps every element to -radius..radius, l2 shortens
 * delta to the length radius. */
#include "engine/manipulations/manipulations.h"
#include "engine/manipulations/pattern.h"

#include "engine/error.h"

#include <math.h>

static const Setting rows[] = {
    {"bound", "Bound", SETTING_CHOICE, "none", 0, 0, "none|linf|l2",
     "What limits the pattern: nothing, its largest element (L-infinity), or its length (L2)."},
    {"radius", "Radius", SETTING_NUMBER, "0.1", 0, 1e6, NULL,
     "The largest value that the bound allows, in pattern units: 1 is from black to white.", "bound=linf|l2"},
    {"frame", "Frame", SETTING_INTEGER, "0", 0, 65536, NULL,
     "Width in pixels of the frame that the pattern is limited to; 0: the whole input.",
     .zero = "everywhere"},
    {NULL},
};

/* How much one unit of a parameter is in the pattern. */
static float unit(const Manipulation *self, int channel) {
  bool normalised = self->format == FORMAT_LEARNABLE && settings_is(self->settings, "add", "after");
  return normalised ? self->std[channel] : 1;
}

static float to_pattern(const Manipulation *self, int channel, float number) {
  return settings_is(self->settings, "add", "after") ? number * self->std[channel] : number;
}

static float to_number(const Manipulation *self, int channel, float pattern) {
  return pattern / unit(self, channel);
}

static int picture_size(int input_size) {
  return input_size;
}

/* 1 where the pattern may be: everywhere, or within `frame` pixels of the edge.  (transfer full) */
static Tensor *frame_mask(const Manipulation *self, GError **error) {
  int frame = settings_integer(self->settings, "frame");
  Tensor *mask = tensor_new(TENSOR_FLOAT32, &SHAPE(self->channels, self->height, self->width), error);
  float *inside = mask ? tensor_floats(mask) : NULL;
  for (int c = 0; mask && c < self->channels; c++)
    for (int y = 0; y < self->height; y++)
      for (int x = 0; x < self->width; x++)
        *inside++ = frame == 0 || MIN(MIN(x, y), MIN(self->width - 1 - x, self->height - 1 - y)) < frame;
  return mask;
}

static Tensor *mask_of_frame(const Manipulation *self) {
  return settings_integer(self->settings, "frame") > 0 ? frame_mask(self, NULL) : NULL;
}

static void clamp_elements(Manipulation *self, double radius) {
  int64_t n = tensor_count(self->parameters), plane = n / self->channels;
  for (int64_t i = 0; i < n; i++) {
    float most = (float)(radius / unit(self, (int)(i / plane))),
          *number = tensor_floats(self->parameters) + i;
    *number = CLAMP(*number, -most, most);
  }
}

static void shorten(Manipulation *self, double radius) {
  int64_t n = tensor_count(self->parameters), plane = n / self->channels;
  float *numbers = tensor_floats(self->parameters);
  double sum = 0;
  for (int64_t i = 0; i < n; i++) {
    double delta = (double)numbers[i] * unit(self, (int)(i / plane));
    sum += delta * delta;
  }
  if (sum <= radius * radius)
    return;
  double scale = radius / sqrt(sum);
  for (int64_t i = 0; i < n; i++)
    numbers[i] = (float)(numbers[i] * scale);
}

static const struct {
  const char *name;
  void (*project)(Manipulation *self, double radius);
} bounds[] = {{"linf", clamp_elements}, {"l2", shorten}};

static void project(Manipulation *self) {
  for (guint k = 0; k < G_N_ELEMENTS(bounds); k++)
    if (settings_is(self->settings, "bound", bounds[k].name))
      bounds[k].project(self, settings_number(self->settings, "radius"));
}

static bool init(Manipulation *self, const Random *random, GError **error) {
  static const PatternForm form = {to_pattern, to_number, -INFINITY, INFINITY};
  g_autoptr(Tensor) mask = frame_mask(self, error);
  if (!mask || !pattern_start(self, mask, &form, random, error))
    return false;
  project(self);
  return true;
}

static ValueId build(Manipulation *self, Graph *graph, ValueId x, ValueId numbers) {
  ValueId pattern = numbers;
  if (self->format == FORMAT_LEARNABLE && settings_is(self->settings, "add", "after"))
    pattern = pattern_times_channels(graph, "pattern in pixels", pattern, self->channels, self->std);
  if (settings_integer(self->settings, "frame") > 0) {
    g_autoptr(Tensor) mask = frame_mask(self, graph->error ? NULL : &graph->error);
    pattern = mask ? pattern_times_mask(graph, "frame", pattern, mask) : VALUE_NONE;
  }
  return pattern_add(self, graph, x, pattern);
}

const ManipulationKind manipulation_overlay = {
    .name = "overlay",
    .title = "Overlay",
    .paper = "Bahng et al. 2022, arXiv 2203.17274; Cai et al. 2024, arXiv 2410.24018",
    .summary = "A pattern is added to the whole picture, or to a frame of it.",
    .op = OPERATOR_ADDITIVE,
    .locations = 1u << LOCATION_INPUT,
    .formats = 1u << FORMAT_FIXED | 1u << FORMAT_LEARNABLE,
    .neutral = 0,
    .settings = rows,
    .picture_size = picture_size,
    .init = init,
    .build = build,
    .mask = mask_of_frame,
    .project = project,
};
