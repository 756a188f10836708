/* The answers of the page Apply as a file, written in a thread. */
#include "app/apply-page-private.h"
#include "app/predictions.h"
#include "data/file.h"

#include <glib/gi18n.h>

typedef struct {
  char *path;
  GPtrArray *answers;
} Saving;

static void saving_free(gpointer data) {
  Saving *saving = data;
  g_free(saving->path);
  g_ptr_array_unref(saving->answers);
  g_free(saving);
}

static void save_it(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  const Saving *saving = data;
  const HfNames *names = NULL;
  for (guint i = 0; i < saving->answers->len && !names; i++)
    names = ((const HfAnswer *)g_ptr_array_index(saving->answers, i))->names;
  GString *csv = predictions_csv((HfAnswer *const *)saving->answers->pdata, saving->answers->len, names);
  GError *error = NULL;
  if (file_replace(saving->path, csv->str, csv->len, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
  g_string_free(csv, TRUE);
}

static void on_saved(GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr(GError) error = NULL;
  bool saved = g_task_propagate_boolean(G_TASK(result), &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the page is gone */
  ApplyPage *self = data;
  const Saving *saving = g_task_get_task_data(G_TASK(result));
  g_autofree char *name = g_filename_display_basename(saving->path);
  g_autofree char *sentence = saved ? g_strdup_printf(_("Saved as %s"), name) : g_strdup(error->message);
  hf_window_tell(self->window, sentence, !saved);
}

void apply_save(ApplyPage *self, const char *path) {
  Saving *saving = g_new0(Saving, 1);
  saving->path = g_strdup(path);
  saving->answers = g_ptr_array_new_with_free_func(g_object_unref);
  GListModel *shown = G_LIST_MODEL(hf_apply_view_get_answers(self->view));
  for (guint i = 0; i < g_list_model_get_n_items(shown); i++)
    g_ptr_array_add(saving->answers, g_list_model_get_item(shown, i));
  g_autoptr(GTask) task = g_task_new(NULL, self->cancellable, on_saved, self);
  g_task_set_task_data(task, saving, saving_free);
  g_task_run_in_thread(task, save_it);
}
