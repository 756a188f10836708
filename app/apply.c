#include "app/apply.h"

#include "app/answers.h"
#include "app/learnt.h"
#include "app/session.h"
#include "app/thumbnail.h"
#include "data/datasets.h"
#include "data/picture-file.h"
#include "engine/error.h"

#include <string.h>

struct _Apply {
  RunRow *row;
  Session *session; /* without the task */
  HfNames *names;
  char *warning;
  Pool *pool;
  GPtrArray *manipulations;
  Alignment *alignment;
  Program *on, *off; /* off NULL: its map is not known */
  Tensor *own_omega, *own_bias;
};

/* What all pieces of a batch share. */
typedef struct {
  const ApplyPicture *pictures;
  HfAnswer *const *answers;
  bool show;
  int channels, height, width;
  size_t size;   /* of a picture, numbers */
  float *planes; /* of all pictures */
} Batch;

/* Class names, or numbers where nobody knows them any more. */
static void find_names(Apply *self, int n) {
  const RunSpec *spec = self->session->spec;
  g_autoptr(GError) reason = NULL;
  g_auto(GStrv) classes = dataset_classes(spec->dataset, spec->seed, &reason);
  if (!classes || (int)g_strv_length(classes) != n) {
    self->warning =
        g_strdup_printf("the data set %s, which names the classes, %s; they are numbered from 0",
                        self->row->dataset, classes ? "has other classes now" : "is not here any more");
    g_clear_pointer(&classes, g_strfreev);
    classes = g_new0(char *, n + 1);
    for (int i = 0; i < n; i++)
      classes[i] = g_strdup_printf("%d", i);
  }
  self->names = hf_names_new((char *[]){NULL}, 0, classes, n);
}

static bool put(const GArray *numbers, guint *at, Tensor *tensor, GError **error) {
  guint n = (guint)tensor_count(tensor);
  if (*at + n > numbers->len)
    return input_error(error, "the run's checkpoint does not fit its spec; start the run again");
  memcpy(tensor->data, &g_array_index(numbers, float, *at), tensor_bytes(tensor));
  *at += n;
  return true;
}

bool apply_is_possible(RunStore *store, const char *id) {
  g_auto(Learnt) learnt = {0};
  return learnt_read(store, id, &learnt, NULL);
}

/* The numbers into pattern and alignment. */
static bool restore(Apply *self, const Learnt *learnt, GError **error) {
  const Alignment *alignment = self->alignment;
  if (!shape_equal(&learnt->omega->shape, &alignment->omega->shape) ||
      !shape_equal(&learnt->bias->shape, &alignment->bias->shape))
    return input_error(error, "the label map of run %.8s does not fit its model; start the run again",
                       self->row->id);
  memcpy(alignment->omega->data, learnt->omega->data, tensor_bytes(learnt->omega));
  memcpy(alignment->bias->data, learnt->bias->data, tensor_bytes(learnt->bias));
  guint at = 0;
  for (int i = 0; i < program_n_parameters(self->on); i++)
    if (!put(learnt->state->parameters, &at, program_parameter(self->on, i)->tensor, error))
      return false;
  return true;
}

/* What is estimated is no parameter: its numbers are those of the stored pattern. */
static bool restore_estimates(Apply *self, RunStore *store, GError **error) {
  if (!manipulation_any_estimated(self->manipulations))
    return true;
  g_autoptr(Tensor) pattern = run_store_pattern(store, self->row->id, G_MAXINT, NULL, error);
  return pattern &&
         (manipulation_take_estimates(self->manipulations, pattern) ||
          input_error(error, "the stored pattern of run %.8s does not fit its spec; start the run again",
                      self->row->id));
}

/* The map of f without a prompt: kept with the run, or the same where it is a rule. */
static bool find_own_map(Apply *self, RunStore *store, GError **error) {
  const AlignmentKind *kind = self->alignment->kind;
  if (!run_store_baseline_map(store, self->row->id, PROMPT_OFF, &self->own_omega, &self->own_bias, error))
    return false;
  if (!self->own_omega && !kind->counted && kind->family != FAMILY_LINEAR) {
    self->own_omega = tensor_ref(self->alignment->omega);
    self->own_bias = tensor_ref(self->alignment->bias);
  }
  const Shape *wanted = &self->alignment->omega->shape;
  return !self->own_omega || shape_equal(&self->own_omega->shape, wanted) ||
         input_error(error, "the stored map of run %.8s does not fit its model; start the run again",
                     self->row->id);
}

static bool build(Apply *self, RunStore *store, const Learnt *learnt, GError **error) {
  const Session *session = self->session;
  const RunSpec *spec = session->spec;
  const Picture *user_picture = session->picture_memory ? &session->user_picture : NULL;
  self->manipulations = run_first_manipulations(spec, session->model, user_picture, error);
  if (!self->manipulations)
    return false;
  int n_source = frozen_model_classes(session->model), n_target = (int)tensor_count(learnt->bias);
  self->alignment = alignment_new(spec->alignment, spec->alignment_settings, n_source, n_target, NULL,
                                  &(Random){spec->seed, RANDOM_ALIGNMENT, 0}, error);
  if (!self->alignment)
    return false;
  self->on =
      program_new(session->model, PROMPT_ON, self->manipulations, self->alignment, false, self->pool, error);
  if (!self->on || !restore_estimates(self, store, error) || !restore(self, learnt, error) ||
      !find_own_map(self, store, error))
    return false;
  if (self->own_omega)
    self->off = program_new(session->model, PROMPT_OFF, self->manipulations, self->alignment, false,
                            self->pool, error);
  return self->off || !self->own_omega;
}

Apply *apply_open(RunStore *store, const char *run, int threads, int nice, GError **error) {
  g_autoptr(Apply) self = g_new0(Apply, 1);
  g_autofree char *id = run_store_find(store, run, error);
  if (!id || !(self->row = run_store_get(store, id, error)))
    return NULL;
  g_auto(Learnt) learnt = {0};
  if (!learnt_read(store, id, &learnt, error))
    return NULL;
  g_autoptr(RunSpec) spec = run_spec_parse(self->row->spec, id, false, error);
  self->session = spec ? session_open_model(spec, store, error) : NULL;
  if (!self->session || !session_same_model(self->session, self->row, error))
    return NULL;
  self->pool = pool_new(threads);
  pool_set_nice(self->pool, nice);
  if (!build(self, store, &learnt, error))
    return NULL;
  find_names(self, (int)tensor_count(learnt.bias));
  return g_steal_pointer(&self);
}

void apply_free(Apply *self) {
  if (!self)
    return;
  program_free(self->on);
  program_free(self->off);
  g_clear_pointer(&self->manipulations, g_ptr_array_unref);
  g_clear_pointer(&self->alignment, alignment_free);
  tensor_unref(self->own_omega);
  tensor_unref(self->own_bias);
  g_clear_pointer(&self->pool, pool_free);
  hf_names_unref(self->names);
  session_unref(self->session);
  run_row_free(self->row);
  g_free(self->warning);
  g_free(self);
}

const HfNames *apply_names(const Apply *self) {
  return self->names;
}

const char *apply_warning(const Apply *self) {
  return self->warning;
}

static void read_picture(void *data, int index, int worker) {
  const Batch *batch = data;
  const ApplyPicture *wanted = &batch->pictures[index];
  HfAnswer *answer = batch->answers[index];
  g_autoptr(GError) reason = NULL;
  g_autoptr(GBytes) memory = NULL;
  Picture picture;
  gsize size = 0;
  if (wanted->file) {
    const uint8_t *bytes = g_bytes_get_data(wanted->file, &size);
    memory = picture_decode(bytes, size, wanted->name, &picture, &reason);
  } else
    memory = picture_read(wanted->name, &picture, &reason);
  if (!memory) {
    answer->error = g_strdup(reason->message);
    return;
  }
  picture_resize(&picture, batch->height, batch->width, batch->channels,
                 batch->planes + (size_t)index * batch->size);
  if (batch->show)
    answer->picture = thumbnail_of_picture(&picture);
}

static void give_planes(void *data, int index, void *planes) {
  const Batch *batch = data;
  memcpy(planes, batch->planes + (size_t)index * batch->size, batch->size * sizeof(float));
}

/* Answers for the pictures that could be read. */
static bool ask(Apply *self, Batch *batch, const int *good, int n, const StopFlag *stop) {
  const Manipulation *first = g_ptr_array_index(self->manipulations, 0);
  size_t input = (size_t)first->channels * (size_t)first->height * (size_t)first->width,
         n_source = (size_t)program_n_source(self->on);
  g_autofree float *z = g_new(float, n_source *(gsize)n),
                   *received = batch->show ? g_new(float, input *(gsize)n) : NULL;
  if (!program_receive(self->on, give_planes, batch, good, n, received, z, stop))
    return false;
  for (int i = 0; i < n; i++) {
    HfAnswer *answer = batch->answers[good[i]];
    answer->names = hf_names_ref(self->names);
    answer->on =
        answers_probabilities(z + (size_t)i * n_source, self->alignment->omega, self->alignment->bias);
    if (batch->show)
      answer->received = thumbnail_of_received(first, received + (size_t)i * input);
  }
  if (!self->off)
    return true;
  if (!program_answers(self->off, give_planes, batch, good, n, z, stop))
    return false;
  for (int i = 0; i < n; i++)
    batch->answers[good[i]]->off =
        answers_probabilities(z + (size_t)i * n_source, self->own_omega, self->own_bias);
  return true;
}

static bool answer_batch(Apply *self, const ApplyPicture *pictures, HfAnswer *const *answers, int n,
                         bool show, const StopFlag *stop) {
  Batch batch = {.pictures = pictures, .answers = answers, .show = show};
  program_picture_size(self->on, &batch.channels, &batch.height, &batch.width);
  batch.size = (size_t)batch.channels * (size_t)batch.height * (size_t)batch.width;
  g_autofree float *planes = g_new(float, batch.size *(gsize)n);
  batch.planes = planes;
  if (!pool_for(self->pool, n, read_picture, &batch, stop) || stop_requested(stop))
    return false;
  g_autofree int *good = g_new(int, n);
  int n_good = 0;
  for (int i = 0; i < n; i++)
    if (!answers[i]->error)
      good[n_good++] = i;
  return n_good == 0 || ask(self, &batch, good, n_good, stop);
}

GPtrArray *apply_answer(Apply *self, const ApplyPicture *pictures, int n, bool show, const StopFlag *stop) {
  g_autoptr(GPtrArray) answers = g_ptr_array_new_with_free_func(g_object_unref);
  for (int i = 0; i < n; i++)
    g_ptr_array_add(answers, hf_answer_new(pictures[i].name));
  for (int first = 0; first < n; first += APPLY_BATCH)
    if (!answer_batch(self, pictures + first, (HfAnswer *const *)answers->pdata + first,
                      MIN(APPLY_BATCH, n - first), show, stop))
      return NULL;
  return g_steal_pointer(&answers);
}
