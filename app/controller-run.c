/* The run: the worker's commands and news. */
#include "app/controller-private.h"

#include <math.h>

static bool has_worker(const HfController *self) {
  return self->worker != NULL;
}

/* Whether there is any. */
static bool take_baselines(HfSeries *series, const News *news) {
  if (!isnan(news->no_prompt)) {
    series->no_prompt = news->no_prompt;
    series->no_prompt_loss = news->no_prompt_loss;
  }
  if (!isnan(news->no_prompt_full_size)) {
    series->no_prompt_full_size = news->no_prompt_full_size;
    series->no_prompt_full_size_loss = news->no_prompt_full_size_loss;
  }
  return !isnan(news->no_prompt) || !isnan(news->no_prompt_full_size);
}

static bool take_counted(HfSeries *series, const News *news) {
  if (!news->to_count || (series->counted == news->counted && series->to_count == news->to_count))
    return false;
  series->counted = news->counted;
  series->to_count = news->to_count;
  return true;
}

static void hear_series(HfController *self, const News *news) {
  HfSeries *series = self->shown.series;
  bool baselines = take_baselines(series, news), counted = take_counted(series, news);
  if (!baselines && !counted && !news->steps->len && !news->evaluations->len && !news->stored_steps->len &&
      !news->run_id)
    return;
  hf_steps_add(series->steps, news->steps);
  hf_steps_add(series->evaluations, news->evaluations);
  hf_steps_add(self->shown.stored_steps, news->stored_steps);
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
  if (reset)
    controller_show_choice(self);
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

/* What is shown stays, a run or the choice. */
static void stay(HfController *self) {
  if (!self->shown.session && self->session)
    controller_show_choice(self);
  controller_set_state(self, self->shown.run_id ? HF_STATE_REPLAY : HF_STATE_IDLE);
}

/* What cannot be run leaves the run that is shown. */
static bool is_possible(HfController *self) {
  g_autoptr(GError) error = NULL;
  if (session_check(self->session, &error))
    return true;
  if (!self->shown.run_id && self->shown.session != self->session)
    controller_show_choice(self);
  if (controller_refuses(self))
    controller_tell(self, SIGNAL_REFUSED);
  else
    controller_say(self, SIGNAL_FAILED, error->message);
  return false;
}

void controller_loaded(HfController *self, bool good) {
  Start start = self->start;
  self->start = START_NOTHING;
  if (start == START_NOTHING)
    return;
  if (!good || !is_possible(self)) {
    stay(self);
    return;
  }
  controller_show(self, self->session, NULL);
  run_spec_free(self->shown.spec);
  self->shown.spec = run_spec_copy(hf_controller_spec(self));
  controller_start_worker(self, self->session, NULL, start == START_STEP);
}

/* A new run of the choice, as soon as it is loaded. */
static void begin(HfController *self, Start start) {
  controller_drop_opening(self);
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
  } else if (self->state == HF_STATE_LOADING) {
    controller_drop_opening(self);
    stay(self);
  }
}

void hf_controller_reset(HfController *self) {
  controller_stop_play(self);
  if (has_worker(self)) {
    self->after_end = AFTER_RESET;
    hf_controller_stop(self);
    return;
  }
  self->start = START_NOTHING;
  controller_show_choice(self);
  controller_set_state(self, HF_STATE_IDLE);
}
