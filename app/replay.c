#include "app/replay.h"

#include "app/viewer.h"

#include <string.h>

#define MOST_BEHIND (1 * G_USEC_PER_SEC)
#define READ_AGAIN  (50 * G_TIME_SPAN_MILLISECOND)

struct _Replay {
  int references;
  Session *session;
  char *store_path, *run_id;
  RunStore *store;
  Viewer *viewer;
  Tensor *counts;  /* of the last map, once they are read; NULL: not yet, or not known */
  int counts_step; /* of that map */
};

Replay *replay_new(Session *session, const char *store_path, const char *run_id) {
  Replay *self = g_new0(Replay, 1);
  self->references = 1;
  self->session = session_ref(session);
  self->store_path = g_strdup(store_path);
  self->run_id = g_strdup(run_id);
  return self;
}

Replay *replay_ref(Replay *self) {
  __atomic_add_fetch(&self->references, 1, __ATOMIC_RELAXED);
  return self;
}

void replay_unref(Replay *self) {
  if (!self || __atomic_sub_fetch(&self->references, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  viewer_free(self->viewer);
  tensor_unref(self->counts);
  g_clear_pointer(&self->store, run_store_close);
  session_unref(self->session);
  g_free(self->store_path);
  g_free(self->run_id);
  g_free(self);
}

static bool need_viewer(Replay *self, GError **error) {
  if (!self->viewer)
    self->viewer = viewer_new(self->session, error);
  return self->viewer != NULL;
}

/* The pattern of a step; while the run trains, the thread that writes the store may be a little behind.
 * (transfer full) */
static Tensor *read_pattern(Replay *self, int step, int *found, GError **error) {
  for (int waited = 0;; waited += READ_AGAIN) {
    g_autoptr(GError) reason = NULL;
    g_autoptr(Tensor) pattern = run_store_pattern(self->store, self->run_id, step, found, &reason);
    if (pattern && (*found == step || waited >= MOST_BEHIND))
      return g_steal_pointer(&pattern);
    if (!pattern && waited >= MOST_BEHIND) {
      g_propagate_error(error, g_steal_pointer(&reason));
      return NULL;
    }
    g_usleep(READ_AGAIN);
  }
}

/* Whether a state's counts are those that the map of a step was made of. */
static bool is_map_of(const RunState *state, const Tensor *omega, int step) {
  gsize n = (gsize)tensor_count(omega);
  bool behind = state->step > step || (state->step == step && state->fitted_epoch == state->epoch);
  return behind && state->omega->len == n && memcmp(state->omega->data, omega->data, n * sizeof(float)) == 0;
}

static bool is_last_map(Replay *self, int step) {
  g_autoptr(GArray) steps = run_store_map_steps(self->store, self->run_id, NULL);
  return steps && steps->len && g_array_index(steps, RunMapStep, steps->len - 1).step == step;
}

/* Only the checkpoint keeps counts, those of the last map.  (transfer full) */
static Tensor *read_counts(Replay *self, const Tensor *omega, int step) {
  const AlignmentKind *kind = self->session->spec->alignment;
  if (self->counts && self->counts_step == step)
    return tensor_ref(self->counts);
  g_autoptr(RunState) state = NULL;
  if (!kind->counted || !kind->one_to_one || !is_last_map(self, step) ||
      !run_store_checkpoint(self->store, self->run_id, &state, NULL, NULL) || !state ||
      !is_map_of(state, omega, step))
    return NULL;
  tensor_unref(self->counts);
  self->counts = moment_counts(kind, state, (int)omega->shape.dim[0], (int)omega->shape.dim[1]);
  self->counts_step = step;
  return self->counts ? tensor_ref(self->counts) : NULL;
}

static bool read_moment(Replay *self, Moment *moment, GError **error) {
  if (!self->store && !(self->store = run_store_open(self->store_path, error)))
    return false;
  if (!moment->own_omega && !run_store_baseline_map(self->store, self->run_id, PROMPT_OFF, &moment->own_omega,
                                                    &moment->own_bias, error))
    return false;
  moment->pattern = read_pattern(self, moment->step, &moment->step, error);
  if (!moment->pattern)
    return false;
  /* The first map of a counted alignment comes a little after the first pattern. */
  int found;
  if (run_store_map(self->store, self->run_id, moment->step, &moment->omega, &moment->bias, &found, NULL)) {
    moment->counts = read_counts(self, moment->omega, found);
    return true;
  }
  g_auto(Moment) first = viewer_first_moment(self->viewer);
  moment->omega = tensor_ref(first.omega);
  moment->bias = tensor_ref(first.bias);
  return true;
}

bool replay_find(Replay *self, Moment *moment, GError **error) {
  if (moment->pattern)
    return true;
  if (!need_viewer(self, error))
    return false;
  g_auto(Moment) first = viewer_first_moment(self->viewer);
  if (!moment->own_omega && first.own_omega) {
    moment->own_omega = tensor_ref(first.own_omega);
    moment->own_bias = tensor_ref(first.own_bias);
  }
  if (self->run_id)
    return read_moment(self, moment, error) && viewer_fits(self->viewer, moment, error);
  moment->pattern = tensor_ref(first.pattern);
  moment->omega = tensor_ref(first.omega);
  moment->bias = tensor_ref(first.bias);
  return true;
}

HfSnapshot *replay_look(Replay *self, const Moment *moment, int sample, GError **error) {
  return need_viewer(self, error) ? viewer_look(self->viewer, moment, sample, error) : NULL;
}

int replay_next_mistake(Replay *self, const Moment *moment, int sample, const StopFlag *stop,
                        GError **error) {
  return need_viewer(self, error) ? viewer_next_mistake(self->viewer, moment, sample, stop) : sample;
}
