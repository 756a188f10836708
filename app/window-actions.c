#include "app/window-actions.h"

#include "app/open-file.h"

struct _WindowActions {
  GActionMap *map;
  HfController *controller;
  RefusedFunction refused;
  gpointer data;
  Verdict *verdict; /* of the last refused choice; NULL: none */
};

static void tell_failure(WindowActions *self, GError *error) {
  if (error)
    g_signal_emit_by_name(self->controller, "failed", error->message);
}

/* 0 before anything is shown. */
static int shown_step(HfController *controller) {
  const HfSnapshot *shown = hf_controller_snapshot(controller);
  return shown ? shown->step : 0;
}

static void set_refused(WindowActions *self, AxisId axis, int value, Verdict *verdict) {
  g_clear_pointer(&self->verdict, verdict_free);
  self->verdict = verdict;
  self->refused(axis, value, verdict, self->data);
}

static void choose(GSimpleAction *action, GVariant *name, gpointer data) {
  WindowActions *self = data;
  for (int axis = 0; axis < N_AXES; axis++)
    if (g_str_equal(taxonomy_axes[axis].name, g_action_get_name(G_ACTION(action)))) {
      int value = axis_value(axis, g_variant_get_string(name, NULL));
      if (value >= 0)
        set_refused(self, axis, value, hf_controller_choose(self->controller, axis, value));
    }
}

/* Where what runs is seen. */
static void go_to_panes(WindowActions *self) {
  g_action_group_activate_action(G_ACTION_GROUP(self->map), "page", g_variant_new_string("explore"));
}

static void do_run(GSimpleAction *action, GVariant *parameter, gpointer data) {
  WindowActions *self = data;
  hf_controller_run(self->controller);
  go_to_panes(self);
}

static void do_pause(GSimpleAction *action, GVariant *parameter, gpointer data) {
  hf_controller_pause(((WindowActions *)data)->controller);
}

static void do_run_or_pause(GSimpleAction *action, GVariant *parameter, gpointer data) {
  WindowActions *self = data;
  if (hf_controller_state(self->controller) == HF_STATE_RUNNING)
    hf_controller_pause(self->controller);
  else
    do_run(action, parameter, self);
}

static void do_step(GSimpleAction *action, GVariant *parameter, gpointer data) {
  WindowActions *self = data;
  hf_controller_step(self->controller);
  go_to_panes(self);
}

static void do_stop(GSimpleAction *action, GVariant *parameter, gpointer data) {
  hf_controller_stop(((WindowActions *)data)->controller);
}

static void do_reset(GSimpleAction *action, GVariant *parameter, gpointer data) {
  hf_controller_reset(((WindowActions *)data)->controller);
}

static void do_undo(GSimpleAction *action, GVariant *parameter, gpointer data) {
  hf_controller_undo(((WindowActions *)data)->controller);
}

static void do_redo(GSimpleAction *action, GVariant *parameter, gpointer data) {
  hf_controller_redo(((WindowActions *)data)->controller);
}

static void do_assign(GSimpleAction *action, GVariant *parameter, gpointer data) {
  WindowActions *self = data;
  g_auto(GStrv) assignments = g_variant_dup_strv(parameter, NULL);
  g_autoptr(GError) error = NULL;
  hf_controller_assign(self->controller, assignments, &error);
  tell_failure(self, error);
}

static void do_preset(GSimpleAction *action, GVariant *parameter, gpointer data) {
  WindowActions *self = data;
  g_autoptr(GError) error = NULL;
  hf_controller_take_preset(self->controller, g_variant_get_string(parameter, NULL), &error);
  tell_failure(self, error);
}

static void do_take_run_settings(GSimpleAction *action, GVariant *parameter, gpointer data) {
  hf_controller_take_run_settings(((WindowActions *)data)->controller);
}

static void do_repair(GSimpleAction *action, GVariant *parameter, gpointer data) {
  WindowActions *self = data;
  gint32 index = g_variant_get_int32(parameter);
  if (!self->verdict || index < 0 || (guint)index >= self->verdict->repairs->len)
    return;
  g_autoptr(GError) error = NULL;
  if (hf_controller_repair(self->controller, &g_array_index(self->verdict->repairs, Repair, index), &error))
    set_refused(self, 0, 0, NULL);
  tell_failure(self, error);
}

static void do_seek(GSimpleAction *action, GVariant *parameter, gpointer data) {
  WindowActions *self = data;
  hf_controller_play(self->controller, false);
  hf_controller_seek(self->controller, g_variant_get_int32(parameter));
}

/* How many stored steps are before `step`. */
static int count_before(const GArray *steps, int step) {
  int n = 0;
  while (n < (int)steps->len && g_array_index(steps, int, n) < step)
    n++;
  return n;
}

static void do_seek_by(GSimpleAction *action, GVariant *parameter, gpointer data) {
  WindowActions *self = data;
  const GArray *steps = hf_controller_stored_steps(self->controller);
  /* What was asked for last may not be shown yet. */
  int by = g_variant_get_int32(parameter), sought = hf_controller_shown_step(self->controller);
  int shown = sought >= 0 ? sought : shown_step(self->controller);
  if (!steps || steps->len == 0 || by == 0)
    return;
  hf_controller_play(self->controller, false);
  /* Back: the first is the one before; on: the one after, where the shown one is not stored itself. */
  int at = by < 0 ? count_before(steps, shown) + by : count_before(steps, shown + 1) + by - 1;
  hf_controller_seek(self->controller, g_array_index(steps, int, CLAMP(at, 0, (int)steps->len - 1)));
}

static void do_follow(GSimpleAction *action, GVariant *parameter, gpointer data) {
  WindowActions *self = data;
  hf_controller_play(self->controller, false);
  hf_controller_seek(self->controller, -1);
}

static void do_play(GSimpleAction *action, GVariant *parameter, gpointer data) {
  HfController *controller = ((WindowActions *)data)->controller;
  hf_controller_play(controller, !hf_controller_is_playing(controller));
}

static void do_sample(GSimpleAction *action, GVariant *parameter, gpointer data) {
  hf_controller_choose_sample(((WindowActions *)data)->controller, g_variant_get_int32(parameter));
}

static void step_sample(WindowActions *self, int by) {
  const HfSnapshot *shown = hf_controller_snapshot(self->controller);
  int n = shown ? shown->n_samples : 0;
  if (n > 0)
    hf_controller_choose_sample(self->controller, (shown->sample + by + n) % n);
}

static void do_sample_next(GSimpleAction *action, GVariant *parameter, gpointer data) {
  step_sample(data, 1);
}

static void do_sample_previous(GSimpleAction *action, GVariant *parameter, gpointer data) {
  step_sample(data, -1);
}

static void do_mistake_next(GSimpleAction *action, GVariant *parameter, gpointer data) {
  hf_controller_next_mistake(((WindowActions *)data)->controller);
}

static bool is_training(HfController *controller) {
  HfState state = hf_controller_state(controller);
  return state == HF_STATE_LOADING || state == HF_STATE_RUNNING || state == HF_STATE_PAUSED ||
         state == HF_STATE_STOPPING;
}

/* The panes come to the front, unless another run trains in them: then there is but a message. */
static void show_run(WindowActions *self, const char *id, void (*show)(HfController *, const char *)) {
  bool training = is_training(self->controller);
  bool same = g_strcmp0(id, hf_controller_run_id(self->controller)) == 0;
  if (!training || !same)
    show(self->controller, id);
  if (!training || same)
    go_to_panes(self);
}

static void do_open_run(GSimpleAction *action, GVariant *parameter, gpointer self) {
  show_run(self, g_variant_get_string(parameter, NULL), hf_controller_open);
}

static void do_open_file(GSimpleAction *action, GVariant *parameter, gpointer data) {
  WindowActions *self = data;
  open_file(self->controller, G_ACTION_GROUP(self->map), g_variant_get_bytestring(parameter));
}

static void do_resume_run(GSimpleAction *action, GVariant *parameter, gpointer self) {
  show_run(self, g_variant_get_string(parameter, NULL), hf_controller_resume);
}

/* A state that only the controller changes; nothing to activate. */
static void keep_state(GSimpleAction *action, GVariant *value, gpointer data) {
}

static const GActionEntry entries[] = {
    {"format", choose, "s", "''", keep_state},
    {"location", choose, "s", "''", keep_state},
    {"operator", choose, "s", "''", keep_state},
    {"alignment", choose, "s", "''", keep_state},
    {"run", do_run},
    {"pause", do_pause},
    {"run-or-pause", do_run_or_pause},
    {"step", do_step},
    {"stop", do_stop},
    {"reset", do_reset},
    {"undo", do_undo},
    {"redo", do_redo},
    {"assign", do_assign, "as"},
    {"preset", do_preset, "s"},
    {"take-run-settings", do_take_run_settings},
    {"repair", do_repair, "i"},
    {"seek", do_seek, "i", "0", keep_state},
    {"seek-by", do_seek_by, "i"},
    {"follow", do_follow},
    {"play", do_play, NULL, "false", keep_state},
    {"sample", do_sample, "i", "0", keep_state},
    {"sample-next", do_sample_next},
    {"sample-previous", do_sample_previous},
    {"mistake-next", do_mistake_next},
    {"open-run", do_open_run, "s"},
    {"open-file", do_open_file, "ay"},
    {"resume-run", do_resume_run, "s"},
    {"state", keep_state, NULL, "'idle'", keep_state},
};

#define IN(state) (1u << HF_STATE_##state)

/* The states of the controller in which an action makes sense. */
static const struct {
  const char *action;
  unsigned states;
} sensible[] = {
    {"run", IN(IDLE) | IN(PAUSED) | IN(ENDED) | IN(REPLAY)},
    {"pause", IN(RUNNING)},
    {"run-or-pause", IN(IDLE) | IN(RUNNING) | IN(PAUSED) | IN(ENDED) | IN(REPLAY)},
    {"step", IN(IDLE) | IN(PAUSED) | IN(ENDED) | IN(REPLAY)},
    {"stop", IN(LOADING) | IN(RUNNING) | IN(PAUSED)},
    {"reset", IN(RUNNING) | IN(PAUSED) | IN(ENDED) | IN(REPLAY)},
};

static const char *const state_names[] = {"idle",     "loading", "running", "paused",
                                          "stopping", "ended",   "replay"};

static GSimpleAction *find(WindowActions *self, const char *name) {
  return G_SIMPLE_ACTION(g_action_map_lookup_action(self->map, name));
}

void window_actions_update(WindowActions *self) {
  HfController *controller = self->controller;
  Cell cell = hf_controller_cell(controller);
  for (int axis = 0; axis < N_AXES; axis++) {
    const Axis *row = &taxonomy_axes[axis];
    g_simple_action_set_state(find(self, row->name),
                              g_variant_new_string(row->values[cell.value[axis]].name));
  }
  HfState state = hf_controller_state(controller);
  for (guint i = 0; i < G_N_ELEMENTS(sensible); i++)
    g_simple_action_set_enabled(find(self, sensible[i].action), sensible[i].states >> state & 1);
  const HfSnapshot *shown = hf_controller_snapshot(controller);
  const GArray *stored = hf_controller_stored_steps(controller);
  bool moments = stored && stored->len > 0;
  g_simple_action_set_enabled(find(self, "undo"), hf_controller_can_undo(controller));
  g_simple_action_set_enabled(find(self, "redo"), hf_controller_can_redo(controller));
  g_simple_action_set_enabled(find(self, "take-run-settings"), hf_controller_run_spec(controller) != NULL);
  g_simple_action_set_enabled(find(self, "seek-by"), moments);
  g_simple_action_set_enabled(find(self, "play"), moments);
  g_simple_action_set_enabled(find(self, "sample-next"), shown != NULL);
  g_simple_action_set_enabled(find(self, "sample-previous"), shown != NULL);
  g_simple_action_set_enabled(find(self, "mistake-next"), shown != NULL);
  g_simple_action_set_state(find(self, "seek"), g_variant_new_int32(shown_step(controller)));
  g_simple_action_set_state(find(self, "sample"), g_variant_new_int32(shown ? shown->sample : 0));
  g_simple_action_set_state(find(self, "play"), g_variant_new_boolean(hf_controller_is_playing(controller)));
  g_simple_action_set_state(find(self, "state"), g_variant_new_string(state_names[state]));
}

WindowActions *window_actions_new(GActionMap *map, HfController *controller, RefusedFunction refused,
                                  gpointer data) {
  WindowActions *self = g_new0(WindowActions, 1);
  *self = (WindowActions){.map = map, .controller = controller, .refused = refused, .data = data};
  g_action_map_add_action_entries(map, entries, G_N_ELEMENTS(entries), self);
  return self;
}

void window_actions_free(WindowActions *self) {
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++)
    g_action_map_remove_action(self->map, entries[i].name);
  g_clear_pointer(&self->verdict, verdict_free);
  g_free(self);
}
