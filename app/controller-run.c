/* The run: the worker's commands and news. */
#include "app/controller-private.h"

#include <math.h>

static bool has_worker(const HfController *self) {
  return self->worker != NULL;
}

/* Steps may come again after a run was resumed from a checkpoint: the later ones stay. */
static void add_steps(GArray *steps, const GArray *more) {
  if (more->len == 0)
    return;
  int first = g_array_index(more, RunStep, 0).step;
  while (steps->len && g_array_index(steps, RunStep, steps->len - 1).step >= first)
    g_array_set_size(steps, steps->len - 1);
  g_array_append_vals(steps, more->data, more->len);
}

static void add_evaluations(GArray *evaluations, const GArray *more) {
  if (more->len == 0)
    return;
  int first = g_array_index(more, RunEvaluation, 0).step;
  while (evaluations->len && g_array_index(evaluations, RunEvaluation, evaluations->len - 1).step >= first)
    g_array_set_size(evaluations, evaluations->len - 1);
  g_array_append_vals(evaluations, more->data, more->len);
}

static void add_stored(GArray *stored, const GArray *more) {
  for (guint i = 0; i < more->len; i++) {
    int step = g_array_index(more, int, i);
    while (stored->len && g_array_index(stored, int, stored->len - 1) >= step)
      g_array_set_size(stored, stored->len - 1);
    g_array_append_val(stored, step);
  }
}

static void hear_series(HfController *self, const News *news) {
  HfSeries *series = self->shown.series;
  bool baselines = !isnan(news->no_prompt) || !isnan(news->no_prompt_full_size);
  if (!baselines && !news->steps->len && !news->evaluations->len && !news->stored_steps->len && !news->run_id)
    return;
  add_steps(series->steps, news->steps);
  add_evaluations(series->evaluations, news->evaluations);
  add_stored(self->shown.stored_steps, news->stored_steps);
  if (!isnan(news->no_prompt))
    series->no_prompt = news->no_prompt;
  if (!isnan(news->no_prompt_full_size))
    series->no_prompt_full_size = news->no_prompt_full_size;
  controller_tell(self, SIGNAL_SERIES);
}

static void hear_snapshot(HfController *self, const News *news) {
  if (!news->snapshot)
    return;
  moment_clear(&self->shown.moment);
  self->shown.moment = moment_copy(&news->moment);
  hf_snapshot_unref(self->live);
  self->live = hf_snapshot_ref(news->snapshot);
  if (self->seek < 0)
    controller_take_snapshot(self, hf_snapshot_ref(self->live));
  if (self->live->sample != self->sample)
    controller_look(self);
}

static void hear_begin(HfController *self, const News *news) {
  if (!news->run_id)
    return;
  self->shown.series->total_steps = news->total_steps;
  if (!self->shown.run_id)
    controller_show(self, self->shown.session, news->run_id);
  controller_tell(self, SIGNAL_RUNS);
}

static void end(HfController *self, const News *news) {
  g_clear_pointer(&self->worker, worker_free);
  bool reset = self->after_end == AFTER_RESET || !self->shown.run_id;
  self->after_end = AFTER_STAY;
  if (news->failure)
    controller_say(self, SIGNAL_FAILED, news->failure);
  controller_tell(self, SIGNAL_RUNS);
  if (reset && self->session)
    controller_show(self, self->session, NULL);
  controller_set_state(self, reset ? HF_STATE_IDLE : HF_STATE_ENDED);
}

static void hear_work(HfController *self, const News *news) {
  if (!news->works || news->work == self->work)
    return;
  self->work = news->work;
  controller_tell(self, SIGNAL_STATE);
}

RunWork hf_controller_work(HfController *self) {
  return self->work;
}

static void hear_phase(HfController *self, const News *news) {
  bool stopping = self->state == HF_STATE_STOPPING;
  if (news->phase == PHASE_RUNNING && !stopping)
    controller_set_state(self, HF_STATE_RUNNING);
  else if (news->phase == PHASE_PAUSED && !stopping)
    controller_set_state(self, HF_STATE_PAUSED);
  else if (news->phase == PHASE_ENDED)
    end(self, news);
}

static void heard(void *data, const News *news) {
  HfController *self = data;
  if (self->closed)
    return;
  g_object_ref(self);
  for (guint i = 0; i < news->sentences->len; i++)
    controller_say(self, SIGNAL_MESSAGE, g_ptr_array_index(news->sentences, i));
  hear_begin(self, news);
  hear_series(self, news);
  hear_snapshot(self, news);
  hear_work(self, news);
  hear_phase(self, news);
  g_object_unref(self);
}

void controller_start_worker(HfController *self, Session *session, const char *resume, bool one_step) {
  g_autoptr(GError) error = NULL;
  WorkerOptions options = {.session = session,
                           .store_path = run_store_path(self->store),
                           .resume = resume,
                           .before = resume ? &self->shown.moment : NULL,
                           .one_step = one_step,
                           .sample = self->sample,
                           .heard = heard,
                           .data = self};
  self->after_end = AFTER_STAY;
  self->work = RUN_BEGINS;
  self->worker = worker_new(&options, &error);
  if (self->worker)
    return;
  controller_say(self, SIGNAL_FAILED, error->message);
  controller_set_state(self, HF_STATE_IDLE);
}

void controller_loaded(HfController *self, bool good) {
  Start start = self->start;
  self->start = START_NOTHING;
  if (start == START_NOTHING)
    return;
  if (!good || controller_refuses(self)) {
    controller_set_state(self, self->shown.run_id ? HF_STATE_REPLAY : HF_STATE_IDLE);
    if (good)
      controller_tell(self, SIGNAL_REFUSED);
    return;
  }
  controller_show(self, self->session, NULL);
  controller_start_worker(self, self->session, NULL, start == START_STEP);
}

/* A new run of the choice, as soon as it is loaded. */
static void begin(HfController *self, Start start) {
  g_clear_pointer(&self->wanted_run, g_free);
  self->start = start;
  controller_stop_play(self);
  controller_set_state(self, HF_STATE_LOADING);
  if (self->session && self->session_serial == self->choice_serial)
    controller_loaded(self, true);
  else
    controller_load(self);
}

void hf_controller_run(HfController *self) {
  if (self->state == HF_STATE_PAUSED) {
    worker_go_on(self->worker);
    controller_set_state(self, HF_STATE_RUNNING);
  } else if (!has_worker(self) && self->state != HF_STATE_LOADING)
    begin(self, START_RUN);
}

void hf_controller_step(HfController *self) {
  if (self->state == HF_STATE_PAUSED) {
    worker_step(self->worker);
    controller_set_state(self, HF_STATE_RUNNING);
  } else if (self->state == HF_STATE_RUNNING)
    hf_controller_pause(self);
  else if (!has_worker(self) && self->state != HF_STATE_LOADING)
    begin(self, START_STEP);
}

void hf_controller_pause(HfController *self) {
  if (self->state == HF_STATE_RUNNING)
    worker_pause(self->worker);
}

void hf_controller_stop(HfController *self) {
  self->start = START_NOTHING;
  if (has_worker(self)) {
    worker_stop(self->worker);
    controller_set_state(self, HF_STATE_STOPPING);
  } else if (self->state == HF_STATE_LOADING)
    controller_set_state(self, self->shown.run_id ? HF_STATE_REPLAY : HF_STATE_IDLE);
}

void hf_controller_reset(HfController *self) {
  controller_stop_play(self);
  if (has_worker(self)) {
    self->after_end = AFTER_RESET;
    hf_controller_stop(self);
    return;
  }
  self->start = START_NOTHING;
  if (self->session)
    controller_show(self, self->session, NULL);
  else
    controller_clear_shown(self);
  controller_set_state(self, HF_STATE_IDLE);
}
