#include "app/controller-private.h"

#include "app/choice-file.h"

G_DEFINE_FINAL_TYPE(HfController, hf_controller, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static const char *const signal_names[N_SIGNALS] = {
    [SIGNAL_CHOICE] = "choice-changed", [SIGNAL_JUDGED] = "judged",         [SIGNAL_STATE] = "state-changed",
    [SIGNAL_SNAPSHOT] = "snapshot",     [SIGNAL_SERIES] = "series-changed", [SIGNAL_MESSAGE] = "message",
    [SIGNAL_FAILED] = "failed",         [SIGNAL_RUNS] = "runs-changed",     [SIGNAL_REFUSED] = "refused",
};

static bool has_argument(ControllerSignal signal) {
  return signal == SIGNAL_SNAPSHOT || signal == SIGNAL_MESSAGE || signal == SIGNAL_FAILED;
}

void controller_tell(HfController *self, ControllerSignal signal) {
  if (self->closed)
    return;
  if (signal == SIGNAL_SNAPSHOT)
    g_signal_emit(self, signals[signal], 0, self->snapshot);
  else
    g_signal_emit(self, signals[signal], 0);
}

void controller_say(HfController *self, ControllerSignal signal, const char *sentence) {
  if (!self->closed)
    g_signal_emit(self, signals[signal], 0, sentence);
}

void controller_set_state(HfController *self, HfState state) {
  if (self->state == state)
    return;
  self->state = state;
  controller_tell(self, SIGNAL_STATE);
}

/* All but the worker. */
static void close_now(HfController *self) {
  controller_stop_play(self);
  controller_stop_search(self);
  self->closed = true;
  if (self->save_source)
    controller_save_choice(self);
  g_clear_handle_id(&self->save_source, g_source_remove);
}

void hf_controller_close(HfController *self) {
  if (!self->closed)
    close_now(self);
  g_clear_pointer(&self->worker, worker_free);
}

/* What is to be called in the end. */
typedef struct {
  GCallback closed;
  gpointer data;
} Closing;

static void join(GTask *task, gpointer source, gpointer worker, GCancellable *cancellable) {
  worker_join(worker);
  g_task_return_boolean(task, TRUE);
}

static void on_joined(GObject *object, GAsyncResult *result, gpointer data) {
  g_autofree Closing *closing = data;
  worker_free(g_task_get_task_data(G_TASK(result)));
  ((void (*)(gpointer))closing->closed)(closing->data);
}

void hf_controller_close_later(HfController *self, GCallback closed, gpointer data) {
  Closing *closing = g_new0(Closing, 1);
  *closing = (Closing){closed, data};
  if (!self->closed)
    close_now(self);
  g_autoptr(GTask) task = g_task_new(self, NULL, on_joined, closing);
  Worker *worker = g_steal_pointer(&self->worker);
  if (!worker) {
    g_task_return_boolean(task, TRUE);
    return;
  }
  worker_stop(worker);
  g_task_set_task_data(task, worker, NULL);
  g_task_run_in_thread(task, join);
}

static void hf_controller_dispose(GObject *object) {
  hf_controller_close(HF_CONTROLLER(object));
  G_OBJECT_CLASS(hf_controller_parent_class)->dispose(object);
}

static void hf_controller_finalize(GObject *object) {
  HfController *self = HF_CONTROLLER(object);
  g_free(self->wanted_run);
  controller_clear_shown(self);
  choice_history_free(self->history);
  session_unref(self->session);
  session_unref(self->last_session);
  g_clear_pointer(&self->verdicts, g_ptr_array_unref);
  controller_forget_verdict(self);
  hf_snapshot_unref(self->snapshot);
  hf_snapshot_unref(self->live);
  hf_series_free(self->shown.series);
  g_array_unref(self->shown.stored_steps);
  g_clear_pointer(&self->store, run_store_close);
  G_OBJECT_CLASS(hf_controller_parent_class)->finalize(object);
}

static void hf_controller_class_init(HfControllerClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS(class);
  object_class->dispose = hf_controller_dispose;
  object_class->finalize = hf_controller_finalize;
  GType arguments[N_SIGNALS] = {
      [SIGNAL_SNAPSHOT] = G_TYPE_POINTER, [SIGNAL_MESSAGE] = G_TYPE_STRING, [SIGNAL_FAILED] = G_TYPE_STRING};
  for (int i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(signal_names[i], HF_TYPE_CONTROLLER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, has_argument(i) ? 1 : 0, arguments[i]);
}

static void hf_controller_init(HfController *self) {
  self->seek = -1;
  self->shown.series = hf_series_new();
  self->shown.stored_steps = g_array_new(FALSE, FALSE, sizeof(int));
}

HfController *hf_controller_new(const char *store_path, GError **error) {
  RunStore *store = run_store_open(store_path, error);
  if (!store)
    return NULL;
  HfController *self = g_object_new(HF_TYPE_CONTROLLER, NULL);
  self->store = store;
  self->history = choice_history_new(choice_file_read());
  self->choice_serial = 1;
  controller_load(self);
  return self;
}

const Session *hf_controller_session(HfController *self) {
  return self->session;
}

const Verdict *const *hf_controller_verdicts(HfController *self) {
  return self->verdicts ? (const Verdict *const *)self->verdicts->pdata : NULL;
}

const Verdict *hf_controller_verdict(HfController *self) {
  return self->verdict;
}

const char *hf_controller_problem(HfController *self) {
  return self->problem;
}

HfState hf_controller_state(HfController *self) {
  return self->state;
}

const char *hf_controller_run_id(HfController *self) {
  return self->shown.run_id;
}

/* A run that has only just begun has no number yet. */
static bool shows_run(const HfController *self) {
  return self->shown.session && (self->shown.run_id || self->worker);
}

const RunSpec *hf_controller_run_spec(HfController *self) {
  return shows_run(self) ? self->shown.spec : NULL;
}

const Session *hf_controller_run_session(HfController *self) {
  return shows_run(self) ? self->shown.session : NULL;
}

const GArray *hf_controller_stored_steps(HfController *self) {
  return self->shown.stored_steps;
}

const HfSeries *hf_controller_series(HfController *self) {
  return self->shown.series;
}

HfSnapshot *hf_controller_snapshot(HfController *self) {
  return self->snapshot;
}

RunStore *hf_controller_store(HfController *self) {
  return self->store;
}
