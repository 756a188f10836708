#include "app/window-close.h"

typedef struct {
  GtkWindow *window;
  GApplication *application;
} Closing;

static void on_closed(gpointer data) {
  g_autofree Closing *closing = data;
  gtk_window_destroy(closing->window);
  g_application_release(closing->application);
  g_object_unref(closing->application);
}

/* Without its application the hidden window cannot be brought back; a new start opens another one. */
static gboolean on_close(GtkWindow *window, HfController *controller) {
  GtkApplication *application = gtk_window_get_application(window);
  if (!application)
    return FALSE;
  Closing *closing = g_new0(Closing, 1);
  *closing = (Closing){window, g_object_ref(G_APPLICATION(application))};
  g_application_hold(closing->application);
  gtk_widget_set_visible(GTK_WIDGET(window), FALSE);
  gtk_window_set_application(window, NULL);
  hf_controller_close_later(controller, G_CALLBACK(on_closed), closing);
  return TRUE;
}

void window_close_attach(HfWindow *window, HfController *controller) {
  g_signal_connect(window, "close-request", G_CALLBACK(on_close), controller);
}
