#include "app/window-content.h"

#include "app/choice-cards.h"
#include "app/run-counts.h"
#include "app/sample-source.h"
#include "ui/panes.h"
#include "ui/pipeline.h"
#include "ui/taxonomy-card.h"
#include "ui/time-bar.h"

#include <math.h>

struct _WindowContent {
  HfWindow *window;
  HfController *controller;
  HfChoicePanel *choices;
  HfPipeline *pipeline;
  HfTaxonomyCard *card;
  HfPanes *panes;
  HfTimeBar *time_bar;
  ChoiceCards *cards;      /* NULL until they are read */
  ClassExamples *examples; /* NULL until somebody looks at the tasks, and for some seconds */
  bool examples_wanted;
  const Session *illustrated; /* whose pictures the cards show; only compared */
  GCancellable *cancellable;
};

static void activate(WindowContent *self, const char *action, GVariant *parameter) {
  g_action_group_activate_action(G_ACTION_GROUP(self->window), action, parameter);
}

static void on_assign(WindowContent *self, char **assignments) {
  activate(self, "assign", g_variant_new_strv((const char *const *)assignments, -1));
}

static void assign_run(WindowContent *self, const char *key, const char *value) {
  g_autofree char *assignment = g_strdup_printf("run.%s=%s", key, value);
  on_assign(self, (char *[]){assignment, NULL});
}

static void on_model(WindowContent *self, const char *name) {
  assign_run(self, "model", name);
}

static void on_describe_model(WindowContent *self, const char *name) {
  activate(self, "edit-model", g_variant_new_string(name));
}

static void on_forget_model(WindowContent *self, const char *name) {
  activate(self, "forget-model", g_variant_new_string(name));
}

static void on_dataset(WindowContent *self, const char *name) {
  assign_run(self, "dataset", name);
}

static void on_preset(WindowContent *self, const char *name) {
  activate(self, "preset", g_variant_new_string(name));
}

static void on_repair(WindowContent *self, const Repair *repair) {
  g_autoptr(GError) error = NULL;
  if (!hf_controller_repair(self->controller, repair, &error))
    hf_window_tell(self->window, error->message, true);
}

static void on_cell(WindowContent *self, int cell) {
  on_repair(self, &(Repair){.cell = cell_at(cell)});
}

static void on_seek(WindowContent *self, int step) {
  activate(self, "seek", g_variant_new_int32(step));
}

static void on_play(WindowContent *self) {
  activate(self, "play", NULL);
}

static void on_samples(WindowContent *self) {
  sample_source_show(hf_panes_get_samples(self->panes), self->controller);
}

static void on_focus_axis(GSimpleAction *action, GVariant *name, gpointer data) {
  for (int axis = 0; axis < N_AXES; axis++)
    if (g_str_equal(taxonomy_axes[axis].name, g_variant_get_string(name, NULL)))
      hf_choice_panel_focus_axis(((WindowContent *)data)->choices, axis);
}

static void on_pick(GSimpleAction *action, GVariant *name, gpointer data) {
  WindowContent *self = data;
  hf_window_reveal_choices(self->window);
  hf_choice_panel_open_picker(self->choices, g_variant_get_string(name, NULL));
}

static void on_show_refusal(GSimpleAction *action, GVariant *parameter, gpointer data) {
  WindowContent *self = data;
  hf_window_reveal_choices(self->window);
  hf_choice_panel_focus_present(self->choices);
}

static const GActionEntry actions[] = {
    {"focus-axis", on_focus_axis, "s"},
    {"pick", on_pick, "s"},
    {"show-refusal", on_show_refusal},
};

static ChoiceFacts facts_now(WindowContent *self) {
  const Session *session = hf_controller_session(self->controller);
  return choice_facts(hf_controller_spec(self->controller), session ? session->model : NULL,
                      session ? session->set : NULL);
}

static void show_spec(WindowContent *self) {
  ChoiceFacts facts = facts_now(self);
  const RunSpec *spec = hf_controller_spec(self->controller);
  const Session *session = hf_controller_session(self->controller);
  hf_choice_panel_set_spec(self->choices, spec, &facts);
  hf_choice_panel_set_model(self->choices, session ? session->model : NULL);
  hf_taxonomy_card_set_spec(self->card, spec, &facts);
  hf_pipeline_set(self->pipeline, session ? session->model : NULL, spec, session ? session->set : NULL,
                  &facts);
}

static void show_cards(WindowContent *self) {
  const Session *session = hf_controller_session(self->controller);
  if (!self->cards || (session && session == self->illustrated))
    return;
  self->illustrated = session;
  choice_cards_show(self->cards, self->choices, session ? session->set : NULL, self->examples);
}

/* The verdicts first: those that the widgets borrowed may be gone with the choice. */
void window_content_show_choice(WindowContent *self) {
  const Verdict *const *verdicts = hf_controller_verdicts(self->controller);
  hf_choice_panel_set_verdicts(self->choices, verdicts);
  hf_taxonomy_card_set_verdicts(self->card, verdicts);
  show_spec(self);
  hf_choice_panel_set_present(self->choices, hf_controller_verdict(self->controller));
  show_cards(self);
}

void window_content_show_reason(WindowContent *self, AxisId axis, int value, const Verdict *verdict) {
  hf_choice_panel_show_reason(self->choices, axis, value, verdict);
}

/* The validation accuracy at or before a step; NaN: not known. */
static double accuracy_at(const HfSeries *series, int step) {
  double accuracy = NAN;
  for (guint i = 0; series && i < series->evaluations->len; i++) {
    const RunEvaluation *evaluation = &g_array_index(series->evaluations, RunEvaluation, i);
    if (evaluation->step <= step)
      accuracy = evaluation->validation_accuracy;
  }
  return accuracy;
}

static int trained_steps(const HfSeries *series) {
  return series && series->steps->len ? g_array_index(series->steps, RunStep, series->steps->len - 1).step
                                      : 0;
}

static void show_time(WindowContent *self) {
  const HfSnapshot *shown = hf_controller_snapshot(self->controller);
  const HfSeries *series = hf_controller_series(self->controller);
  bool running = hf_controller_state(self->controller) == HF_STATE_RUNNING;
  int step = shown ? shown->step : 0;
  hf_time_bar_set_step(self->time_bar, step, MAX(step, trained_steps(series)));
  hf_time_bar_set_status(self->time_bar, accuracy_at(series, step), series ? series->no_prompt : NAN,
                         running && shown ? shown->images_per_second : NAN, shown && shown->tokens > 0);
  hf_time_bar_set_playing(self->time_bar, hf_controller_is_playing(self->controller));
  hf_panes_set_cursor_step(self->panes, shown ? step : -1);
}

/* What a run that is over says of f's weights: the same before and after. */
static void show_digest(WindowContent *self) {
  const char *id = hf_controller_run_id(self->controller);
  HfState state = hf_controller_state(self->controller);
  bool over = id && (state == HF_STATE_ENDED || state == HF_STATE_REPLAY);
  g_autoptr(RunRow) row = over ? run_store_get(hf_controller_store(self->controller), id, NULL) : NULL;
  const char *before = row ? row->result.weights_digest_before : NULL;
  hf_taxonomy_card_set_digest(self->card, before,
                              before && g_strcmp0(before, row->result.weights_digest_after) == 0);
}

void window_content_show_state(WindowContent *self) {
  show_time(self);
  show_digest(self);
}

static void on_counted(const int *counts, gpointer data) {
  hf_taxonomy_card_set_runs(((WindowContent *)data)->card, counts);
}

void window_content_show_runs(WindowContent *self) {
  run_counts_ask(hf_controller_store(self->controller), self->cancellable, on_counted, self);
}

void window_content_show_snapshot(WindowContent *self) {
  hf_panes_set_snapshot(self->panes, hf_controller_snapshot(self->controller));
  show_time(self);
}

void window_content_show_series(WindowContent *self) {
  const GArray *stored = hf_controller_stored_steps(self->controller);
  const HfSeries *series = hf_controller_series(self->controller);
  hf_time_bar_set_steps(self->time_bar, stored ? (const int *)(gpointer)stored->data : NULL,
                        stored ? (int)stored->len : 0, series ? series->total_steps : 0);
  hf_panes_set_series(self->panes, series);
  hf_panes_series_changed(self->panes);
  show_time(self);
}

static void read_cards(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  g_task_return_pointer(task, choice_cards_new(), (GDestroyNotify)choice_cards_free);
}

static void on_cards_read(GObject *source, GAsyncResult *result, gpointer data) {
  ChoiceCards *cards = g_task_propagate_pointer(G_TASK(result), NULL);
  if (!cards)
    return; /* the content is gone */
  WindowContent *self = data;
  g_clear_pointer(&self->cards, choice_cards_free);
  self->cards = cards;
  self->illustrated = NULL;
  show_cards(self);
}

void window_content_read_cards(WindowContent *self) {
  g_autoptr(GTask) task = g_task_new(NULL, self->cancellable, on_cards_read, self);
  g_task_run_in_thread(task, read_cards);
}

static void load_examples(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  g_task_return_pointer(task, class_examples_load(), (GDestroyNotify)class_examples_free);
}

static void on_examples_loaded(GObject *source, GAsyncResult *result, gpointer data) {
  ClassExamples *examples = g_task_propagate_pointer(G_TASK(result), NULL);
  if (!examples)
    return; /* the content is gone */
  WindowContent *self = data;
  self->examples = examples;
  self->illustrated = NULL;
  show_cards(self);
}

/* Data sets that are not chosen are loaded for their examples once somebody looks at the tasks. */
static void on_tasks_opened(WindowContent *self) {
  if (self->examples_wanted)
    return;
  self->examples_wanted = true;
  g_autoptr(GTask) task = g_task_new(NULL, self->cancellable, on_examples_loaded, self);
  g_task_run_in_thread(task, load_examples);
}

static void connect_widgets(WindowContent *self) {
  const struct {
    gpointer widget;
    const char *signal;
    GCallback handler;
  } rows[] = {
      {self->choices, "assign", G_CALLBACK(on_assign)},
      {self->choices, "model", G_CALLBACK(on_model)},
      {self->choices, "dataset", G_CALLBACK(on_dataset)},
      {self->choices, "datasets-opened", G_CALLBACK(on_tasks_opened)},
      {self->choices, "preset", G_CALLBACK(on_preset)},
      {self->choices, "describe-model", G_CALLBACK(on_describe_model)},
      {self->choices, "forget-model", G_CALLBACK(on_forget_model)},
      {self->choices, "repair", G_CALLBACK(on_repair)},
      {self->card, "repair", G_CALLBACK(on_repair)},
      {self->card, "preset", G_CALLBACK(on_preset)},
      {self->card, "cell-chosen", G_CALLBACK(on_cell)},
      {self->panes, "seek", G_CALLBACK(on_seek)},
      {hf_panes_get_samples(self->panes), "wanted", G_CALLBACK(on_samples)},
      {self->time_bar, "seek", G_CALLBACK(on_seek)},
      {self->time_bar, "play", G_CALLBACK(on_play)},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    g_signal_connect_swapped(rows[i].widget, rows[i].signal, rows[i].handler, self);
}

WindowContent *window_content_new(HfWindow *window, HfController *controller) {
  WindowContent *self = g_new0(WindowContent, 1);
  *self = (WindowContent){.window = window, .controller = controller, .cancellable = g_cancellable_new()};
  self->choices = HF_CHOICE_PANEL(g_object_ref_sink(hf_choice_panel_new()));
  self->pipeline = HF_PIPELINE(g_object_ref_sink(hf_pipeline_new()));
  self->card = HF_TAXONOMY_CARD(g_object_ref_sink(hf_taxonomy_card_new()));
  self->panes = HF_PANES(g_object_ref_sink(hf_panes_new()));
  self->time_bar = HF_TIME_BAR(g_object_ref_sink(hf_time_bar_new()));
  hf_window_set_choice_panel(window, GTK_WIDGET(self->choices));
  hf_window_set_pipeline(window, GTK_WIDGET(self->pipeline));
  hf_window_set_card(window, GTK_WIDGET(self->card));
  hf_window_set_panes(window, GTK_WIDGET(self->panes));
  hf_window_set_time_bar(window, GTK_WIDGET(self->time_bar));
  hf_window_set_tour_anchor(window, HF_TOUR_AXES, GTK_WIDGET(self->choices));
  hf_window_set_tour_anchor(window, HF_TOUR_PATTERN,
                            GTK_WIDGET(hf_panes_get_picture(self->panes, PANE_PATTERN)));
  hf_window_set_tour_anchor(window, HF_TOUR_MAP, GTK_WIDGET(hf_panes_get_plots(self->panes)->label_map));
  connect_widgets(self);
  hf_panes_add_actions(self->panes, G_ACTION_MAP(window));
  g_action_map_add_action_entries(G_ACTION_MAP(window), actions, G_N_ELEMENTS(actions), self);
  window_content_show_choice(self);
  window_content_show_series(self);
  window_content_show_snapshot(self);
  window_content_show_runs(self);
  window_content_read_cards(self);
  return self;
}

void window_content_free(WindowContent *self) {
  g_cancellable_cancel(self->cancellable);
  g_object_unref(self->cancellable);
  for (guint i = 0; i < G_N_ELEMENTS(actions); i++)
    g_action_map_remove_action(G_ACTION_MAP(self->window), actions[i].name);
  gpointer widgets[] = {self->choices, self->pipeline, self->card, self->panes, self->time_bar};
  g_signal_handlers_disconnect_by_data(hf_panes_get_samples(self->panes), self);
  for (guint i = 0; i < G_N_ELEMENTS(widgets); i++)
    g_signal_handlers_disconnect_by_data(widgets[i], self);
  /* What they borrow is the controller's, and goes with it. */
  hf_choice_panel_set_verdicts(self->choices, NULL);
  hf_choice_panel_set_present(self->choices, NULL);
  hf_taxonomy_card_set_verdicts(self->card, NULL);
  hf_panes_set_series(self->panes, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(widgets); i++)
    g_object_unref(widgets[i]);
  g_clear_pointer(&self->cards, choice_cards_free);
  g_clear_pointer(&self->examples, class_examples_free);
  g_free(self);
}
