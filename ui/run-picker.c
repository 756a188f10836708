#include "ui/run-picker.h"

#include <glib/gi18n.h>
#include <math.h>

struct _HfRunPicker {
  GtkWidget parent;
  char *title;
  GtkMenuButton *button;
  GtkLabel *name, *facts, *accuracy;
  GtkSearchEntry *search;
  GtkListBox *list;
  GPtrArray *ids; /* of the rows, in order */
};

G_DEFINE_FINAL_TYPE(HfRunPicker, hf_run_picker, GTK_TYPE_WIDGET)

enum { PICKED, SEARCH, N_SIGNALS };
static guint signals[N_SIGNALS];

/* "73.4 %"; "" where it is not known. (transfer full) */
static char *accuracy_text(double accuracy) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  if (!isfinite(accuracy))
    return g_strdup("");
  g_ascii_formatd(text, sizeof text, "%.1f", 100 * accuracy);
  return g_strdup_printf("%s %%", text);
}

static GtkLabel *label_new(const char *text, const char *css, bool expands) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), expands ? 0 : 1);
  if (expands)
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(label, expands);
  if (css)
    gtk_widget_add_css_class(label, css);
  return GTK_LABEL(label);
}

static GtkWidget *row_new(const HfRunChoice *choice) {
  g_autofree char *accuracy = accuracy_text(choice->accuracy);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 1),
            *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_box_append(GTK_BOX(line), GTK_WIDGET(label_new(choice->name, "hf-title", true)));
  gtk_box_append(GTK_BOX(line), GTK_WIDGET(label_new(accuracy, "numeric", false)));
  gtk_box_append(GTK_BOX(box), line);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(label_new(choice->facts, "hf-note", true)));
  gtk_widget_add_css_class(box, "hf-card");
  return box;
}

static void on_row(GtkListBox *list, GtkListBoxRow *row, HfRunPicker *self) {
  g_autofree char *id = g_strdup(g_ptr_array_index(self->ids, (guint)gtk_list_box_row_get_index(row)));
  gtk_menu_button_popdown(self->button);
  g_signal_emit(self, signals[PICKED], 0, id);
}

static void on_search(HfRunPicker *self) {
  g_signal_emit(self, signals[SEARCH], 0, gtk_editable_get_text(GTK_EDITABLE(self->search)));
}

/* Return in the entry: the first of what was found. */
static void on_entered(HfRunPicker *self) {
  GtkListBoxRow *row = gtk_list_box_get_row_at_index(self->list, 0);
  if (row)
    on_row(self->list, row, self);
}

static void on_opened(HfRunPicker *self) {
  gtk_editable_set_text(GTK_EDITABLE(self->search), "");
  gtk_widget_grab_focus(GTK_WIDGET(self->search));
  on_search(self);
}

static GtkWidget *popover_new(HfRunPicker *self) {
  GtkWidget *popover = gtk_popover_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6),
            *scrolled = gtk_scrolled_window_new(), *none = gtk_label_new(_("No run is like this"));
  self->search = GTK_SEARCH_ENTRY(gtk_search_entry_new());
  g_signal_connect_swapped(self->search, "search-changed", G_CALLBACK(on_search), self);
  g_signal_connect_swapped(self->search, "activate", G_CALLBACK(on_entered), self);
  self->list = GTK_LIST_BOX(gtk_list_box_new());
  gtk_widget_add_css_class(GTK_WIDGET(self->list), "hf-cards");
  gtk_widget_add_css_class(none, "hf-empty");
  gtk_list_box_set_placeholder(self->list, none);
  g_signal_connect(self->list, "row-activated", G_CALLBACK(on_row), self);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scrolled), 420);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), GTK_WIDGET(self->list));
  gtk_widget_set_size_request(scrolled, 380, -1);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->search));
  gtk_box_append(GTK_BOX(box), scrolled);
  gtk_popover_set_child(GTK_POPOVER(popover), box);
  gtk_widget_add_css_class(popover, "hf-picker-list");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Search the runs"), -1);
  g_signal_connect_swapped(popover, "show", G_CALLBACK(on_opened), self);
  return popover;
}

static void hf_run_picker_dispose(GObject *object) {
  HfRunPicker *self = HF_RUN_PICKER(object);
  if (self->button)
    gtk_widget_unparent(GTK_WIDGET(self->button));
  self->button = NULL;
  G_OBJECT_CLASS(hf_run_picker_parent_class)->dispose(object);
}

static void hf_run_picker_finalize(GObject *object) {
  HfRunPicker *self = HF_RUN_PICKER(object);
  g_free(self->title);
  g_ptr_array_unref(self->ids);
  G_OBJECT_CLASS(hf_run_picker_parent_class)->finalize(object);
}

static void hf_run_picker_class_init(HfRunPickerClass *class) {
  G_OBJECT_CLASS(class)->dispose = hf_run_picker_dispose;
  G_OBJECT_CLASS(class)->finalize = hf_run_picker_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
  static const char *const names[N_SIGNALS] = {"picked", "search"};
  for (int i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(names[i], HF_TYPE_RUN_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void hf_run_picker_init(HfRunPicker *self) {
  self->ids = g_ptr_array_new_with_free_func(g_free);
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10);
  self->name = label_new(NULL, NULL, false);
  gtk_label_set_ellipsize(self->name, PANGO_ELLIPSIZE_END);
  self->facts = label_new(NULL, "hf-note", true);
  self->accuracy = label_new(NULL, "numeric", false);
  gtk_widget_add_css_class(GTK_WIDGET(self->accuracy), "hf-value");
  gtk_box_append(GTK_BOX(line), GTK_WIDGET(self->name));
  gtk_box_append(GTK_BOX(line), GTK_WIDGET(self->facts));
  gtk_box_append(GTK_BOX(line), GTK_WIDGET(self->accuracy));
  gtk_box_append(GTK_BOX(line), gtk_image_new_from_icon_name("pan-down-symbolic"));
  self->button = GTK_MENU_BUTTON(gtk_menu_button_new());
  gtk_menu_button_set_child(self->button, line);
  gtk_widget_set_halign(gtk_widget_get_parent(line), GTK_ALIGN_FILL); /* the button's own box is centred */
  gtk_menu_button_set_popover(self->button, popover_new(self));
  gtk_widget_set_hexpand(GTK_WIDGET(self->button), TRUE);
  gtk_widget_set_parent(GTK_WIDGET(self->button), GTK_WIDGET(self));
}

GtkWidget *hf_run_picker_new(const char *title) {
  HfRunPicker *self = g_object_new(HF_TYPE_RUN_PICKER, NULL);
  self->title = g_strdup(title);
  hf_run_picker_set_chosen(self, NULL);
  return GTK_WIDGET(self);
}

void hf_run_picker_set_choices(HfRunPicker *self, const HfRunChoice *choices, int n) {
  GtkListBoxRow *row;
  while ((row = gtk_list_box_get_row_at_index(self->list, 0)))
    gtk_list_box_remove(self->list, GTK_WIDGET(row));
  g_ptr_array_set_size(self->ids, 0);
  for (int i = 0; i < n; i++) {
    g_ptr_array_add(self->ids, g_strdup(choices[i].id));
    gtk_list_box_append(self->list, row_new(&choices[i]));
    row = gtk_list_box_get_row_at_index(self->list, i);
    g_autofree char *accuracy = accuracy_text(choices[i].accuracy);
    g_autofree char *label = g_strdup_printf("%s %s", choices[i].name, accuracy);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, choices[i].facts, -1);
  }
}

void hf_run_picker_set_chosen(HfRunPicker *self, const HfRunChoice *choice) {
  g_autofree char *accuracy = accuracy_text(choice ? choice->accuracy : NAN);
  gtk_label_set_text(self->name, choice ? choice->name : self->title);
  gtk_label_set_text(self->facts, choice ? choice->facts : "");
  gtk_label_set_text(self->accuracy, accuracy);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->button), choice ? choice->facts : self->title);
  g_autofree char *label =
      choice ? g_strdup_printf("%s: %s %s", self->title, choice->name, accuracy) : g_strdup(self->title);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

void hf_run_picker_open(HfRunPicker *self) {
  gtk_menu_button_popup(self->button);
}
