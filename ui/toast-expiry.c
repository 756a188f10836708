#include "ui/toast-expiry.h"

#define FRAMES 2

typedef struct {
  AdwToast *toast;    /* owns this */
  GtkWidget *overlay; /* NULL: gone */
  guint timer, tick;
  int frames;
} Expiry;

static void expiry_free(gpointer data) {
  Expiry *self = data;
  g_clear_handle_id(&self->timer, g_source_remove);
  if (self->tick && self->overlay)
    gtk_widget_remove_tick_callback(self->overlay, self->tick);
  g_clear_weak_pointer(&self->overlay);
  g_free(self);
}

static gboolean on_frame(GtkWidget *overlay, GdkFrameClock *clock, gpointer data) {
  Expiry *self = data;
  if (++self->frames < FRAMES) {
    gtk_widget_queue_draw(overlay);
    return G_SOURCE_CONTINUE;
  }
  self->tick = 0;
  g_autoptr(AdwToast) toast = g_object_ref(self->toast); /* it may go, and this with it */
  adw_toast_dismiss(toast);
  return G_SOURCE_REMOVE;
}

static gboolean on_time(gpointer data) {
  Expiry *self = data;
  self->timer = 0;
  self->frames = 0;
  if (self->overlay && !self->tick)
    self->tick = gtk_widget_add_tick_callback(self->overlay, on_frame, self, NULL);
  return G_SOURCE_REMOVE;
}

void toast_expire(AdwToast *toast, AdwToastOverlay *overlay, guint milliseconds) {
  adw_toast_set_timeout(toast, 0);
  Expiry *self = g_new0(Expiry, 1);
  self->toast = toast;
  g_set_weak_pointer(&self->overlay, GTK_WIDGET(overlay));
  self->timer = g_timeout_add_full(G_PRIORITY_LOW, milliseconds, on_time, self, NULL);
  g_object_set_data_full(G_OBJECT(toast), "hf-expiry", self, expiry_free);
}
