#include "app/window-models.h"

#include "app/model-questions.h"
#include "data/class-names.h"
#include "data/models.h"
#include "data/onnx.h"
#include "data/own-models.h"

#include <glib/gi18n.h>
#include <string.h>

struct _WindowModels {
  HfWindow *window;
  HfController *controller;
  void (*listed)(gpointer data);
  gpointer data;
  GCancellable *cancellable;
  HfModelDialog *dialog; /* NULL: nothing is being asked */
  FrozenModel *model;    /* that it asks about */
  char *loaded;          /* path of the chosen model; NULL: none yet */
};

/* A file on its way. */
typedef struct {
  char *path;
  bool edits; /* its answers are to be changed */
  FrozenModel *model;
  GPtrArray *entries;
  char *missing; /* operators; NULL: none */
} Opening;

static void opening_free(gpointer data) {
  Opening *opening = data;
  g_free(opening->path);
  frozen_model_free(opening->model);
  g_clear_pointer(&opening->entries, g_ptr_array_unref);
  g_free(opening->missing);
  g_free(opening);
}

/* A line for each operator that cannot be run; NULL: there are none.  (transfer full) */
static char *missing_operators(const char *path) {
  g_autoptr(OnnxSummary) summary = onnx_inspect(path, NULL);
  g_autoptr(GString) lines = g_string_new(NULL);
  for (guint i = 0; summary && i < summary->operators->len; i++) {
    const OnnxOperator *operator= g_ptr_array_index(summary->operators, i);
    if (operator->supported)
      continue;
    g_string_append_c(lines, '\n');
    /* Translators: an operator, how often the graph has it, and the first node that has it. */
    g_string_append_printf(
        lines, _("%s (%d), first in node ‘%s’"), operator->name, operator->count, operator->first_node);
  }
  return lines->len ? g_strdup_printf(_("Not supported, of operator set %d:%s"), summary->opset, lines->str)
                    : NULL;
}

static void read_it(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Opening *opening = data;
  GError *error = NULL;
  opening->model = model_load(opening->path, &error);
  if (error) {
    opening->missing = missing_operators(opening->path);
    g_task_return_error(task, error);
    return;
  }
  opening->entries = card_guess(opening->model);
  g_task_return_boolean(task, TRUE);
}

static void show_refusal(WindowModels *self, const Opening *opening, const char *sentence) {
  GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(self->window), _("This Model Cannot Be Used"), NULL);
  g_autofree char *body =
      opening->missing ? g_strdup_printf("%s\n\n%s", sentence, opening->missing) : g_strdup(sentence);
  adw_message_dialog_set_body(ADW_MESSAGE_DIALOG(dialog), body);
  adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "close", _("_Close"));
  gtk_window_present(GTK_WINDOW(dialog));
}

static void tell(WindowModels *self, const char *sentence) {
  hf_window_tell(self->window, sentence, true);
}

/* It becomes the choice, or what it is chosen as is loaded again. */
static void use(WindowModels *self, const char *path) {
  self->listed(self->data);
  const RunSpec *spec = hf_controller_spec(self->controller);
  g_autoptr(Settings) nothing = settings_new(run_spec_card_rows, NULL);
  if (g_str_equal(spec->model, path) && settings_equal(spec->card, nothing)) {
    hf_controller_reload(self->controller);
    return;
  }
  g_autofree char *assignment = g_strdup_printf("run.model=%s", path);
  g_autoptr(GError) error = NULL;
  if (!hf_controller_assign(self->controller, (char *[]){assignment, NULL}, &error))
    tell(self, error->message);
}

static void on_closed(WindowModels *self) {
  self->dialog = NULL;
  g_clear_pointer(&self->model, frozen_model_free);
}

/* As the card writes them.  (transfer full) */
static char **card_answers(char *const *answers) {
  g_autoptr(GPtrArray) texts = g_ptr_array_new();
  for (; *answers; answers += 2) {
    g_ptr_array_add(texts, g_strdup(answers[0]));
    g_ptr_array_add(texts, model_answer_text(answers[0], answers[1]));
  }
  g_ptr_array_add(texts, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&texts), FALSE);
}

static void on_answered(WindowModels *self, char *const *answers) {
  g_auto(GStrv) texts = card_answers(answers);
  g_autoptr(GError) error = NULL;
  if (!own_models_keep(self->model, (const char *const *)texts, &error)) {
    hf_model_dialog_refuse(self->dialog, error->message);
    return;
  }
  g_autofree char *path = g_canonicalize_filename(self->model->path, NULL);
  gtk_window_destroy(GTK_WINDOW(self->dialog));
  use(self, path);
}

static void on_names(WindowModels *self, const char *path) {
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) names = class_names_read(path, &error);
  if (!names) {
    hf_model_dialog_refuse(self->dialog, error->message);
    return;
  }
  g_autofree char *text = class_names_text(names), *file = g_filename_display_basename(path);
  int n = (int)g_strv_length(names);
  g_autofree char *reason =
      g_strdup_printf(ngettext("%d name from %s", "%d names from %s", (gulong)n), n, file);
  hf_model_dialog_set_value(self->dialog, "classes", text, reason);
}

static void ask(WindowModels *self, Opening *opening) {
  ModelQuestions questions;
  g_autofree char *file = g_filename_display_basename(opening->path);
  if (self->dialog)
    gtk_window_destroy(GTK_WINDOW(self->dialog));
  model_questions_make(&questions, opening->model, opening->entries, opening->edits);
  self->dialog = HF_MODEL_DIALOG(hf_model_dialog_new(GTK_WINDOW(self->window), file,
                                                     (const HfModelQuestion *)(gpointer)questions.rows->data,
                                                     (int)questions.rows->len));
  model_questions_clear(&questions);
  self->model = g_steal_pointer(&opening->model);
  g_signal_connect_swapped(self->dialog, "answered", G_CALLBACK(on_answered), self);
  g_signal_connect_swapped(self->dialog, "names", G_CALLBACK(on_names), self);
  g_signal_connect_swapped(self->dialog, "destroy", G_CALLBACK(on_closed), self);
  gtk_window_present(GTK_WINDOW(self->dialog));
}

static void on_read(GObject *source, GAsyncResult *result, gpointer data) {
  Opening *opening = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  bool good = g_task_propagate_boolean(G_TASK(result), &error);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the window is gone */
  WindowModels *self = data;
  if (!good) {
    show_refusal(self, opening, error->message);
    return;
  }
  if (opening->edits || (card_is_open(opening->entries) && !own_models_knows(opening->model->sha256))) {
    ask(self, opening);
    return;
  }
  g_autoptr(GError) refused = NULL;
  if (!own_models_keep(opening->model, NULL, &refused))
    tell(self, refused->message);
  use(self, opening->path);
}

static void read_model(WindowModels *self, const char *path, bool edits) {
  if (!g_utf8_validate(path, -1, NULL)) {
    tell(self, _("The file’s path is not UTF-8; give it another name."));
    return;
  }
  Opening *opening = g_new0(Opening, 1);
  opening->path = g_canonicalize_filename(path, NULL);
  opening->edits = edits;
  g_autoptr(GTask) task = g_task_new(NULL, self->cancellable, on_read, self);
  g_task_set_task_data(task, opening, opening_free);
  g_task_run_in_thread(task, read_it);
}

static void on_chosen(GtkNativeDialog *dialog, int response, HfWindow *window) {
  g_autoptr(GFile) file =
      response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *path = file ? g_file_get_path(file) : NULL;
  if (path)
    g_action_group_activate_action(G_ACTION_GROUP(window), "add-model", g_variant_new_bytestring(path));
  g_object_unref(dialog);
}

static void do_open(GSimpleAction *action, GVariant *parameter, gpointer data) {
  WindowModels *self = data;
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new(
      _("Open a Model"), GTK_WINDOW(self->window), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();
  gtk_file_filter_set_name(filter, _("ONNX models"));
  gtk_file_filter_add_suffix(filter, "onnx");
  gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(dialog), filter);
  g_signal_connect_object(dialog, "response", G_CALLBACK(on_chosen), self->window, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}

static void do_add(GSimpleAction *action, GVariant *path, gpointer self) {
  read_model(self, g_variant_get_bytestring(path), false);
}

static void do_edit(GSimpleAction *action, GVariant *path, gpointer self) {
  read_model(self, g_variant_get_string(path, NULL), true);
}

static void do_forget(GSimpleAction *action, GVariant *path, gpointer data) {
  WindowModels *self = data;
  g_autoptr(GError) error = NULL;
  if (own_models_forget(g_variant_get_string(path, NULL), &error))
    self->listed(self->data);
  else
    tell(self, error->message);
}

static void do_answer(GSimpleAction *action, GVariant *answers, gpointer data) {
  WindowModels *self = data;
  g_autofree const char **list = g_variant_get_strv(answers, NULL);
  if (!self->dialog)
    return;
  for (const char **next = list; *next; next++) {
    const char *equals = strchr(*next, '=');
    g_autofree char *key = equals ? g_strndup(*next, (gsize)(equals - *next)) : NULL;
    if (key)
      hf_model_dialog_set_value(self->dialog, key, equals + 1, NULL);
  }
  hf_model_dialog_accept(self->dialog);
}

static const GActionEntry entries[] = {
    {.name = "open-model", .activate = do_open},
    {.name = "add-model", .activate = do_add, .parameter_type = "ay"},
    {.name = "edit-model", .activate = do_edit, .parameter_type = "s"},
    {.name = "forget-model", .activate = do_forget, .parameter_type = "s"},
    {.name = "answer-model", .activate = do_answer, .parameter_type = "as"},
};

WindowModels *window_models_new(HfWindow *window, HfController *controller, void (*listed)(gpointer),
                                gpointer data) {
  WindowModels *self = g_new0(WindowModels, 1);
  *self = (WindowModels){.window = window,
                         .controller = controller,
                         .listed = listed,
                         .data = data,
                         .cancellable = g_cancellable_new()};
  g_action_map_add_action_entries(G_ACTION_MAP(window), entries, G_N_ELEMENTS(entries), self);
  return self;
}

static bool is_named(const FrozenModel *model) {
  for (const NamedModel *row = named_models; row->name; row++)
    if (g_strcmp0(row->name, model->name) == 0)
      return true;
  return false;
}

static bool is_listed(const char *path) {
  g_autoptr(GPtrArray) models = own_models_list();
  for (guint i = 0; i < models->len; i++)
    if (g_str_equal(((const OwnModel *)g_ptr_array_index(models, i))->path, path))
      return true;
  return false;
}

void window_models_loaded(WindowModels *self, const FrozenModel *model) {
  g_autofree char *path = g_canonicalize_filename(model->path, NULL);
  if (g_strcmp0(path, self->loaded) == 0)
    return;
  g_free(self->loaded);
  self->loaded = g_strdup(path);
  if (is_named(model) || is_listed(path))
    return;
  g_autoptr(GError) error = NULL;
  if (own_models_keep(model, NULL, &error))
    self->listed(self->data);
  else
    tell(self, error->message);
}

void window_models_free(WindowModels *self) {
  g_cancellable_cancel(self->cancellable);
  g_object_unref(self->cancellable);
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++)
    g_action_map_remove_action(G_ACTION_MAP(self->window), entries[i].name);
  if (self->dialog)
    gtk_window_destroy(GTK_WINDOW(self->dialog));
  g_free(self->loaded);
  g_free(self);
}
