#include "app/viewer.h"

#include "app/answers.h"
#include "app/inside-parts.h"
#include "app/sample-source.h"
#include "data/class-pictures.h"
#include "engine/error.h"

#include <string.h>

struct _Viewer {
  Session *session;
  HfNames *names;
  GPtrArray *given; /* Manipulation: one for all at the input, those inside f; the pattern as it is given */
  Alignment *alignment;   /* as a run begins */
  Program *program, *off; /* off: f without a pattern; NULL where zeros say the same */
  Tensor *first_pattern, *mask;
  GArray *parts;          /* ManipulationPart of a pattern; NULL: all of it is at the input */
  Neighbours *neighbours; /* likewise */
  Shape frame;            /* of f's input */
  float neutral;
  int n_samples;
  int sample; /* whose picture and answers without the pattern these are; -1: none */
  Tensor *picture, *z_off;
  char *text;        /* instead of a picture */
  int prompt_tokens; /* in front of the text's own */
};

static HfNames *make_names(const Session *session) {
  int n = frozen_model_classes(session->model);
  g_autoptr(GPtrArray) source = g_ptr_array_new();
  for (int i = 0; i < n; i++)
    g_ptr_array_add(source, (char *)frozen_model_class_name(session->model, i));
  g_ptr_array_add(source, NULL);
  HfNames *names =
      hf_names_new((char *const *)source->pdata, n, session->set->classes, session->set->n_classes);
  int edge = 0;
  GBytes *sheet = class_pictures_read(session->model->name, n, &edge);
  hf_names_set_sheet(names, sheet, edge);
  return names;
}

static bool give_manipulations(Viewer *self, GPtrArray *manipulations, GError **error) {
  bool input = false;
  self->given = g_ptr_array_new_with_free_func((GDestroyNotify)manipulation_free);
  for (int inside = 0; inside < 2; inside++)
    for (guint i = 0; i < manipulations->len; i++) {
      const Manipulation *like = g_ptr_array_index(manipulations, i);
      if ((like->parts != NULL) != inside || (!inside && input))
        continue;
      Manipulation *given = manipulation_new_given(like, error);
      if (!given)
        return false;
      g_ptr_array_add(self->given, given);
      input = !inside;
    }
  return true;
}

static const TextForm *text_of(const Viewer *self) {
  return self->session->set->text.tokens ? &self->session->set->text : NULL;
}

static Program *new_program(Viewer *self, PromptMode mode, GError **error) {
  const FrozenModel *model = self->session->model;
  return text_of(self)
             ? program_new_text(model, text_of(self), mode, self->given, self->alignment, false, NULL, error)
             : program_new_single(model, mode, self->given, self->alignment, error);
}

/* How many rows are put in front of a text's, whatever is in them. */
static int prompt_tokens(const Viewer *self) {
  int64_t tokens = 0;
  for (guint i = 0; text_of(self) && i < self->given->len; i++) {
    const Manipulation *given = g_ptr_array_index(self->given, i);
    tokens += given->soft_rows;
    for (guint p = 0; given->parts && p < given->parts->len; p++) {
      const ManipulationPart *part = g_ptr_array_index(given->parts, p);
      tokens += part->site->location == LOCATION_EMBEDDING ? part->tokens : 0;
    }
  }
  return (int)tokens;
}

/* Rows of zeros inside f are not nothing. */
static bool make_off(Viewer *self, GError **error) {
  const Manipulation *last = g_ptr_array_index(self->given, self->given->len - 1);
  if (!last->parts)
    return true;
  self->off = new_program(self, PROMPT_OFF, error);
  return self->off != NULL;
}

static bool make_program(Viewer *self, GError **error) {
  const Session *session = self->session;
  const Picture *user_picture = session->picture_memory ? &session->user_picture : NULL;
  g_autoptr(GPtrArray) manipulations =
      run_first_manipulations(session->spec, session->model, user_picture, error);
  if (!manipulations || !(self->first_pattern = program_first_pattern(manipulations, error)))
    return false;
  const Manipulation *first = g_ptr_array_index(manipulations, 0);
  self->mask = manipulations->len == 1 ? manipulation_mask(first) : NULL;
  self->neutral = first->kind->neutral;
  self->frame = SHAPE(first->channels, first->height, first->width);
  if (!give_manipulations(self, manipulations, error))
    return false;
  self->prompt_tokens = prompt_tokens(self);
  const Manipulation *last = g_ptr_array_index(self->given, self->given->len - 1);
  if (last->parts) {
    self->parts = manipulation_parts(self->given, session->model);
    self->neighbours = neighbours_new(session->model, self->parts);
  }
  self->alignment = run_first_alignment(session->spec, session->model, session->set, session->rule, error);
  self->program = self->alignment ? new_program(self, PROMPT_ON, error) : NULL;
  return self->program && make_off(self, error);
}

Viewer *viewer_new(Session *session, GError **error) {
  g_autoptr(Viewer) self = g_new0(Viewer, 1);
  self->session = session_ref(session);
  self->sample = -1;
  self->n_samples = session_test_samples(session);
  if (!session_check(session, error) || !make_program(self, error))
    return NULL;
  self->names = make_names(session);
  return g_steal_pointer(&self);
}

void viewer_free(Viewer *self) {
  if (!self)
    return;
  program_free(self->program);
  program_free(self->off);
  neighbours_free(self->neighbours);
  g_clear_pointer(&self->parts, g_array_unref);
  g_clear_pointer(&self->given, g_ptr_array_unref);
  g_clear_pointer(&self->alignment, alignment_free);
  tensor_unref(self->first_pattern);
  tensor_unref(self->mask);
  tensor_unref(self->picture);
  g_free(self->text);
  tensor_unref(self->z_off);
  hf_names_unref(self->names);
  session_unref(self->session);
  g_free(self);
}

Moment viewer_first_moment(const Viewer *self) {
  const AlignmentKind *kind = self->alignment->kind;
  Moment moment = {.pattern = tensor_ref(self->first_pattern),
                   .omega = moment_freeze(self->alignment->omega),
                   .bias = moment_freeze(self->alignment->bias)};
  if (!kind->counted && kind->family != FAMILY_LINEAR) { /* a rule is the same with and without the prompt */
    moment.own_omega = tensor_ref(moment.omega);
    moment.own_bias = tensor_ref(moment.bias);
  }
  return moment;
}

static bool shape_fits(const Tensor *stored, const Shape *wanted, const char *what, GError **error) {
  if (!stored || shape_equal(&stored->shape, wanted))
    return true;
  g_autofree char *is = shape_text(&stored->shape), *must = shape_text(wanted);
  return input_error(error,
                     "the stored %s is %s and this model and task need %s; put back the files that the run "
                     "began with, or start a new one",
                     what, is, must);
}

bool viewer_fits(const Viewer *self, const Moment *moment, GError **error) {
  const Shape *omega = &self->alignment->omega->shape, *bias = &self->alignment->bias->shape;
  const struct {
    const Tensor *stored;
    const Shape *wanted;
    const char *what;
  } rows[] = {{moment->pattern, &self->first_pattern->shape, "pattern"},
              {moment->omega, omega, "label map"},
              {moment->bias, bias, "label map's bias"},
              {moment->own_omega, omega, "label map without the prompt"},
              {moment->own_bias, bias, "bias without the prompt"}};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    if (!shape_fits(rows[i].stored, rows[i].wanted, rows[i].what, error))
      return false;
  return true;
}

static const TokenRow *row_of(const Viewer *self, int sample) {
  return &g_array_index(self->session->set->test.rows, TokenRow, sample);
}

static void load_row(const Viewer *self, int index, int64_t *numbers) {
  const TokenRow *row = row_of(self, index);
  int tokens = text_of(self)->tokens;
  for (int i = 0; i < tokens; i++)
    numbers[i] = i < row->n ? row->ids[i] : 0;
  numbers[tokens] = row->n - 1;
}

static void load_picture(void *data, int index, float *planes) {
  const Viewer *self = data;
  int channels, height, width;
  program_picture_size(self->program, &channels, &height, &width);
  const SamplePart *test = &self->session->set->test;
  picture_resize(&g_array_index(test->pictures, Picture, index), height, width, channels, planes);
}

static void load_sample(void *data, int index, void *numbers) {
  if (text_of(data))
    load_row(data, index, numbers);
  else
    load_picture(data, index, numbers);
}

static void give_pattern(Viewer *self, const float *numbers) {
  for (guint i = 0; i < self->given->len; i++) {
    Tensor *leaf = ((Manipulation *)g_ptr_array_index(self->given, i))->parameters;
    if (numbers)
      memcpy(leaf->data, numbers, tensor_bytes(leaf));
    else
      memset(leaf->data, 0, tensor_bytes(leaf));
    numbers = numbers ? numbers + tensor_count(leaf) : NULL;
  }
}

/* Where the sample stands in f's input. */
static void place_sample(const Viewer *self, HfSnapshot *snapshot) {
  int channels;
  if (text_of(self))
    return;
  program_picture_size(self->program, &channels, &snapshot->height, &snapshot->width);
  snapshot->top = ((int)self->frame.dim[1] - snapshot->height + 1) / 2;
  snapshot->left = ((int)self->frame.dim[2] - snapshot->width + 1) / 2;
}

/* The sample as it stands in f's input, zeros around it.  (transfer full) */
static Tensor *placed_picture(Viewer *self, int sample, GError **error) {
  int channels, height, width;
  program_picture_size(self->program, &channels, &height, &width);
  Tensor *placed = tensor_new(TENSOR_FLOAT32, &self->frame, error);
  if (!placed)
    return NULL;
  int rows = (int)placed->shape.dim[1], columns = (int)placed->shape.dim[2];
  int top = (rows - height + 1) / 2, left = (columns - width + 1) / 2;
  g_autofree float *planes = g_new(float, (gsize)channels *(gsize)height *(gsize)width);
  load_picture(self, sample, planes);
  for (int c = 0; c < channels; c++)
    for (int y = 0; y < height; y++)
      memcpy(tensor_floats(placed) + (c * rows + top + y) * columns + left, planes + (c * height + y) * width,
             sizeof(float) * (size_t)width);
  return placed;
}

/* What does not change with the pattern. */
static bool take_sample(Viewer *self, int sample, GError **error) {
  if (self->sample == sample)
    return true;
  self->sample = -1;
  g_clear_pointer(&self->picture, tensor_unref);
  g_clear_pointer(&self->text, g_free);
  g_clear_pointer(&self->z_off, tensor_unref);
  give_pattern(self, NULL);
  g_autoptr(Tensor) received = NULL;
  if (text_of(self))
    self->text = sample_row_text(self->session->model, row_of(self, sample), G_MAXINT);
  else if (!(self->picture = placed_picture(self, sample, error)))
    return false;
  if (!program_inspect(self->off ? self->off : self->program, load_sample, self, sample,
                       text_of(self) ? NULL : &received, &self->z_off, error))
    return false;
  if (self->neighbours && received)
    neighbours_take_sample(self->neighbours, received);
  self->sample = sample;
  return true;
}

static float *source_probabilities(const Tensor *z) {
  float *row = g_memdup2(z->data, tensor_bytes(z));
  answers_softmax(row, (int)tensor_count(z));
  return row;
}

/* Planes in the order red, green, blue; the same tensor where they are.  (transfer full) */
static Tensor *for_display(const Viewer *self, const Tensor *planes) {
  int channels = (int)planes->shape.dim[0];
  if (!self->session->model->card.bgr || channels != 3)
    return tensor_ref(planes);
  Tensor *turned = moment_freeze(planes);
  size_t plane = (size_t)tensor_count(planes) / 3;
  for (size_t c = 0; c < 3; c++)
    memcpy(tensor_floats(turned) + c * plane, tensor_floats(planes) + (2 - c) * plane, plane * sizeof(float));
  return turned;
}

/* The pattern at the input; where it is inside f only, its numbers as they are.  (transfer full) */
static Tensor *pattern_for_display(const Viewer *self, Tensor *pattern) {
  const Manipulation *first = g_ptr_array_index(self->given, 0);
  if (first->parts)
    return tensor_ref(pattern);
  g_autoptr(Tensor) planes = tensor_from_floats(&self->frame, tensor_floats(pattern));
  return for_display(self, planes);
}

/* Undoes f's normalisation, in place; received (1, channels, height, width) gets the pattern's shape. */
static void undo_normalisation(const Viewer *self, Tensor *received) {
  answers_undo_normalisation(g_ptr_array_index(self->given, 0), tensor_floats(received));
  received->shape = self->frame;
}

HfSnapshot *viewer_look(Viewer *self, const Moment *moment, int sample, GError **error) {
  g_autoptr(Tensor) received = NULL, z = NULL;
  sample = CLAMP(sample, 0, self->n_samples - 1);
  if (!take_sample(self, sample, error))
    return NULL;
  give_pattern(self, tensor_floats(moment->pattern));
  bool text = text_of(self) != NULL;
  if (!program_inspect(self->program, load_sample, self, sample, text ? NULL : &received, &z, error))
    return NULL;
  if (!text)
    undo_normalisation(self, received);
  HfSnapshot *snapshot = hf_snapshot_new();
  snapshot->names = hf_names_ref(self->names);
  snapshot->step = moment->step;
  snapshot->total_steps = moment->total_steps;
  snapshot->epoch = moment->epoch;
  snapshot->sample = sample;
  snapshot->n_samples = self->n_samples;
  snapshot->label = g_array_index(self->session->set->test.labels, int, sample);
  snapshot->picture = self->picture ? tensor_ref(self->picture) : NULL;
  snapshot->text = g_strdup(self->text);
  snapshot->tokens = text ? row_of(self, sample)->n : 0;
  snapshot->prompt_tokens = self->prompt_tokens;
  place_sample(self, snapshot);
  snapshot->pattern = pattern_for_display(self, moment->pattern);
  snapshot->received = received ? for_display(self, received) : NULL;
  if (self->parts)
    snapshot->parts = inside_parts(self->parts, moment->pattern, self->first_pattern, self->neighbours);
  snapshot->only_inside = ((Manipulation *)g_ptr_array_index(self->given, 0))->parts != NULL;
  snapshot->mask = self->mask ? tensor_ref(self->mask) : NULL;
  snapshot->neutral = self->neutral;
  snapshot->source_on = source_probabilities(z);
  snapshot->source_off = source_probabilities(self->z_off);
  if (moment_is_map(moment->omega))
    snapshot->target_on = answers_probabilities(tensor_floats(z), moment->omega, moment->bias);
  if (moment->own_omega)
    snapshot->target_off =
        answers_probabilities(tensor_floats(self->z_off), moment->own_omega, moment->own_bias);
  snapshot->omega = tensor_ref(moment->omega);
  snapshot->counts = moment->counts ? tensor_ref(moment->counts) : NULL;
  snapshot->switches = moment->switches;
  snapshot->seconds = moment->seconds;
  snapshot->images_per_second = moment->images_per_second;
  return snapshot;
}

static bool is_mistaken(Viewer *self, const Moment *moment, int sample, float *z) {
  program_answers(self->program, load_sample, self, &sample, 1, z, NULL);
  g_autofree float *target = answers_map(z, moment->omega, moment->bias);
  int best = 0;
  for (int t = 1; t < self->session->set->n_classes; t++)
    if (target[t] > target[best])
      best = t;
  return best != g_array_index(self->session->set->test.labels, int, sample);
}

int viewer_next_mistake(Viewer *self, const Moment *moment, int sample, const StopFlag *stop) {
  g_autofree float *z = g_new(float, program_n_source(self->program));
  give_pattern(self, tensor_floats(moment->pattern));
  for (int i = 1; i < self->n_samples && !stop_requested(stop); i++) {
    int next = (sample + i) % self->n_samples;
    if (is_mistaken(self, moment, next, z))
      return next;
  }
  return sample;
}
