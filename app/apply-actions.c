/* The actions of the page Apply, with the dialogs that they open. */
#include "app/apply-page-private.h"

#include <glib/gi18n.h>

static void close_dialog(ApplyPage *self) {
  if (self->dialog) {
    g_signal_handlers_disconnect_by_data(self->dialog, self);
    gtk_native_dialog_destroy(self->dialog);
  }
  g_clear_object(&self->dialog);
}

static void do_run(GSimpleAction *action, GVariant *parameter, gpointer data) {
  ApplyPage *self = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *id =
      run_store_find(hf_controller_store(self->controller), g_variant_get_string(parameter, NULL), &error);
  if (!id) {
    hf_window_tell(self->window, error->message, true);
    return;
  }
  hf_window_show_page(self->window, "apply");
  apply_page_set_run(self, id);
}

static void do_shown(GSimpleAction *action, GVariant *parameter, gpointer data) {
  ApplyPage *self = data;
  const char *id = hf_controller_run_id(self->controller);
  hf_window_show_page(self->window, "apply");
  if (id)
    apply_page_set_run(self, id);
}

/* A path, also where it is given as file:///..., which is how one that is not UTF-8 travels.  (transfer full)
 */
static char *path_of(const char *text) {
  char *path = g_str_has_prefix(text, "file://") ? g_filename_from_uri(text, NULL, NULL) : NULL;
  return path ? path : g_strdup(text);
}

static void do_files(GSimpleAction *action, GVariant *parameter, gpointer data) {
  g_auto(GStrv) paths = g_variant_dup_strv(parameter, NULL);
  for (char **path = paths; *path; path++) {
    char *text = *path;
    *path = path_of(text);
    g_free(text);
  }
  apply_page_add_files(data, paths, (int)g_strv_length(paths));
}

static void do_clear(GSimpleAction *action, GVariant *parameter, gpointer data) {
  apply_page_clear(data);
}

static void on_pasted_texture(GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = gdk_clipboard_read_texture_finish(GDK_CLIPBOARD(source), result, &error);
  if (texture)
    apply_page_add_texture(data, texture);
}

static void on_pasted_files(GObject *source, GAsyncResult *result, gpointer data) {
  const GValue *value = gdk_clipboard_read_value_finish(GDK_CLIPBOARD(source), result, NULL);
  if (!value)
    return;
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GSList) files = gdk_file_list_get_files(g_value_get_boxed(value));
  for (GSList *at = files; at; at = at->next) {
    char *path = g_file_get_path(at->data);
    if (path)
      g_ptr_array_add(paths, path);
  }
  if (paths->len)
    apply_page_add_files(data, (char *const *)paths->pdata, (int)paths->len);
}

/* The clipboard keeps the page's answers away after a cancel: `data` may be gone then. */
static void do_paste(GSimpleAction *action, GVariant *parameter, gpointer data) {
  ApplyPage *self = data;
  GdkClipboard *clipboard = gtk_widget_get_clipboard(GTK_WIDGET(self->window));
  GdkContentFormats *formats = gdk_clipboard_get_formats(clipboard);
  if (gdk_content_formats_contain_gtype(formats, GDK_TYPE_FILE_LIST) ||
      gdk_content_formats_contain_mime_type(formats, "text/uri-list"))
    gdk_clipboard_read_value_async(clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, self->cancellable,
                                   on_pasted_files, self);
  else if (gdk_content_formats_contain_gtype(formats, GDK_TYPE_TEXTURE) ||
           gdk_content_formats_contain_mime_type(formats, "image/png"))
    gdk_clipboard_read_texture_async(clipboard, self->cancellable, on_pasted_texture, self);
  else
    hf_window_tell(self->window, _("There is no picture on the clipboard."), false);
}

static void on_inputs_chosen(GtkNativeDialog *dialog, int response, ApplyPage *self) {
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr(GListModel) files = gtk_file_chooser_get_files(GTK_FILE_CHOOSER(dialog));
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < g_list_model_get_n_items(files); i++) {
      g_autoptr(GFile) file = g_list_model_get_item(files, i);
      char *path = g_file_get_path(file);
      if (path)
        g_ptr_array_add(paths, path);
    }
    if (paths->len)
      apply_page_add_files(self, (char *const *)paths->pdata, (int)paths->len);
  }
  close_dialog(self);
}

static void on_place_chosen(GtkNativeDialog *dialog, int response, ApplyPage *self) {
  g_autoptr(GFile) file =
      response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *uri = file ? g_file_get_uri(file) : NULL;
  if (uri)
    g_action_group_activate_action(G_ACTION_GROUP(self->window), "save-predictions",
                                   g_variant_new_string(uri));
  close_dialog(self);
}

/* The page has one dialog at a time and takes it with it.  Borrowed. */
static GtkFileChooserNative *new_dialog(ApplyPage *self, const char *title, GtkFileChooserAction kind,
                                        const char *accept, GCallback answered) {
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new(title, GTK_WINDOW(self->window), kind, accept, _("_Cancel"));
  close_dialog(self);
  self->dialog = GTK_NATIVE_DIALOG(dialog);
  gtk_native_dialog_set_modal(self->dialog, TRUE);
  g_signal_connect(dialog, "response", answered, self);
  return dialog;
}

static void do_choose(GSimpleAction *action, GVariant *parameter, gpointer data) {
  GtkFileChooserNative *dialog = new_dialog(data, _("Add Pictures"), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Add"),
                                            G_CALLBACK(on_inputs_chosen));
  gtk_file_chooser_set_select_multiple(GTK_FILE_CHOOSER(dialog), TRUE);
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();
  gtk_file_filter_set_name(filter, _("PNG and JPEG pictures"));
  gtk_file_filter_add_mime_type(filter, "image/png");
  gtk_file_filter_add_mime_type(filter, "image/jpeg");
  gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(dialog), filter);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}

static void do_folder(GSimpleAction *action, GVariant *parameter, gpointer data) {
  gtk_native_dialog_show(
      GTK_NATIVE_DIALOG(new_dialog(data, _("Add a Folder of Pictures"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                   _("_Add"), G_CALLBACK(on_inputs_chosen))));
}

static void do_save(GSimpleAction *action, GVariant *parameter, gpointer data) {
  GtkFileChooserNative *dialog = new_dialog(data, _("Save Predictions"), GTK_FILE_CHOOSER_ACTION_SAVE,
                                            _("_Save"), G_CALLBACK(on_place_chosen));
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), "predictions.csv");
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}

static void do_save_to(GSimpleAction *action, GVariant *parameter, gpointer data) {
  g_autofree char *path = path_of(g_variant_get_string(parameter, NULL));
  apply_save(data, path);
}

/* A state that only the page changes. */
static void keep_state(GSimpleAction *action, GVariant *value, gpointer data) {
}

static const GActionEntry entries[] = {
    {"apply-run", do_run, "s", "''", keep_state},
    {"apply-shown", do_shown},
    {"apply-files", do_files, "as"},
    {"apply-paste", do_paste},
    {"apply-choose", do_choose},
    {"apply-folder", do_folder},
    {"apply-clear", do_clear},
    {"apply-save", do_save},
    {"save-predictions", do_save_to, "s"},
    {"apply-answered", keep_state, NULL, "0", keep_state},
};

void apply_actions_add(ApplyPage *self) {
  g_action_map_add_action_entries(G_ACTION_MAP(self->window), entries, G_N_ELEMENTS(entries), self);
}

void apply_actions_remove(ApplyPage *self) {
  close_dialog(self);
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++)
    g_action_map_remove_action(G_ACTION_MAP(self->window), entries[i].name);
}

static GSimpleAction *find(ApplyPage *self, const char *name) {
  return G_SIMPLE_ACTION(g_action_map_lookup_action(G_ACTION_MAP(self->window), name));
}

/* What asks for pictures. */
static const char *const taking[] = {"apply-choose", "apply-folder", "apply-paste"};

void apply_actions_update(ApplyPage *self) {
  guint n = g_list_model_get_n_items(G_LIST_MODEL(hf_apply_view_get_answers(self->view)));
  bool shown = hf_controller_run_id(self->controller) && hf_controller_snapshot(self->controller);
  g_simple_action_set_enabled(find(self, "apply-shown"), shown);
  for (guint i = 0; i < G_N_ELEMENTS(taking); i++)
    g_simple_action_set_enabled(find(self, taking[i]), !self->texts);
  g_simple_action_set_enabled(find(self, "apply-clear"), self->total > 0);
  g_simple_action_set_enabled(find(self, "apply-save"), n > 0);
  g_simple_action_set_enabled(find(self, "save-predictions"), n > 0);
  g_simple_action_set_state(find(self, "apply-run"), g_variant_new_string(self->run_id ? self->run_id : ""));
  g_simple_action_set_state(find(self, "apply-answered"), g_variant_new_int32((gint32)n));
}
