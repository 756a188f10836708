/* The thread that trains: takes commands, looks at the run, posts news. */
#include "app/worker-private.h"

#include <malloc.h>
#include <sys/resource.h>

#define BETWEEN (G_USEC_PER_SEC / 30) /* microseconds between two news */
#define NICE    10                    /* drawing goes first */

static News *news_of(Worker *self) {
  if (!self->news)
    self->news = news_new(PHASE_SAME);
  return self->news;
}

static void hear_step(void *data, const RunStep *step) {
  Worker *self = data;
  g_array_append_vals(news_of(self)->steps, step, 1);
  self->moment.step = step->step;
  self->moment.epoch = step->epoch;
  self->moment.seconds = step->seconds;
}

static void hear_evaluation(void *data, const RunEvaluation *evaluation) {
  g_array_append_vals(news_of(data)->evaluations, evaluation, 1);
}

static void hear_pattern(void *data, int step, const Tensor *pattern) {
  g_array_append_vals(news_of(data)->stored_steps, &step, 1);
}

static void hear_map(void *data, int step, const Tensor *omega, const Tensor *bias, int switches) {
  ((Worker *)data)->moment.switches += switches;
}

static void hear_baseline(void *data, PromptMode mode, double test_accuracy, double test_loss,
                          const Tensor *omega, const Tensor *bias) {
  News *news = news_of(data);
  *(mode == PROMPT_OFF ? &news->no_prompt : &news->no_prompt_full_size) = test_accuracy;
  *(mode == PROMPT_OFF ? &news->no_prompt_loss : &news->no_prompt_full_size_loss) = test_loss;
}

static void hear_warning(void *data, const char *sentence) {
  g_ptr_array_add(news_of(data)->sentences, g_strdup(sentence));
}

/* From the thread that writes the store. */
static void hear_of_disk(void *data, const char *sentence) {
  Worker *self = data;
  News *news = news_new(PHASE_SAME);
  g_ptr_array_add(news->sentences, g_strdup(sentence));
  mailbox_post(self->mailbox, news);
}

static void replace_tensor(Tensor **place, Tensor *tensor) {
  tensor_unref(*place);
  *place = tensor;
}

static void tell_own_map(Worker *self, const Run *run) {
  const Alignment *own = self->own_told ? NULL : run_baseline_alignment(run, PROMPT_OFF);
  if (!own)
    return;
  self->own_told = true;
  replace_tensor(&self->moment.own_omega, moment_freeze(own->omega));
  replace_tensor(&self->moment.own_bias, moment_freeze(own->bias));
}

/* Looks at the run as it is now. */
static void look(Worker *self) {
  Run *run = recorded_run_run(self->recorded);
  const RunState *state = run_state(run);
  tell_own_map(self, run);
  Moment *moment = &self->moment;
  Tensor *pattern = program_pattern(run_program(run), NULL);
  if (!pattern)
    return;
  replace_tensor(&moment->pattern, pattern);
  replace_tensor(&moment->omega, moment_freeze(run_alignment(run)->omega));
  replace_tensor(&moment->bias, moment_freeze(run_alignment(run)->bias));
  const Alignment *alignment = run_alignment(run);
  replace_tensor(&moment->counts,
                 moment_counts(alignment->kind, state, alignment->n_source, alignment->n_target));
  moment->step = state->step;
  moment->total_steps = run_total_steps(run);
  moment->images_per_second = state->step_seconds > 0 ? (double)state->images / state->step_seconds : 0;
  News *news = news_of(self);
  hf_snapshot_unref(news->snapshot);
  moment_clear(&news->moment);
  news->moment = moment_copy(moment);
  news->snapshot = viewer_look(self->viewer, moment, atomic_load(&self->sample), NULL);
}

static void post(Worker *self, WorkerPhase phase) {
  News *news = news_of(self);
  if (phase != PHASE_SAME)
    news->phase = phase;
  self->news = NULL;
  mailbox_post(self->mailbox, news);
  self->posted = g_get_monotonic_time();
}

static bool is_due(Worker *self) {
  return g_get_monotonic_time() - self->posted >= BETWEEN && !mailbox_is_full(self->mailbox);
}

/* In the middle of a fit, so nothing of the run is looked at. */
static void hear_counted(void *data, int samples, int all) {
  Worker *self = data;
  news_of(self)->counted = samples;
  news_of(self)->to_count = all;
  if (is_due(self))
    post(self, PHASE_SAME);
}

static void tell_when_due(Worker *self) {
  if (!is_due(self))
    return;
  look(self);
  post(self, PHASE_SAME);
}

/* Work that may take its time is told before it begins. */
static void tell_work(Worker *self) {
  RunWork work = run_next_work(recorded_run_run(self->recorded));
  if (work == self->work)
    return;
  self->work = work;
  news_of(self)->works = true;
  news_of(self)->work = work;
  if (is_due(self))
    look(self);
  post(self, PHASE_SAME);
}

/* What to do next; waits while that is nothing.  A pause is answered each time it is asked for. */
static Want next_command(Worker *self) {
  for (bool paused = false;; paused = true) {
    pthread_mutex_lock(&self->lock);
    Want want = self->want;
    int commands = self->commands;
    if (want == WANT_RUN || want == WANT_STEP)
      atomic_store(&self->interrupt, 0);
    pthread_mutex_unlock(&self->lock);
    if (want != WANT_PAUSE) {
      if (paused)
        news_of(self)->phase = PHASE_RUNNING;
      return want;
    }
    look(self);
    post(self, PHASE_PAUSED);
    pthread_mutex_lock(&self->lock);
    while (self->commands == commands)
      pthread_cond_wait(&self->commanded, &self->lock);
    pthread_mutex_unlock(&self->lock);
  }
}

/* A single step is done: waits for the next command, unless one has come meanwhile. */
static void end_step(Worker *self) {
  pthread_mutex_lock(&self->lock);
  if (self->want == WANT_STEP)
    self->want = WANT_PAUSE;
  pthread_mutex_unlock(&self->lock);
}

static RunProgress train(Worker *self, GError **error) {
  RunProgress progress = RUN_GOES_ON;
  while (progress == RUN_GOES_ON) {
    Want want = next_command(self);
    if (want == WANT_STOP)
      return RUN_STOPPED;
    tell_work(self);
    int before = self->moment.step;
    progress = recorded_run_step(self->recorded, error);
    if (want == WANT_STEP && self->moment.step != before)
      end_step(self);
    if (progress == RUN_STOPPED) /* the next command says why */
      progress = RUN_GOES_ON;
    else if (progress == RUN_GOES_ON)
      tell_when_due(self);
  }
  return progress;
}

static bool open_run(Worker *self, RunStore *store, GError **error) {
  RecordedOptions options = {.session = self->session,
                             .store = store,
                             .resume = self->resume,
                             .observer = {.data = self,
                                          .step = hear_step,
                                          .evaluation = hear_evaluation,
                                          .pattern = hear_pattern,
                                          .map = hear_map,
                                          .baseline = hear_baseline,
                                          .warning = hear_warning,
                                          .counted = hear_counted},
                             .told = hear_of_disk,
                             .stop = &self->interrupt,
                             .nice = NICE};
  self->viewer = viewer_new(self->session, error);
  bool fits = self->viewer && viewer_fits(self->viewer, &self->moment, error);
  self->recorded = fits ? recorded_run_new(&options, error) : NULL;
  if (!self->recorded)
    return false;
  Run *run = recorded_run_run(self->recorded);
  g_auto(Moment) first = viewer_first_moment(self->viewer);
  if (!self->moment.own_omega) {
    self->moment.own_omega = g_steal_pointer(&first.own_omega);
    self->moment.own_bias = g_steal_pointer(&first.own_bias);
  }
  self->moment.step = run_state(run)->step;
  self->moment.epoch = run_state(run)->epoch;
  self->moment.seconds = run_state(run)->seconds;
  news_of(self)->run_id = g_strdup(recorded_run_id(self->recorded));
  news_of(self)->total_steps = run_total_steps(run);
  look(self);
  post(self, PHASE_RUNNING);
  return true;
}

/* The result is stored; the last moment of a run that failed stays as it was. */
static void end_run(Worker *self, RunProgress progress, GError *failure) {
  g_autoptr(GError) lost = NULL;
  if (progress != RUN_FAILED)
    look(self);
  int last = run_state(recorded_run_run(self->recorded))->step;
  g_array_append_vals(news_of(self)->stored_steps, &last, 1);
  if (!recorded_run_finish(self->recorded, progress, failure, &lost))
    g_ptr_array_add(news_of(self)->sentences, g_strdup(lost->message));
}

void *worker_work(void *data) {
  Worker *self = data;
  g_autoptr(GError) error = NULL;
  setpriority(PRIO_PROCESS, 0, NICE); /* of this thread, on Linux */
  g_autoptr(RunStore) store = run_store_open(self->store_path, &error);
  if (store && open_run(self, store, &error))
    end_run(self, train(self, &error), error);
  if (error)
    news_of(self)->failure = g_strdup(error->message);
  g_clear_pointer(&self->recorded, recorded_run_free);
  g_clear_pointer(&self->viewer, viewer_free);
  post(self, PHASE_ENDED);
  malloc_trim(0); /* what the run used would stay with the process, in pieces */
  return NULL;
}
