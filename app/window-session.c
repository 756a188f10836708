#include "app/window-session.h"

#define SAVED_AFTER 500 /* milliseconds: sliders move fast */

struct _WindowSession {
  HfWindow *window;
  HfController *controller;
  GSettings *settings;
  guint save_source;
  char *seen; /* the run that has been shown; NULL: none */
};

/* Actions whose state is a setting of the same type. */
static const struct {
  const char *key, *action;
} rows[] = {{"page", "page"}, {"amplification", "amplify"}, {"pattern-map", "pattern-map"}};

/* A value that the schema does not take is left alone. */
static void set_value(GSettings *settings, const char *key, GVariant *value) {
  g_autoptr(GVariant) now = g_settings_get_value(settings, key);
  g_autoptr(GSettingsSchema) schema = NULL;
  g_object_get(settings, "settings-schema", &schema, NULL);
  g_autoptr(GSettingsSchemaKey) about = g_settings_schema_get_key(schema, key);
  if (!g_variant_equal(now, value) && g_settings_schema_key_range_check(about, value))
    g_settings_set_value(settings, key, value);
}

static void save(WindowSession *self) {
  g_clear_handle_id(&self->save_source, g_source_remove);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(self->window), rows[i].action);
    if (state)
      set_value(self->settings, rows[i].key, state);
  }
  const char *run_id = hf_controller_run_id(self->controller);
  if (run_id && g_strcmp0(run_id, self->seen) != 0)
    return;
  g_autoptr(GVariant) shown = g_variant_ref_sink(g_variant_new_string(run_id ? run_id : ""));
  set_value(self->settings, "shown-run", shown);
}

static gboolean save_now(gpointer data) {
  WindowSession *self = data;
  self->save_source = 0;
  save(self);
  return G_SOURCE_REMOVE;
}

static void save_soon(WindowSession *self) {
  if (!self->save_source)
    self->save_source = g_timeout_add(SAVED_AFTER, save_now, self);
}

/* A run is remembered when it has been shown: one that cannot be must not come back at every start. */
static void on_snapshot(WindowSession *self) {
  const char *run_id = hf_controller_run_id(self->controller);
  if (g_strcmp0(run_id, self->seen) == 0)
    return;
  g_free(self->seen);
  self->seen = g_strdup(run_id);
  save_soon(self);
}

static void restore(WindowSession *self) {
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GVariant) value = g_settings_get_value(self->settings, rows[i].key);
    bool page = g_str_equal(rows[i].key, "page");
    if (!page || hf_window_has_page(self->window, g_variant_get_string(value, NULL)))
      g_action_group_change_action_state(G_ACTION_GROUP(self->window), rows[i].action, value);
  }
}

WindowSession *window_session_new(HfWindow *window, HfController *controller, GSettings *settings) {
  WindowSession *self = g_new0(WindowSession, 1);
  *self = (WindowSession){window, controller, settings, 0, NULL};
  restore(self);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *signal = g_strconcat("action-state-changed::", rows[i].action, NULL);
    g_signal_connect_swapped(window, signal, G_CALLBACK(save_soon), self);
  }
  g_signal_connect_swapped(controller, "state-changed", G_CALLBACK(save_soon), self);
  g_signal_connect_swapped(controller, "series-changed", G_CALLBACK(save_soon), self);
  g_signal_connect_swapped(controller, "snapshot", G_CALLBACK(on_snapshot), self);
  return self;
}

void window_session_free(WindowSession *self) {
  g_signal_handlers_disconnect_by_data(self->window, self);
  g_signal_handlers_disconnect_by_data(self->controller, self);
  g_free(self->seen);
  self->seen = g_strdup(hf_controller_run_id(self->controller)); /* it did no harm, shown or not */
  save(self);
  g_free(self->seen);
  g_free(self);
}
