#include "engine/manipulation.h"

#include "engine/error.h"

#define MOST_CHANNELS 4         /* of mean and std */
#define MOST_NUMBERS  (1 << 28) /* in a pattern: 1 GiB */

const Setting manipulation_settings[] = {
    {"image_size", "Picture size", SETTING_INTEGER, "0", 0, 65536, NULL,
     "Edge in pixels of the resized picture in the middle of the model's input; 0: the method's own choice.",
     .zero = "automatic"},
    {"start", "Start", SETTING_CHOICE, "zeros", 0, 0, "zeros|random|picture",
     "What a fixed pattern is, or what a learnable one starts from: zeros, random numbers, or a picture."},
    {"norm", "Norm", SETTING_NUMBER_OR_RUN, "0", 0, 1e9, NULL,
     "Length (L2, in pixels 0..1) of the difference of a random pattern or a picture from the neutral one; "
     "run:ID takes that of a "
     "stored run; 0: as drawn.",
     "start=random|picture", "as drawn"},
    {"picture", "Picture", SETTING_TEXT, "", 0, 0, NULL, "Path of the picture for start = picture.",
     "start=picture"},
    {"add", "Add", SETTING_CHOICE, "before", 0, 0, "before|after",
     "Whether the pattern is added before or after the model's normalisation."},
    {"clamp", "Clamp", SETTING_CHOICE, "no", 0, 0, "no|yes",
     "Whether what the model receives is kept between black and white."},
    {NULL},
};

const Setting manipulation_inside_settings[] = {
    {"image_size", "Picture size", SETTING_INTEGER, "0", 0, 65536, NULL,
     "Edge in pixels of the resized picture in the middle of the model's input; 0: it fills the input.",
     .zero = "automatic"},
    {NULL},
};

bool manipulation_is_inside(const ManipulationKind *kind) {
  return kind && !(kind->locations & 1u << LOCATION_INPUT);
}

const char *manipulation_note(const ManipulationKind *kind, Format format) {
  return kind && (!kind->estimate || format == FORMAT_FIXED) ? kind->note : NULL;
}

const Setting *manipulation_common(const ManipulationKind *kind) {
  return kind && kind->common ? kind->common : manipulation_settings;
}

Settings *manipulation_settings_new(const ManipulationKind *kind) {
  return settings_new(manipulation_common(kind), kind ? kind->settings : NULL);
}

static bool check_input(const ManipulationInput *input, GError **error) {
  int64_t numbers = shape_count(&SHAPE(input->channels, input->height, input->width));
  if (input->channels >= 1 && input->channels <= MOST_CHANNELS && numbers >= 1 && numbers <= MOST_NUMBERS)
    return true;
  return input_error(error,
                     "a pattern needs pictures of 1 to %d channels and at most %d numbers, but the model "
                     "takes %d channels of "
                     "%d x %d pixels; choose another model",
                     MOST_CHANNELS, MOST_NUMBERS, input->channels, input->width, input->height);
}

static bool check_settings(const Settings *settings, GError **error) {
  if (!settings_row(settings, "picture"))
    return true;
  const char *id, *path = settings_text(settings, "picture");
  if (settings_names_run(settings, "norm", &id))
    return input_error(error, "manipulation.norm = run:%s was not looked up in a run store; give a number",
                       id);
  if (*path && !settings_is(settings, "start", "picture"))
    return input_error(
        error,
        "manipulation.picture is only used with manipulation.start = picture; set that, or leave it out");
  return true;
}

static bool place_picture(Manipulation *self, GError **error) {
  int size = settings_row(self->settings, "image_size") ? settings_integer(self->settings, "image_size") : 0;
  bool fills = !self->kind->picture_size;
  self->picture_height = size ? size : fills ? self->height : self->kind->picture_size(self->height);
  self->picture_width = size ? size : fills ? self->width : self->kind->picture_size(self->width);
  if (self->picture_height <= self->height && self->picture_width <= self->width)
    return true;
  return input_error(
      error,
      "manipulation.image_size = %d is larger than the model's input of %d x %d pixels; make it smaller",
      size, self->width, self->height);
}

/* The site that the spec names; none is fine. */
static bool find_site(Manipulation *self, const char *name, GError **error) {
  const FrozenModel *model = self->model;
  if (!model)
    return input_error(error, "the method %s works inside a model, and there is none", self->kind->name);
  if (!name)
    return self->kind->finds_sites || frozen_model_default_site(model, self->location) ||
           input_error(
               error,
               "model '%s' has no such site as the method %s needs; `hoarfrost inspect` lists its sites",
               model->name, self->kind->name);
  self->site = frozen_model_site(model, name);
  if (!self->site)
    return input_error(error, "model '%s' has no site '%.200s'; `hoarfrost inspect` lists its sites",
                       model->name, name);
  const AxisValue *locations = taxonomy_axes[AXIS_LOCATION].values;
  return self->site->location == self->location ||
         input_error(error, "site '%.200s' is %s, and manipulation.location is %s; give both the same", name,
                     locations[self->site->location].name, locations[self->location].name);
}

Manipulation *manipulation_new(const ManipulationKind *kind, Format format, const Settings *settings,
                               const ManipulationInput *input, const Random *random, GError **error) {
  if (!kind) {
    input_error(error, "no method of this version has the manipulation's operator; choose another operator");
    return NULL;
  }
  bool inside = manipulation_is_inside(kind);
  if ((!inside || input->channels) && !check_input(input, error))
    return NULL;
  if (!check_settings(settings, error))
    return NULL;
  g_autoptr(Manipulation) self = g_new0(Manipulation, 1);
  self->kind = kind;
  self->format = format;
  self->settings = settings_copy(settings);
  self->channels = input->channels;
  self->height = input->height;
  self->width = input->width;
  for (int c = 0; c < input->channels; c++) {
    self->mean[c] = input->mean[c];
    self->std[c] = input->std[c];
  }
  self->user_picture = input->user_picture;
  self->bgr = input->bgr;
  self->location = input->location;
  if (inside) {
    self->model = input->model;
    self->parts = g_ptr_array_new_with_free_func(g_free);
    if (!find_site(self, input->site, error))
      return NULL;
  }
  if (!place_picture(self, error) || !kind->init(self, random, error))
    return NULL;
  self->user_picture = NULL;
  return g_steal_pointer(&self);
}

void manipulation_free(Manipulation *self) {
  if (!self)
    return;
  settings_free(self->settings);
  g_clear_pointer(&self->parts, g_ptr_array_unref);
  tensor_unref(self->parameters);
  g_free(self);
}

/* Inside f the numbers are the pattern. */
static Manipulation *given_inside(const Manipulation *like, GError **error) {
  ManipulationInput input = {.channels = like->channels,
                             .height = like->height,
                             .width = like->width,
                             .bgr = like->bgr,
                             .model = like->model,
                             .location = like->location,
                             .site = like->site ? like->site->name : NULL};
  memcpy(input.mean, like->mean, sizeof input.mean);
  memcpy(input.std, like->std, sizeof input.std);
  return manipulation_new(like->kind, FORMAT_FIXED, like->settings, &input, &(Random){0}, error);
}

Manipulation *manipulation_new_given(const Manipulation *like, GError **error) {
  if (like->parts)
    return given_inside(like, error);
  static const char *const alike[] = {"add", "clamp"};
  const ManipulationKind *kind = manipulation_find("overlay");
  g_autoptr(Settings) settings = settings_new(manipulation_settings, kind->settings);
  bool good = settings_set(settings, "start", "zeros", error);
  for (guint i = 0; i < G_N_ELEMENTS(alike); i++)
    good = good && settings_set(settings, alike[i], settings_text(like->settings, alike[i]), error);
  ManipulationInput input = {.channels = like->channels, .height = like->height, .width = like->width};
  memcpy(input.mean, like->mean, sizeof input.mean);
  memcpy(input.std, like->std, sizeof input.std);
  Manipulation *self =
      good ? manipulation_new(kind, FORMAT_FIXED, settings, &input, &(Random){0}, error) : NULL;
  if (self) {
    self->picture_height = like->picture_height;
    self->picture_width = like->picture_width;
  }
  return self;
}

Tensor *manipulation_mask(const Manipulation *self) {
  return self->kind->mask ? self->kind->mask(self) : NULL;
}

Tensor *manipulation_outside_mask(const Manipulation *self) {
  int top = (self->height - self->picture_height + 1) / 2, left = (self->width - self->picture_width + 1) / 2;
  g_autofree float *mask = g_new(float, (gsize)self->channels *(gsize)self->height *(gsize)self->width);
  float *next = mask;
  for (int c = 0; c < self->channels; c++)
    for (int y = 0; y < self->height; y++)
      for (int x = 0; x < self->width; x++)
        *next++ = y < top || y >= top + self->picture_height || x < left || x >= left + self->picture_width;
  return tensor_from_floats(&SHAPE(self->channels, self->height, self->width), mask);
}
