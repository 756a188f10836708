#include "app/export-dialog.h"

#include <glib/gi18n.h>

typedef struct {
  char **suffixes;
  ExportAnswered answered;
  gpointer data;
  GDestroyNotify free_data;
} Asked;

static void asked_free(gpointer data, GClosure *closure) {
  Asked *asked = data;
  g_strfreev(asked->suffixes);
  if (asked->free_data)
    asked->free_data(asked->data);
  g_free(asked);
}

static bool has_suffix(const Asked *asked, const char *path) {
  g_autofree char *lower = g_ascii_strdown(path, -1);
  for (char **suffix = asked->suffixes; *suffix; suffix++)
    if (g_str_has_suffix(lower, *suffix))
      return true;
  return false;
}

/* The chosen filter's name is its suffix.  (transfer full) */
static char *with_suffix(const Asked *asked, GtkFileChooser *chooser, const char *path) {
  if (has_suffix(asked, path))
    return g_strdup(path);
  GtkFileFilter *filter = gtk_file_chooser_get_filter(chooser);
  const char *suffix = filter ? g_object_get_data(G_OBJECT(filter), "suffix") : NULL;
  return g_strconcat(path, suffix ? suffix : asked->suffixes[0], NULL);
}

static void on_response(GtkNativeDialog *dialog, int response, Asked *asked) {
  g_autoptr(GFile) file =
      response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *chosen = file ? g_file_get_path(file) : NULL;
  g_autofree char *path = chosen ? with_suffix(asked, GTK_FILE_CHOOSER(dialog), chosen) : NULL;
  asked->answered(path, asked->data);
  g_object_unref(dialog);
}

static void add_filter(GtkFileChooser *chooser, const char *suffix, const char *proposed) {
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();
  g_autofree char *upper = g_ascii_strup(suffix + 1, -1);
  /* Translators: a kind of file and its suffix. */
  g_autofree char *name = g_strdup_printf(_("%s files (*%s)"), upper, suffix);
  gtk_file_filter_set_name(filter, name);
  gtk_file_filter_add_suffix(filter, suffix + 1);
  g_object_set_data_full(G_OBJECT(filter), "suffix", g_strdup(suffix), g_free);
  gtk_file_chooser_add_filter(chooser, filter);
  if (g_str_has_suffix(proposed, suffix))
    gtk_file_chooser_set_filter(chooser, filter);
}

void export_dialog_ask(GtkWindow *parent, const ExportQuestion *question, ExportAnswered answered,
                       gpointer data, GDestroyNotify free_data) {
  Asked *asked = g_new0(Asked, 1);
  *asked = (Asked){g_strdupv((char **)question->suffixes), answered, data, free_data};
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new(
      question->title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  GtkFileChooser *chooser = GTK_FILE_CHOOSER(dialog);
  gtk_file_chooser_set_current_name(chooser, question->name);
  for (char **suffix = asked->suffixes; *suffix; suffix++)
    add_filter(chooser, *suffix, question->name);
  g_signal_connect_data(dialog, "response", G_CALLBACK(on_response), asked, asked_free, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}
