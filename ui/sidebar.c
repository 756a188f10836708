#include "ui/sidebar.h"

#include <stdbool.h>

typedef struct {
  AdwFlap *flap;       /* borrowed: it owns this */
  GSettings *settings; /* NULL: nothing is remembered */
  char *key;
  bool wanted;
  bool by_itself; /* what happens now is nobody's wish */
} Sidebar;

static void sidebar_free(gpointer data) {
  Sidebar *self = data;
  if (self->settings)
    g_signal_handlers_disconnect_by_data(self->settings, self);
  g_clear_object(&self->settings);
  g_free(self->key);
  g_free(self);
}

static void show(Sidebar *self) {
  self->by_itself = true;
  adw_flap_set_reveal_flap(self->flap, self->wanted && !adw_flap_get_folded(self->flap));
  self->by_itself = false;
}

/* By a button, a key or a swipe. */
static void on_revealed(Sidebar *self) {
  if (self->by_itself || adw_flap_get_folded(self->flap))
    return;
  self->wanted = adw_flap_get_reveal_flap(self->flap);
  if (self->settings)
    g_settings_set_boolean(self->settings, self->key, self->wanted);
}

static void on_setting(Sidebar *self) {
  self->wanted = g_settings_get_boolean(self->settings, self->key);
  show(self);
}

void sidebar_keep(AdwFlap *flap, GSettings *settings, const char *key) {
  Sidebar *self = g_new0(Sidebar, 1);
  self->flap = flap;
  self->key = g_strdup(key);
  self->wanted = true;
  g_object_set_data_full(G_OBJECT(flap), "sidebar", self, sidebar_free);
  adw_flap_set_locked(flap, TRUE); /* else it forgets what was wanted when it folds */
  adw_flap_set_fold_duration(flap, 0);
  g_signal_connect_swapped(flap, "notify::folded", G_CALLBACK(show), self);
  g_signal_connect_swapped(flap, "notify::reveal-flap", G_CALLBACK(on_revealed), self);
  if (!settings)
    return;
  g_autofree char *signal = g_strconcat("changed::", key, NULL);
  g_set_object(&self->settings, settings);
  g_signal_connect_swapped(settings, signal, G_CALLBACK(on_setting), self);
  on_setting(self);
}
