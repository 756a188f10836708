/* The moment that is shown: of the worker as it comes, of the store where the user goes back, or of the
 * choice before training.  What the worker does not bring is looked at in a thread, one look at a time. */
#include "app/controller-private.h"

#define PLAY_EVERY 120 /* milliseconds a stored step */

/* One thread's work. */
typedef struct {
  Replay *replay;
  Moment moment;
  int sample;
  bool mistake;
  StopFlag stop; /* of the search for a mistake */
  int serial;
  HfSnapshot *snapshot;
} Look;

static void look_free(void *data) {
  Look *look = data;
  replay_unref(look->replay);
  moment_clear(&look->moment);
  hf_snapshot_unref(look->snapshot);
  g_free(look);
}

static void work(GTask *task, void *source, void *data, GCancellable *cancellable) {
  Look *look = data;
  GError *error = NULL;
  bool good = replay_find(look->replay, &look->moment, &error);
  if (good && look->mistake)
    look->sample = replay_next_mistake(look->replay, &look->moment, look->sample, &look->stop, &error);
  if (good && !error)
    look->snapshot = replay_look(look->replay, &look->moment, look->sample, &error);
  if (look->snapshot)
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

void controller_take_snapshot(HfController *self, HfSnapshot *snapshot) {
  hf_snapshot_unref(self->snapshot);
  self->snapshot = snapshot;
  self->snapshot_old = false;
  controller_tell(self, SIGNAL_SNAPSHOT);
}

/* A look at the newest moment comes too late where the worker has shown a newer one of the same sample. */
static bool is_outdated(const HfController *self, const HfSnapshot *snapshot) {
  return self->seek < 0 && self->worker && self->live && self->live->sample == snapshot->sample &&
         self->live->step > snapshot->step;
}

static void looked(GObject *object, GAsyncResult *result, void *data) {
  HfController *self = HF_CONTROLLER(object);
  Look *look = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  bool good = g_task_propagate_boolean(G_TASK(result), &error);
  self->looking = false;
  self->search = NULL;
  if (self->closed)
    return;
  if (look->serial == self->look_serial && !self->look_old) {
    if (look->mistake && !atomic_load(&look->stop) && good && look->sample != self->sample) {
      self->sample = look->sample;
      if (self->worker)
        worker_choose_sample(self->worker, self->sample);
    }
    if (!good) {
      /* Of an impossible choice there is nothing to see, and the verdict says why. */
      if (self->shown.run_id || !controller_refuses(self))
        controller_say(self, SIGNAL_FAILED, error->message);
      if (self->snapshot_old) /* it would stand for something else */
        controller_take_snapshot(self, NULL);
    } else if (!self->look_wanted && !is_outdated(self, look->snapshot)) {
      if (!self->shown.moment.pattern && self->seek < 0) {
        moment_clear(&self->shown.moment);
        self->shown.moment = moment_copy(&look->moment);
      }
      controller_take_snapshot(self, g_steal_pointer(&look->snapshot));
    }
  }
  if (self->look_wanted)
    controller_look(self);
}

/* What the series know of a step of a stored run. */
static void describe(const HfController *self, Moment *moment) {
  const GArray *steps = self->shown.series->steps;
  const RunStep *last = NULL;
  guint low = 0, high = steps->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    const RunStep *step = &g_array_index(steps, RunStep, middle);
    if (step->step <= moment->step) {
      last = step;
      low = middle + 1;
    } else
      high = middle;
  }
  moment->total_steps = self->shown.series->total_steps;
  moment->epoch = last ? last->epoch : 0;
  moment->seconds = last ? last->seconds : 0;
  if (last && last->seconds > 0)
    moment->images_per_second = (double)last->step * self->shown.session->spec->batch / last->seconds;
  for (guint i = 0; self->shown.map_steps && i < self->shown.map_steps->len; i++) {
    const RunMapStep *map = &g_array_index(self->shown.map_steps, RunMapStep, i);
    if (map->step <= moment->step)
      moment->switches += map->switches;
  }
}

static Moment moment_to_show(const HfController *self) {
  const Moment *newest = &self->shown.moment;
  if (self->seek < 0 && newest->pattern)
    return moment_copy(newest);
  Moment moment = {.step = MAX(self->seek, 0)};
  if (self->shown.run_id)
    describe(self, &moment);
  if (newest->own_omega) {
    moment.own_omega = tensor_ref(newest->own_omega);
    moment.own_bias = tensor_ref(newest->own_bias);
  }
  return moment;
}

void controller_stop_search(HfController *self) {
  if (self->search)
    atomic_store(self->search, 1);
}

void controller_look(HfController *self) {
  self->look_wanted = self->looking;
  if (!self->shown.replay)
    self->mistake_wanted = false;
  if (self->looking || self->closed || !self->shown.replay)
    return;
  Look *look = g_new0(Look, 1);
  look->replay = replay_ref(self->shown.replay);
  look->moment = moment_to_show(self);
  look->sample = self->sample;
  look->mistake = self->mistake_wanted;
  look->serial = self->look_serial;
  self->search = look->mistake ? &look->stop : NULL;
  self->mistake_wanted = self->look_old = false;
  self->looking = true;
  g_autoptr(GTask) task = g_task_new(self, NULL, looked, NULL);
  g_task_set_task_data(task, look, look_free);
  g_task_run_in_thread(task, work);
}

/* Forgets the run; series and steps stay there, empty.  The snapshot stays until there is another one. */
void controller_clear_shown(HfController *self) {
  Shown *shown = &self->shown;
  controller_stop_search(self);
  self->mistake_wanted = false;
  self->look_serial++;
  self->open_serial++;
  self->seek = -1;
  self->snapshot_old = self->snapshot != NULL;
  g_clear_pointer(&shown->run_id, g_free);
  g_clear_pointer(&shown->replay, replay_unref);
  g_clear_pointer(&shown->session, session_unref);
  g_clear_pointer(&shown->spec, run_spec_free);
  g_clear_pointer(&shown->map_steps, g_array_unref);
  hf_series_free(shown->series);
  shown->series = hf_series_new();
  g_array_set_size(shown->stored_steps, 0);
  moment_clear(&shown->moment);
  g_clear_pointer(&self->live, hf_snapshot_unref);
}

void controller_show(HfController *self, Session *session, const char *run_id) {
  Shown *shown = &self->shown;
  bool begins = run_id && session == shown->session && !shown->run_id; /* the same choice, now with a run */
  if (begins) {
    shown->run_id = g_strdup(run_id);
    replay_unref(shown->replay);
    shown->replay = replay_new(session, run_store_path(self->store), run_id);
    return;
  }
  session_ref(session);
  controller_clear_shown(self);
  shown->session = session;
  shown->spec = run_spec_copy(session->spec);
  shown->run_id = g_strdup(run_id);
  shown->replay = replay_new(session, run_store_path(self->store), run_id);
  self->sample = CLAMP(self->sample, 0, session_test_samples(session) - 1);
  controller_tell(self, SIGNAL_SERIES);
  if (!run_id)
    controller_look(self);
}

void controller_show_choice(HfController *self) {
  if (self->session) {
    controller_show(self, self->session, NULL);
    return;
  }
  controller_clear_shown(self);
  controller_take_snapshot(self, NULL);
  controller_tell(self, SIGNAL_SERIES);
}

void hf_controller_seek(HfController *self, int step) {
  const GArray *stored = self->shown.stored_steps;
  int found = -1;
  for (guint i = 0; step >= 0 && i < stored->len && g_array_index(stored, int, i) <= step; i++)
    found = g_array_index(stored, int, i);
  if (!self->worker && self->state == HF_STATE_REPLAY && found < 0 && stored->len)
    found = g_array_index(stored, int, step < 0 ? stored->len - 1 : 0);
  self->seek = found;
  controller_stop_search(self);
  if (found < 0 && self->live && self->live->sample == self->sample) {
    self->look_old = self->looking;
    controller_take_snapshot(self, hf_snapshot_ref(self->live));
  } else
    controller_look(self);
}

int hf_controller_shown_step(HfController *self) {
  return self->seek;
}

Session *hf_controller_shown_session(HfController *self) {
  return self->shown.session;
}

void hf_controller_choose_sample(HfController *self, int index) {
  int n = self->shown.session ? session_test_samples(self->shown.session) : 0;
  if (n == 0 || index < 0 || index >= n || index == self->sample)
    return;
  self->sample = index;
  if (self->worker)
    worker_choose_sample(self->worker, index);
  controller_stop_search(self);
  controller_look(self);
}

void hf_controller_next_mistake(HfController *self) {
  self->mistake_wanted = true;
  controller_stop_search(self);
  controller_look(self);
}

/* The stored step after the one that is shown; false at the last. */
static bool go_on(HfController *self) {
  const GArray *stored = self->shown.stored_steps;
  for (guint i = 0; i < stored->len; i++)
    if (g_array_index(stored, int, i) > self->seek) {
      hf_controller_seek(self, g_array_index(stored, int, i));
      return i + 1 < stored->len;
    }
  return false;
}

static gboolean play(gpointer data) {
  HfController *self = data;
  if (self->looking || go_on(self))
    return G_SOURCE_CONTINUE;
  controller_stop_play(self);
  return G_SOURCE_CONTINUE;
}

void controller_stop_play(HfController *self) {
  if (!self->play_source)
    return;
  g_clear_handle_id(&self->play_source, g_source_remove);
  controller_tell(self, SIGNAL_STATE);
}

void hf_controller_play(HfController *self, bool on) {
  const GArray *stored = self->shown.stored_steps;
  if (!on || self->play_source || stored->len == 0) {
    if (!on)
      controller_stop_play(self);
    return;
  }
  if (self->seek < 0 || self->seek >= g_array_index(stored, int, stored->len - 1))
    hf_controller_seek(self, g_array_index(stored, int, 0));
  self->play_source = g_timeout_add(PLAY_EVERY, play, self);
  controller_tell(self, SIGNAL_STATE);
}

bool hf_controller_is_playing(HfController *self) {
  return self->play_source != 0;
}
