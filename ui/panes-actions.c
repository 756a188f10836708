#include "ui/panes-actions.h"

struct _PanesActions {
  HfPanes *panes;
  GSimpleActionGroup *group;
  GAction *part;
};

static GSimpleAction *find(PanesActions *self, const char *name) {
  return G_SIMPLE_ACTION(g_action_map_lookup_action(G_ACTION_MAP(self->group), name));
}

double panes_actions_locked(PanesActions *self) {
  g_autoptr(GVariant) state = g_action_get_state(G_ACTION(find(self, "amplify")));
  return g_variant_get_double(state);
}

static void set_factor(PanesActions *self, double factor) {
  /* Also not for NaN. */
  if (!(factor >= 0 && factor <= 1e6))
    return;
  g_simple_action_set_state(find(self, "amplify"), g_variant_new_double(factor));
  g_simple_action_set_state(find(self, "amplify-lock"), g_variant_new_boolean(factor > 0));
  hf_picture_view_lock_factor(hf_panes_get_picture(self->panes, PANE_PATTERN), factor);
  hf_picture_view_lock_factor(hf_panes_get_picture(self->panes, PANE_DIFFERENCE), factor);
  hf_panes_tell_factor(self->panes);
}

static void on_amplify(GSimpleAction *action, GVariant *value, gpointer self) {
  set_factor(self, g_variant_get_double(value));
}

static void on_amplify_lock(GSimpleAction *action, GVariant *value, gpointer data) {
  PanesActions *self = data;
  set_factor(self, panes_actions_locked(self) > 0 ? 0 : hf_panes_get_factor(self->panes));
}

static const char *const map_names[N_PATTERN_MAPS] = {[MAP_COLOUR] = "colour", [MAP_DIVERGING] = "diverging"};

static void set_map(PanesActions *self, PatternMap map) {
  g_simple_action_set_state(find(self, "pattern-map"), g_variant_new_string(map_names[map]));
  g_simple_action_set_state(find(self, "pattern-signed"), g_variant_new_boolean(map == MAP_DIVERGING));
  hf_picture_view_set_map(hf_panes_get_picture(self->panes, PANE_PATTERN), map);
  hf_panes_tell_factor(self->panes);
}

static void on_pattern_map(GSimpleAction *action, GVariant *value, gpointer self) {
  for (int map = 0; map < N_PATTERN_MAPS; map++)
    if (g_str_equal(g_variant_get_string(value, NULL), map_names[map]))
      set_map(self, map);
}

static void on_pattern_signed(GSimpleAction *action, GVariant *value, gpointer self) {
  g_autoptr(GVariant) state = g_action_get_state(G_ACTION(action));
  set_map(self, g_variant_get_boolean(state) ? MAP_COLOUR : MAP_DIVERGING);
}

static void on_zoom(GSimpleAction *action, GVariant *value, gpointer data) {
  HfLens *lens = hf_panes_get_lens(((PanesActions *)data)->panes);
  double factor = g_variant_get_double(value);
  if (factor > 0)
    hf_lens_set_zoom(lens, factor * hf_lens_get_zoom(lens));
  else
    hf_lens_reset(lens);
}

static void on_zoom_to(GSimpleAction *action, GVariant *value, gpointer data) {
  double zoom = g_variant_get_double(value);
  if (zoom >= 1)
    hf_lens_set_zoom(hf_panes_get_lens(((PanesActions *)data)->panes), zoom);
}

static void on_probe(GSimpleAction *action, GVariant *value, gpointer data) {
  int x, y;
  g_variant_get(value, "(ii)", &x, &y);
  hf_lens_set_cursor(hf_panes_get_lens(((PanesActions *)data)->panes), x, y);
}

static void on_choose_sample(GSimpleAction *action, GVariant *value, gpointer data) {
  hf_panes_choose_sample(((PanesActions *)data)->panes);
}

static const GActionEntry entries[] = {
    {"amplify", on_amplify, "d", "0.0", on_amplify},
    {"amplify-lock", on_amplify_lock, NULL, "false", on_amplify_lock},
    {"pattern-map", on_pattern_map, "s", "'colour'", on_pattern_map},
    {"pattern-signed", on_pattern_signed, NULL, "false", on_pattern_signed},
    {"zoom", on_zoom, "d"},
    {"zoom-to", on_zoom_to, "d"},
    {"probe", on_probe, "(ii)"},
    {"choose-sample", on_choose_sample},
};

PanesActions *panes_actions_new(HfPanes *panes) {
  PanesActions *self = g_new0(PanesActions, 1);
  self->panes = panes;
  self->group = g_simple_action_group_new();
  g_action_map_add_action_entries(G_ACTION_MAP(self->group), entries, G_N_ELEMENTS(entries), self);
  self->part = G_ACTION(g_property_action_new("pattern-part", hf_panes_get_inside(panes), "shown"));
  return self;
}

void panes_actions_add(PanesActions *self, GActionMap *map) {
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++)
    g_action_map_add_action(map, G_ACTION(find(self, entries[i].name)));
  g_action_map_add_action(map, self->part);
}

void panes_actions_free(PanesActions *self) {
  if (!self)
    return;
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++)
    g_signal_handlers_disconnect_by_data(find(self, entries[i].name), self);
  g_object_unref(self->part);
  g_object_unref(self->group);
  g_free(self);
}
