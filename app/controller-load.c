/* What the choice names is loaded in a thread, and all cells are judged for it. */
#include "app/controller-private.h"

/* One thread's work: what it gets, and what it makes. */
typedef struct {
  RunSpec *spec;
  char *store_path;
  int serial, model_serial;
  Session *like;
  Session *session;
  GPtrArray *verdicts;
} Load;

static void load_free(void *data) {
  Load *load = data;
  run_spec_free(load->spec);
  g_free(load->store_path);
  session_unref(load->like);
  session_unref(load->session);
  g_clear_pointer(&load->verdicts, g_ptr_array_unref);
  g_free(load);
}

static void free_verdict(void *verdict) {
  verdict_free(verdict);
}

GPtrArray *controller_judge_all(const Session *session) {
  TaxonomyContext context = session_context(session);
  GPtrArray *verdicts = g_ptr_array_new_with_free_func(free_verdict);
  for (int i = 0; i < N_CELLS; i++)
    g_ptr_array_add(verdicts, taxonomy_judge(cell_at(i), NULL, NULL, &context));
  return verdicts;
}

static void work(GTask *task, void *source, void *data, GCancellable *cancellable) {
  Load *load = data;
  GError *error = NULL;
  g_autoptr(RunStore) store =
      session_needs_store(load->spec) ? run_store_open(load->store_path, &error) : NULL;
  if (!error)
    load->session = session_open_like(load->spec, load->like, store, &error);
  if (load->session)
    load->verdicts = controller_judge_all(load->session);
  if (error)
    g_task_return_error(task, error);
  else
    g_task_return_boolean(task, TRUE);
}

bool controller_refuses(const HfController *self) {
  return self->verdict && self->verdict->kind == VERDICT_IMPOSSIBLE;
}

void controller_forget_verdict(HfController *self) {
  g_clear_pointer(&self->verdict, verdict_free);
  g_clear_pointer(&self->problem, g_free);
}

void controller_judge(HfController *self, const Session *session, GPtrArray *verdicts) {
  if (self->verdicts)
    g_ptr_array_unref(self->verdicts);
  self->verdicts = verdicts;
  controller_forget_verdict(self);
  self->verdict = session_judge(session, 0);
  controller_tell(self, SIGNAL_JUDGED);
}

static void take_over(HfController *self, Load *load) {
  session_unref(self->session);
  self->session = g_steal_pointer(&load->session);
  self->session_serial = load->serial;
  controller_judge(self, self->session, g_steal_pointer(&load->verdicts));
  if (self->state == HF_STATE_IDLE && !self->wanted_run)
    controller_show(self, self->session, NULL);
  controller_loaded(self, true);
}

static void loaded(GObject *object, GAsyncResult *result, void *data) {
  HfController *self = HF_CONTROLLER(object);
  Load *load = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  bool good = g_task_propagate_boolean(G_TASK(result), &error);
  self->loading = false;
  if (self->closed)
    return;
  if (good && load->model_serial == self->model_serial) {
    session_unref(self->last_session);
    self->last_session = session_ref(load->session);
  }
  if (load->serial != self->choice_serial) {
    controller_load(self);
    return;
  }
  if (good)
    take_over(self, load);
  else {
    controller_forget_verdict(self);
    self->problem = g_strdup(error->message);
    controller_tell(self, SIGNAL_JUDGED);
    controller_loaded(self, false);
  }
  controller_open_wanted(self);
}

void controller_load(HfController *self) {
  if (self->loading || self->closed)
    return;
  Load *load = g_new0(Load, 1);
  load->spec = run_spec_copy(hf_controller_spec(self));
  load->store_path = g_strdup(run_store_path(self->store));
  load->serial = self->choice_serial;
  load->model_serial = self->model_serial;
  load->like = self->last_session ? session_ref(self->last_session) : NULL;
  self->loading = true;
  g_autoptr(GTask) task = g_task_new(self, NULL, loaded, NULL);
  g_task_set_task_data(task, load, load_free);
  g_task_run_in_thread(task, work);
}
