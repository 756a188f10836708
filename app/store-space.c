#include "app/store-space.h"

#include "data/run-store.h"

#include <glib/gi18n.h>

/* One thread's work. */
typedef struct {
  char *store_path;
  bool purge;
  int purged, left; /* runs */
} Work;

static void work_free(gpointer data) {
  Work *work = data;
  g_free(work->store_path);
  g_free(work);
}

static void work_at(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Work *work = data;
  GError *error = NULL;
  g_autoptr(RunStore) store = run_store_open(work->store_path, &error);
  bool done = store && (!work->purge || run_store_purge(store, 0, &work->purged, &error));
  work->left = done ? run_store_count(store, &(RunQuery){.deleted = true}, &error) : 0;
  if (error)
    g_task_return_error(task, error);
  else
    g_task_return_boolean(task, TRUE);
}

static void tell(HfPreferences *preferences, const char *sentence) {
  g_autofree char *markup = g_markup_escape_text(sentence, -1);
  adw_preferences_window_add_toast(ADW_PREFERENCES_WINDOW(preferences), adw_toast_new(markup));
}

static void on_worked(GObject *source, GAsyncResult *result, gpointer data) {
  HfPreferences *preferences = HF_PREFERENCES(source);
  const Work *work = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  bool done = g_task_propagate_boolean(G_TASK(result), &error);
  if (!gtk_widget_get_visible(GTK_WIDGET(preferences)))
    return;
  if (!done) {
    tell(preferences, error->message);
    return;
  }
  hf_preferences_set_deleted(preferences, work->left);
  if (!work->purge)
    return;
  g_autofree char *sentence = g_strdup_printf(
      ngettext("%d run is gone for ever", "%d runs are gone for ever", (gulong)work->purged), work->purged);
  tell(preferences, sentence);
}

static const char *path_of(HfPreferences *preferences) {
  return g_object_get_data(G_OBJECT(preferences), "store-path");
}

static void begin(HfPreferences *preferences, bool purge) {
  Work *work = g_new0(Work, 1);
  *work = (Work){.store_path = g_strdup(path_of(preferences)), .purge = purge};
  g_autoptr(GTask) task = g_task_new(preferences, NULL, on_worked, NULL);
  g_task_set_task_data(task, work, work_free);
  g_task_run_in_thread(task, work_at);
}

static void on_answer(AdwMessageDialog *dialog, const char *response, HfPreferences *preferences) {
  if (g_str_equal(response, "free"))
    begin(preferences, true);
}

static void ask(HfPreferences *preferences) {
  GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(preferences), _("Free the Space of Deleted Runs?"),
                                             _("They cannot be brought back then."));
  adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "free",
                                   _("_Free Space"), NULL);
  adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "free", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "cancel");
  g_signal_connect_object(dialog, "response", G_CALLBACK(on_answer), preferences, 0);
  gtk_window_present(GTK_WINDOW(dialog));
}

void store_space_attach(HfPreferences *preferences, const char *store_path) {
  g_object_set_data_full(G_OBJECT(preferences), "store-path", g_strdup(store_path), g_free);
  g_signal_connect(preferences, "free-space", G_CALLBACK(ask), NULL);
  begin(preferences, false);
}
