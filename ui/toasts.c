#include "ui/toasts.h"

#define LEAST  500 /* milliseconds: longer than a toast comes in */
#define APART  400 /* until the next one, longer than one leaves */
#define FRAMES 2
#define MOST   4 /* that wait; the oldest say nothing any more */

typedef struct {
  AdwToast *toast; /* owned */
  guint milliseconds;
} Waiting;

struct _Toasts {
  AdwToastOverlay *overlay; /* a weak pointer */
  AdwToast *shown;          /* owned; NULL: none */
  GQueue waiting;           /* Waiting */
  guint timer;              /* to the end of what is shown, or to the next one */
  guint tick;
  int frames; /* since the end of its time */
};

static void waiting_free(gpointer data) {
  Waiting *self = data;
  g_object_unref(self->toast);
  g_free(self);
}

static void stop(Toasts *self) {
  g_clear_handle_id(&self->timer, g_source_remove);
  if (self->tick && self->overlay)
    gtk_widget_remove_tick_callback(GTK_WIDGET(self->overlay), self->tick);
  self->tick = 0;
}

static gboolean on_frame(GtkWidget *overlay, GdkFrameClock *clock, gpointer data) {
  Toasts *self = data;
  if (++self->frames < FRAMES)
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  adw_toast_dismiss(self->shown);
  return G_SOURCE_REMOVE;
}

static gboolean on_end(gpointer data) {
  Toasts *self = data;
  self->timer = 0;
  self->frames = 0;
  if (self->overlay)
    self->tick = gtk_widget_add_tick_callback(GTK_WIDGET(self->overlay), on_frame, self, NULL);
  return G_SOURCE_REMOVE;
}

static void set_end(Toasts *self, guint milliseconds) {
  stop(self);
  self->timer = g_timeout_add_full(G_PRIORITY_LOW, MAX(milliseconds, LEAST), on_end, self, NULL);
}

static gboolean show_next(gpointer data);

/* Its time is over, or its button was pressed. */
static void on_dismissed(Toasts *self) {
  stop(self);
  g_signal_handlers_disconnect_by_data(self->shown, self);
  g_clear_object(&self->shown);
  self->timer = g_timeout_add_full(G_PRIORITY_LOW, APART, show_next, self, NULL);
}

static gboolean show_next(gpointer data) {
  Toasts *self = data;
  self->timer = 0;
  Waiting *next = self->overlay ? g_queue_pop_head(&self->waiting) : NULL;
  if (!next)
    return G_SOURCE_REMOVE;
  self->shown = g_object_ref(next->toast);
  adw_toast_set_timeout(self->shown, 0);
  g_signal_connect_swapped(self->shown, "dismissed", G_CALLBACK(on_dismissed), self);
  adw_toast_overlay_add_toast(self->overlay, g_object_ref(self->shown));
  set_end(self, next->milliseconds);
  waiting_free(next);
  return G_SOURCE_REMOVE;
}

Toasts *toasts_new(AdwToastOverlay *overlay) {
  Toasts *self = g_new0(Toasts, 1);
  g_set_weak_pointer(&self->overlay, overlay);
  g_queue_init(&self->waiting);
  return self;
}

void toasts_free(Toasts *self) {
  stop(self);
  if (self->shown)
    g_signal_handlers_disconnect_by_data(self->shown, self);
  g_clear_object(&self->shown);
  g_queue_clear_full(&self->waiting, waiting_free);
  g_clear_weak_pointer(&self->overlay);
  g_free(self);
}

void toasts_add(Toasts *self, AdwToast *toast, guint milliseconds) {
  Waiting *made = g_new(Waiting, 1);
  *made = (Waiting){toast, milliseconds};
  g_queue_push_tail(&self->waiting, made);
  if (g_queue_get_length(&self->waiting) > MOST)
    waiting_free(g_queue_pop_head(&self->waiting));
  if (!self->shown && !self->timer)
    show_next(self);
}

static GList *find(Toasts *self, AdwToast *toast) {
  for (GList *at = self->waiting.head; at; at = at->next)
    if (((Waiting *)at->data)->toast == toast)
      return at;
  return NULL;
}

void toasts_keep(Toasts *self, AdwToast *toast, guint milliseconds) {
  GList *at = find(self, toast);
  if (at)
    ((Waiting *)at->data)->milliseconds = milliseconds;
  else if (toast == self->shown)
    set_end(self, milliseconds);
}

void toasts_withdraw(Toasts *self, AdwToast *toast) {
  GList *at = find(self, toast);
  if (toast == self->shown)
    set_end(self, 0);
  else if (at) {
    waiting_free(at->data);
    g_queue_delete_link(&self->waiting, at);
  }
}
