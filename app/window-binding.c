#include "app/window-binding.h"

#include "app/apply-page.h"
#include "app/compare-page.h"
#include "app/first-look.h"
#include "app/settings.h"
#include "app/window-actions.h"
#include "app/window-close.h"
#include "app/window-content.h"
#include "app/window-exports.h"
#include "app/window-models.h"
#include "app/window-runs.h"
#include "app/window-session.h"
#include "app/window-title.h"

#include <glib/gi18n.h>

typedef struct {
  HfWindow *window; /* borrowed: the binding goes with it */
  HfController *controller;
  GSettings *settings; /* NULL: nothing is remembered */
  WindowActions *actions;
  WindowContent *content;
  WindowRuns *runs;
  WindowExports *exports;
  WindowModels *models;
  WindowSession *session; /* NULL: nothing is remembered */
  ComparePage *compare;
  ApplyPage *apply;
  char *title, *subtitle; /* as last set: the header is laid out again only for other words */
  RunRow *run;            /* that is shown, as last read; NULL: none, or not stored yet */
  guint inhibited;        /* cookie; 0: the machine may sleep */
  bool refused;           /* Run was, and the window offers to show why */
} Binding;

static void show_title(Binding *self) {
  g_autofree char *title = window_title_text(self->controller);
  g_autofree char *subtitle = window_subtitle_text(self->controller, self->run);
  if (!g_strcmp0(title, self->title) && !g_strcmp0(subtitle, self->subtitle))
    return;
  hf_window_set_title(self->window, title, subtitle);
  g_free(self->title);
  g_free(self->subtitle);
  self->title = g_steal_pointer(&title);
  self->subtitle = g_steal_pointer(&subtitle);
}

/* Its name and how it stands. */
static void read_run(Binding *self) {
  const char *id = hf_controller_run_id(self->controller);
  g_clear_pointer(&self->run, run_row_free);
  self->run = id ? run_store_get(hf_controller_store(self->controller), id, NULL) : NULL;
}

static void show_difference(Binding *self) {
  g_autofree char *names = window_difference_text(self->controller);
  /* Translators: what a run has otherwise than the choice, as in "label map, rate and 2 more". */
  g_autofree char *sentence =
      names ? g_strdup_printf(_("The run that is shown has other settings: %s."), names) : NULL;
  hf_window_set_difference(self->window, sentence);
}

/* The machine does not fall asleep while it trains. */
static void inhibit(Binding *self, bool training) {
  GtkApplication *application = gtk_window_get_application(GTK_WINDOW(self->window));
  if (!application || training == (self->inhibited != 0))
    return;
  if (training)
    self->inhibited =
        gtk_application_inhibit(application, GTK_WINDOW(self->window), GTK_APPLICATION_INHIBIT_SUSPEND,
                                _("A pattern is being trained"));
  else {
    gtk_application_uninhibit(application, self->inhibited);
    self->inhibited = 0;
  }
}

static void on_state(Binding *self) {
  HfState state = hf_controller_state(self->controller);
  hf_window_set_running(self->window, state == HF_STATE_RUNNING);
  inhibit(self, state == HF_STATE_RUNNING || state == HF_STATE_LOADING);
  if (state == HF_STATE_RUNNING || state == HF_STATE_LOADING)
    hf_window_withdraw_offer(self->window);
  read_run(self);
  window_content_show_state(self->content);
  window_actions_update(self->actions);
  show_title(self);
  show_difference(self);
}

/* What is chosen and cannot be loaded: nothing can be run before something else is. */
static void show_problem(Binding *self) {
  static const HfWindowButton buttons[] = {
      {N_("Choose a _Model"), "win.pick::model"}, {N_("Choose a _Task"), "win.pick::dataset"}, {NULL}};
  const char *problem = hf_controller_problem(self->controller);
  g_autofree char *sentence =
      problem ? g_strdup_printf(_("This choice cannot be loaded: %s"), problem) : NULL;
  hf_window_set_banner(self->window, sentence, buttons);
}

static void on_choice(Binding *self) {
  const Session *session = hf_controller_session(self->controller);
  if (session)
    window_models_loaded(self->models, session->model);
  if (self->refused)
    hf_window_withdraw_offer(self->window);
  self->refused = false;
  show_problem(self);
  window_content_show_choice(self->content);
  window_actions_update(self->actions);
  show_title(self);
  show_difference(self);
}

/* Another run is shown, in the same state perhaps. */
static bool is_another_run(const Binding *self) {
  return g_strcmp0(self->run ? self->run->id : NULL, hf_controller_run_id(self->controller)) != 0;
}

static void on_series(Binding *self) {
  if (is_another_run(self))
    on_state(self);
  window_content_show_series(self->content);
  window_actions_update(self->actions);
  show_title(self);
}

static void on_snapshot(Binding *self) {
  window_content_show_snapshot(self->content);
  window_actions_update(self->actions);
  show_title(self);
}

static void on_runs(Binding *self) {
  window_content_show_runs(self->content);
  read_run(self);
  show_title(self);
}

static void on_models(gpointer data) {
  window_content_read_cards(((Binding *)data)->content);
}

static void on_message(Binding *self, const char *sentence) {
  hf_window_tell(self->window, sentence, false);
}

static void on_failed(Binding *self, const char *sentence) {
  hf_window_tell(self->window, sentence, true);
}

static void on_run_refused(Binding *self) {
  hf_window_withdraw_offer(self->window);
  hf_window_offer(self->window, _("This choice is not possible here"), _("Show _Why"), "win.show-refusal",
                  NULL);
  self->refused = true;
}

static void on_refused(AxisId axis, int value, const Verdict *verdict, gpointer data) {
  window_content_show_reason(((Binding *)data)->content, axis, value, verdict);
}

static void on_threads(Binding *self) {
  int threads = settings_threads(self->settings);
  if (hf_controller_spec(self->controller)->threads == threads)
    return;
  g_autofree char *assignment = g_strdup_printf("run.threads=%d", threads);
  char *const assignments[] = {assignment, NULL};
  hf_controller_assign(self->controller, assignments, NULL);
}

/* With the window's own destruction, while its actions still stand. */
static void binding_free(Binding *self) {
  g_signal_handlers_disconnect_by_data(self->controller, self);
  if (self->settings)
    g_signal_handlers_disconnect_by_data(self->settings, self);
  window_runs_free(self->runs);
  g_clear_pointer(&self->session, window_session_free);
  window_exports_free(self->exports);
  window_models_free(self->models);
  compare_page_free(self->compare);
  apply_page_free(self->apply);
  window_content_free(self->content);
  window_actions_free(self->actions);
  g_clear_object(&self->controller);
  g_clear_object(&self->settings);
  g_clear_pointer(&self->run, run_row_free);
  g_free(self->title);
  g_free(self->subtitle);
  g_free(self);
}

static gboolean on_close(GtkWindow *window, Binding *self) {
  inhibit(self, false);
  g_clear_pointer(&self->session, window_session_free);
  return FALSE;
}

void window_bind(HfWindow *window, HfController *controller, GSettings *settings) {
  Binding *self = g_new0(Binding, 1);
  self->window = window;
  self->controller = g_object_ref(controller);
  g_set_object(&self->settings, settings);
  self->actions = window_actions_new(G_ACTION_MAP(window), controller, on_refused, self);
  self->content = window_content_new(window, controller);
  self->runs = window_runs_new(window, controller);
  self->exports = window_exports_new(window, controller);
  self->models = window_models_new(window, controller, on_models, self);
  self->compare = compare_page_new(window, controller);
  self->apply = apply_page_new(window, controller);
  const struct {
    const char *signal;
    GCallback handler;
  } signals[] = {
      {"choice-changed", G_CALLBACK(on_choice)}, {"judged", G_CALLBACK(on_choice)},
      {"state-changed", G_CALLBACK(on_state)},   {"series-changed", G_CALLBACK(on_series)},
      {"snapshot", G_CALLBACK(on_snapshot)},     {"runs-changed", G_CALLBACK(on_runs)},
      {"message", G_CALLBACK(on_message)},       {"failed", G_CALLBACK(on_failed)},
      {"refused", G_CALLBACK(on_run_refused)},
  };
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    g_signal_connect_swapped(controller, signals[i].signal, signals[i].handler, self);
  first_look_add_actions(window, controller);
  g_signal_connect(window, "close-request", G_CALLBACK(on_close), self);
  window_close_attach(window, controller);
  g_signal_connect_swapped(window, "destroy", G_CALLBACK(binding_free), self);
  if (settings) {
    g_signal_connect_swapped(settings, "changed::threads", G_CALLBACK(on_threads), self);
    on_threads(self);
    self->session = window_session_new(window, controller, settings);
  }
  on_state(self);
}
