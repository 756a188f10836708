/* Stored runs: what is known of one is read in a thread, then it is shown or goes on. */
#include "app/controller-private.h"
#include "app/stored-series.h"
#include "engine/preset.h"

#include <glib/gi18n.h>

/* One thread's work. */
typedef struct {
  char *run_id, *store_path;
  OpenHow how;
  int serial;
  Session *like, *session;
  RunSpec *spec;
  GPtrArray *verdicts;
  HfSeries *series;
  GArray *stored_steps, *map_steps;
  Moment before; /* where it is resumed: of the checkpoint, without pattern and map */
} Open;

static void open_free(void *data) {
  Open *open = data;
  g_free(open->run_id);
  g_free(open->store_path);
  session_unref(open->like);
  session_unref(open->session);
  run_spec_free(open->spec);
  g_clear_pointer(&open->verdicts, g_ptr_array_unref);
  hf_series_free(open->series);
  g_clear_pointer(&open->stored_steps, g_array_unref);
  g_clear_pointer(&open->map_steps, g_array_unref);
  moment_clear(&open->before);
  g_free(open);
}

static bool read_series(Open *open, RunStore *store, const RunRow *row, GError **error) {
  open->series = stored_series(store, row, error);
  open->stored_steps = open->series ? run_store_pattern_steps(store, open->run_id, error) : NULL;
  open->map_steps = open->stored_steps ? run_store_map_steps(store, open->run_id, error) : NULL;
  return open->map_steps != NULL;
}

static int switches_until(const GArray *map_steps, int step) {
  int switches = 0;
  for (guint i = 0; i < map_steps->len; i++)
    if (g_array_index(map_steps, RunMapStep, i).step <= step)
      switches += g_array_index(map_steps, RunMapStep, i).switches;
  return switches;
}

static bool read_checkpoint(Open *open, RunStore *store, GError **error) {
  g_autoptr(RunState) state = NULL;
  if (!run_store_checkpoint(store, open->run_id, &state, NULL, error) ||
      !run_store_baseline_map(store, open->run_id, PROMPT_OFF, &open->before.own_omega,
                              &open->before.own_bias, error))
    return false;
  open->before.step = state ? state->step : 0;
  open->before.switches = switches_until(open->map_steps, open->before.step);
  return true;
}

static bool read_run(Open *open, GError **error) {
  g_autoptr(RunStore) store = run_store_open(open->store_path, error);
  g_autoptr(RunRow) row = store ? run_store_get(store, open->run_id, error) : NULL;
  open->spec = row ? run_spec_parse(row->spec, open->run_id, false, error) : NULL;
  open->session = open->spec ? session_open_like(open->spec, open->like, store, error) : NULL;
  /* What has been trained may be looked at with other samples, too. */
  bool (*same)(const Session *session, const RunRow *row, GError **error) =
      open->how == OPEN_RESUME ? session_same_inputs : session_same_model;
  if (!open->session || !same(open->session, row, error) || !read_series(open, store, row, error))
    return false;
  open->verdicts = controller_judge_all(open->session);
  return open->how != OPEN_RESUME || read_checkpoint(open, store, error);
}

static void work(GTask *task, void *source, void *data, GCancellable *cancellable) {
  GError *error = NULL;
  if (read_run(data, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

/* What the checkpoint does not know of comes again. */
static void cut(Shown *shown, int step) {
  hf_steps_cut(shown->series->steps, step);
  hf_steps_cut(shown->series->evaluations, step);
  hf_steps_cut(shown->stored_steps, step);
}

/* The default experiment has its name, whether the run was made with the preset or with the same settings. */
static void name_preset(RunSpec *spec) {
  const Preset *usual = preset_find("default");
  if (!spec->preset && preset_is(usual, spec))
    spec->preset = g_strdup(usual->name);
}

static void take_choice(HfController *self, Open *open) {
  name_preset(open->spec);
  controller_take_choice(self, g_steal_pointer(&open->spec), NULL);
  session_unref(self->session);
  self->session = session_ref(open->session);
  self->session_serial = self->choice_serial;
  session_unref(self->last_session);
  self->last_session = session_ref(open->session);
  controller_judge(self, self->session, g_steal_pointer(&open->verdicts));
}

void hf_controller_take_run_settings(HfController *self) {
  const RunSpec *run = hf_controller_run_spec(self);
  if (!run)
    return;
  RunSpec *spec = run_spec_copy(run);
  name_preset(spec);
  controller_take_choice(self, spec, NULL);
}

static void show(HfController *self, Open *open) {
  if (open->how != OPEN_AGAIN)
    take_choice(self, open);
  controller_show(self, open->session, open->run_id);
  hf_series_free(self->shown.series);
  self->shown.series = g_steal_pointer(&open->series);
  g_array_unref(self->shown.stored_steps);
  self->shown.stored_steps = g_steal_pointer(&open->stored_steps);
  self->shown.map_steps = g_steal_pointer(&open->map_steps);
}

/* What was shown before stays; where there is nothing, the choice before training. */
static void fail(HfController *self, const Open *open, const GError *error) {
  if (open->how != OPEN_AGAIN)
    controller_say(self, SIGNAL_FAILED, error->message);
  if (!self->shown.session && self->session)
    controller_show(self, self->session, NULL);
  controller_set_state(self, self->shown.run_id ? HF_STATE_REPLAY : HF_STATE_IDLE);
}

static void opened(GObject *object, GAsyncResult *result, void *data) {
  HfController *self = HF_CONTROLLER(object);
  Open *open = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  bool good = g_task_propagate_boolean(G_TASK(result), &error);
  if (self->closed || open->serial != self->open_serial || self->worker)
    return;
  bool resumes = open->how == OPEN_RESUME;
  if (!good) {
    fail(self, open, error);
    return;
  }
  controller_set_state(self, resumes ? HF_STATE_LOADING : HF_STATE_REPLAY);
  show(self, open);
  if (resumes) {
    cut(&self->shown, open->before.step);
    moment_clear(&self->shown.moment);
    self->shown.moment = moment_copy(&open->before);
    g_clear_pointer(&self->shown.map_steps, g_array_unref);
  }
  controller_tell(self, SIGNAL_SERIES);
  if (resumes)
    controller_start_worker(self, self->shown.session, open->run_id, false);
  else
    hf_controller_seek(self, -1);
}

static void begin(HfController *self, const char *run_id, OpenHow how) {
  controller_stop_play(self);
  self->start = START_NOTHING;
  Open *open = g_new0(Open, 1);
  open->run_id = g_strdup(run_id);
  open->store_path = g_strdup(run_store_path(self->store));
  open->how = how;
  open->serial = ++self->open_serial;
  open->like = self->last_session ? session_ref(self->last_session) : NULL;
  if (how == OPEN_RESUME)
    controller_set_state(self, HF_STATE_LOADING);
  g_autoptr(GTask) task = g_task_new(self, NULL, opened, NULL);
  g_task_set_task_data(task, open, open_free);
  g_task_run_in_thread(task, work);
}

void controller_open_wanted(HfController *self) {
  g_autofree char *run_id = g_steal_pointer(&self->wanted_run);
  if (run_id && !self->worker)
    begin(self, run_id, self->wanted_how);
}

void controller_drop_opening(HfController *self) {
  g_clear_pointer(&self->wanted_run, g_free);
  self->open_serial++;
}

/* What is loading may be the same model and task, so it is waited for. */
static void want(HfController *self, const char *run_id, OpenHow how) {
  if (self->worker) {
    controller_say(self, SIGNAL_MESSAGE, _("A run is training; stop it before another one is opened."));
    return;
  }
  if (!self->loading) {
    begin(self, run_id, how);
    return;
  }
  g_free(self->wanted_run);
  self->wanted_run = g_strdup(run_id);
  self->wanted_how = how;
  if (how == OPEN_RESUME)
    controller_set_state(self, HF_STATE_LOADING);
}

void hf_controller_open(HfController *self, const char *run_id) {
  want(self, run_id, OPEN_RUN);
}

void hf_controller_show_again(HfController *self, const char *run_id) {
  want(self, run_id, OPEN_AGAIN);
}

void hf_controller_resume(HfController *self, const char *run_id) {
  want(self, run_id, OPEN_RESUME);
}
