#include "app/worker-private.h"

#include "engine/error.h"

#include <string.h>

static void command(Worker *self, Want want, bool at_once) {
  pthread_mutex_lock(&self->lock);
  if (self->want != WANT_STOP)
    self->want = want;
  self->commands++;
  if (at_once)
    atomic_store(&self->interrupt, 1);
  pthread_cond_signal(&self->commanded);
  pthread_mutex_unlock(&self->lock);
}

static void deliver(void *data, void *value) {
  const Worker *self = data;
  g_autoptr(News) news = value;
  self->heard(self->heard_data, news);
}

static void *merge(void *older, void *newer) {
  return news_merge(older, newer);
}

static void free_news(void *value) {
  news_free(value);
}

Worker *worker_new(const WorkerOptions *options, GError **error) {
  Worker *self = g_new0(Worker, 1);
  MailboxOptions mailbox = {.data = self, .deliver = deliver, .merge = merge, .free_value = free_news};
  self->mailbox = mailbox_new(&mailbox, error);
  if (!self->mailbox) {
    g_free(self);
    return NULL;
  }
  self->heard = options->heard;
  self->heard_data = options->data;
  self->session = session_ref(options->session);
  self->store_path = g_strdup(options->store_path);
  self->resume = g_strdup(options->resume);
  if (options->before)
    self->moment = moment_copy(options->before);
  self->want = options->one_step ? WANT_STEP : WANT_RUN;
  atomic_store(&self->sample, options->sample);
  pthread_mutex_init(&self->lock, NULL);
  pthread_cond_init(&self->commanded, NULL);
  int failure = pthread_create(&self->thread, NULL, worker_work, self);
  if (failure == 0)
    return self;
  input_error(error, "no thread can be started for the run: %s", g_strerror(failure));
  self->joined = true;
  worker_free(self);
  return NULL;
}

void worker_go_on(Worker *self) {
  command(self, WANT_RUN, false);
}

void worker_pause(Worker *self) {
  command(self, WANT_PAUSE, true);
}

void worker_step(Worker *self) {
  command(self, WANT_STEP, false);
}

void worker_stop(Worker *self) {
  command(self, WANT_STOP, true);
}

void worker_choose_sample(Worker *self, int sample) {
  atomic_store(&self->sample, sample);
}

void worker_join(Worker *self) {
  if (self->joined)
    return;
  worker_stop(self);
  pthread_join(self->thread, NULL);
  self->joined = true;
}

void worker_free(Worker *self) {
  if (!self)
    return;
  mailbox_close(self->mailbox);
  worker_join(self);
  mailbox_free(self->mailbox);
  news_free(self->news);
  moment_clear(&self->moment);
  session_unref(self->session);
  pthread_mutex_destroy(&self->lock);
  pthread_cond_destroy(&self->commanded);
  g_free(self->store_path);
  g_free(self->resume);
  g_free(self);
}
