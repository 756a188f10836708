#include "ui/model-dialog.h"

#include <glib/gi18n.h>

/* A question on the screen. */
typedef struct {
  HfModelDialog *dialog;
  char *key, *only;
  AdwActionRow *row;
  GtkWidget *entry;  /* of free text; else NULL */
  GtkDropDown *list; /* of choices; else NULL */
  GPtrArray *values; /* char *: of the list */
  char *text;        /* that came from a file; else NULL */
  gboolean from_file;
} Asked;

struct _HfModelDialog {
  AdwWindow parent_instance;
  GPtrArray *asked; /* Asked */
  AdwPreferencesGroup *group;
  GtkWidget *refusal; /* GtkLabel */
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE(HfModelDialog, hf_model_dialog, ADW_TYPE_WINDOW)

enum { ANSWERED, NAMES, N_SIGNALS };
static guint signals[N_SIGNALS];

static void asked_free(gpointer data) {
  Asked *asked = data;
  g_free(asked->key);
  g_free(asked->only);
  g_free(asked->text);
  g_clear_pointer(&asked->values, g_ptr_array_unref);
  g_free(asked);
}

static Asked *find(HfModelDialog *self, const char *key) {
  for (guint i = 0; i < self->asked->len; i++) {
    Asked *asked = g_ptr_array_index(self->asked, i);
    if (g_str_equal(asked->key, key))
      return asked;
  }
  return NULL;
}

static const char *value_of(Asked *asked) {
  if (asked->from_file)
    return asked->text;
  if (asked->entry)
    return gtk_editable_get_text(GTK_EDITABLE(asked->entry));
  guint i = gtk_drop_down_get_selected(asked->list);
  return i < asked->values->len ? g_ptr_array_index(asked->values, i) : "";
}

static gboolean counts(HfModelDialog *self, const Asked *asked) {
  Asked *task = find(self, "task");
  return !asked->only || !task || g_str_equal(value_of(task), asked->only);
}

static void show_rows(HfModelDialog *self) {
  for (guint i = 0; i < self->asked->len; i++) {
    Asked *asked = g_ptr_array_index(self->asked, i);
    gtk_widget_set_visible(GTK_WIDGET(asked->row), counts(self, asked));
  }
}

void hf_model_dialog_accept(HfModelDialog *self) {
  g_autoptr(GPtrArray) answers = g_ptr_array_new();
  for (guint i = 0; i < self->asked->len; i++) {
    Asked *asked = g_ptr_array_index(self->asked, i);
    if (!counts(self, asked))
      continue;
    g_ptr_array_add(answers, asked->key);
    g_ptr_array_add(answers, (char *)value_of(asked));
  }
  g_ptr_array_add(answers, NULL);
  gtk_widget_set_visible(self->refusal, FALSE);
  g_signal_emit(self, signals[ANSWERED], 0, answers->pdata);
}

static void on_names_chosen(GtkNativeDialog *chooser, int response, HfModelDialog *self) {
  g_autoptr(GFile) file =
      response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser)) : NULL;
  g_autofree char *path = file ? g_file_get_path(file) : NULL;
  if (path)
    g_signal_emit(self, signals[NAMES], 0, path);
  g_clear_object(&self->chooser);
}

static void choose_names(HfModelDialog *self) {
  g_clear_object(&self->chooser);
  self->chooser = gtk_file_chooser_native_new(_("Names of Classes"), GTK_WINDOW(self),
                                              GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(self->chooser), TRUE);
  g_signal_connect_object(self->chooser, "response", G_CALLBACK(on_names_chosen), self, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(self->chooser));
}

static void clear_names(Asked *asked) {
  hf_model_dialog_set_value(asked->dialog, asked->key, "", _("No names: classes are shown by number."));
}

static GtkWidget *small_button(const char *icon, const char *label) {
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, label);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return button;
}

static void set_reason(Asked *asked, const char *reason) {
  g_autofree char *escaped = g_markup_escape_text(reason, -1);
  adw_action_row_set_subtitle(asked->row, escaped);
  gtk_accessible_update_property(GTK_ACCESSIBLE(asked->row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, reason, -1);
}

/* What the question is answered in. */
static void add_suffix(Asked *asked, GtkWidget *widget, const char *title) {
  gtk_widget_set_valign(widget, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_action_row_add_suffix(asked->row, widget);
  adw_action_row_set_activatable_widget(asked->row, widget);
}

static void add_entry(Asked *asked, const HfModelQuestion *question) {
  asked->row = ADW_ACTION_ROW(adw_action_row_new());
  asked->entry = gtk_entry_new();
  gtk_editable_set_text(GTK_EDITABLE(asked->entry), question->value);
  gtk_editable_set_width_chars(GTK_EDITABLE(asked->entry), 20);
  gtk_entry_set_placeholder_text(GTK_ENTRY(asked->entry), question->hint);
  gtk_entry_set_activates_default(GTK_ENTRY(asked->entry), TRUE);
  add_suffix(asked, asked->entry, question->title);
}

static void add_choices(Asked *asked, const HfModelQuestion *question) {
  asked->row = ADW_ACTION_ROW(adw_action_row_new());
  asked->values = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GtkStringList) titles = gtk_string_list_new(NULL);
  guint selected = 0;
  for (const HfModelChoice *choice = question->choices; choice->value; choice++) {
    if (g_str_equal(choice->value, question->value))
      selected = asked->values->len;
    g_ptr_array_add(asked->values, g_strdup(choice->value));
    gtk_string_list_append(titles, choice->title);
  }
  asked->list = GTK_DROP_DOWN(gtk_drop_down_new(g_object_ref(G_LIST_MODEL(titles)), NULL));
  gtk_drop_down_set_selected(asked->list, selected);
  add_suffix(asked, GTK_WIDGET(asked->list), question->title);
}

static void add_names(Asked *asked, const HfModelQuestion *question) {
  asked->row = ADW_ACTION_ROW(adw_action_row_new());
  asked->from_file = TRUE;
  asked->text = g_strdup(question->value);
  GtkWidget *clear = small_button("edit-clear-symbolic", _("Without Names"));
  GtkWidget *choose = gtk_button_new_with_label(_("Choose File…"));
  gtk_widget_set_valign(choose, GTK_ALIGN_CENTER);
  g_signal_connect_swapped(clear, "clicked", G_CALLBACK(clear_names), asked);
  g_signal_connect_object(choose, "clicked", G_CALLBACK(choose_names), asked->dialog, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix(asked->row, clear);
  adw_action_row_add_suffix(asked->row, choose);
}

static void add_question(HfModelDialog *self, const HfModelQuestion *question) {
  Asked *asked = g_new0(Asked, 1);
  asked->dialog = self;
  asked->key = g_strdup(question->key);
  asked->only = g_strdup(question->only);
  if (question->from_file)
    add_names(asked, question);
  else if (question->choices)
    add_choices(asked, question);
  else
    add_entry(asked, question);
  g_ptr_array_add(self->asked, asked);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(asked->row), question->title);
  adw_action_row_set_subtitle_lines(asked->row, 0);
  set_reason(asked, question->reason);
  adw_preferences_group_add(self->group, GTK_WIDGET(asked->row));
  if (question->choices)
    g_signal_connect_swapped(asked->list, "notify::selected", G_CALLBACK(show_rows), self);
}

static void hf_model_dialog_dispose(GObject *object) {
  HfModelDialog *self = HF_MODEL_DIALOG(object);
  if (self->chooser)
    gtk_native_dialog_destroy(GTK_NATIVE_DIALOG(self->chooser));
  g_clear_object(&self->chooser);
  G_OBJECT_CLASS(hf_model_dialog_parent_class)->dispose(object);
}

static void hf_model_dialog_finalize(GObject *object) {
  g_ptr_array_unref(HF_MODEL_DIALOG(object)->asked);
  G_OBJECT_CLASS(hf_model_dialog_parent_class)->finalize(object);
}

static void hf_model_dialog_class_init(HfModelDialogClass *class) {
  G_OBJECT_CLASS(class)->dispose = hf_model_dialog_dispose;
  G_OBJECT_CLASS(class)->finalize = hf_model_dialog_finalize;
  gtk_widget_class_add_binding_action(GTK_WIDGET_CLASS(class), GDK_KEY_Escape, 0, "window.close", NULL);
  signals[ANSWERED] = g_signal_new("answered", HF_TYPE_MODEL_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRV);
  signals[NAMES] = g_signal_new("names", HF_TYPE_MODEL_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
}

static GtkWidget *make_header(HfModelDialog *self) {
  GtkWidget *header = adw_header_bar_new();
  GtkWidget *cancel = gtk_button_new_with_mnemonic(_("_Cancel"));
  GtkWidget *accept = gtk_button_new_with_mnemonic(_("_Use Model"));
  gtk_widget_add_css_class(accept, "suggested-action");
  g_signal_connect_swapped(cancel, "clicked", G_CALLBACK(gtk_window_close), self);
  g_signal_connect_swapped(accept, "clicked", G_CALLBACK(hf_model_dialog_accept), self);
  adw_header_bar_set_show_start_title_buttons(ADW_HEADER_BAR(header), FALSE);
  adw_header_bar_set_show_end_title_buttons(ADW_HEADER_BAR(header), FALSE);
  adw_header_bar_pack_start(ADW_HEADER_BAR(header), cancel);
  adw_header_bar_pack_end(ADW_HEADER_BAR(header), accept);
  gtk_window_set_default_widget(GTK_WINDOW(self), accept);
  return header;
}

static void hf_model_dialog_init(HfModelDialog *self) {
  self->asked = g_ptr_array_new_with_free_func(asked_free);
  self->group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
  self->refusal = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(self->refusal), TRUE);
  gtk_label_set_xalign(GTK_LABEL(self->refusal), 0);
  gtk_widget_add_css_class(self->refusal, "error");
  gtk_widget_set_margin_start(self->refusal, 18);
  gtk_widget_set_margin_end(self->refusal, 18);
  gtk_widget_set_margin_top(self->refusal, 12);
  gtk_widget_set_visible(self->refusal, FALSE);
  GtkWidget *page = adw_preferences_page_new();
  adw_preferences_page_add(ADW_PREFERENCES_PAGE(page), self->group);
  gtk_widget_set_vexpand(page, TRUE);
  GtkWidget *all = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append(GTK_BOX(all), make_header(self));
  gtk_box_append(GTK_BOX(all), self->refusal);
  gtk_box_append(GTK_BOX(all), page);
  adw_window_set_content(ADW_WINDOW(self), all);
  /* The guesses may be right: Return takes them. */
  gtk_window_set_focus(GTK_WINDOW(self), gtk_window_get_default_widget(GTK_WINDOW(self)));
}

GtkWidget *hf_model_dialog_new(GtkWindow *parent, const char *file, const HfModelQuestion *questions, int n) {
  HfModelDialog *self =
      g_object_new(HF_TYPE_MODEL_DIALOG, "transient-for", parent, "modal", TRUE, "destroy-with-parent", TRUE,
                   "title", _("About This Model"), "default-width", 620, "default-height", 640, NULL);
  g_autofree char *text = g_strdup_printf(_("%s does not say all that is needed. These are guesses, with "
                                            "what they rest on: change what is wrong. "
                                            "The answers are kept for this file."),
                                          file);
  g_autofree char *escaped = g_markup_escape_text(text, -1);
  adw_preferences_group_set_description(self->group, escaped);
  for (int i = 0; i < n; i++)
    add_question(self, &questions[i]);
  show_rows(self);
  return GTK_WIDGET(self);
}

const char *hf_model_dialog_get_value(HfModelDialog *self, const char *key) {
  Asked *asked = find(self, key);
  return asked ? value_of(asked) : NULL;
}

static void select_value(Asked *asked, const char *value) {
  for (guint i = 0; i < asked->values->len; i++)
    if (g_str_equal(g_ptr_array_index(asked->values, i), value))
      gtk_drop_down_set_selected(asked->list, i);
}

void hf_model_dialog_set_value(HfModelDialog *self, const char *key, const char *value, const char *reason) {
  Asked *asked = find(self, key);
  if (!asked)
    return;
  if (asked->from_file) {
    g_free(asked->text);
    asked->text = g_strdup(value);
  } else if (asked->entry)
    gtk_editable_set_text(GTK_EDITABLE(asked->entry), value);
  else
    select_value(asked, value);
  if (reason)
    set_reason(asked, reason);
}

void hf_model_dialog_refuse(HfModelDialog *self, const char *sentence) {
  gtk_label_set_text(GTK_LABEL(self->refusal), sentence);
  gtk_widget_set_visible(self->refusal, TRUE);
}
