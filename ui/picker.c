#include "ui/picker.h"

#include <glib/gi18n.h>
#include <string.h>

#define LETTERS 30 /* of title and value that stand in one line of the narrowest sidebar */

struct _HfPicker {
  GtkBox parent_instance;
  char *title;
  GtkMenuButton *button;
  GtkLabel *value, *note;
  GtkListBox *list;
  GtkWidget *more;
  GPtrArray *cards; /* HfCard */
  char *chosen;     /* a card's name; NULL: none */
  char *words;      /* what is shown for it, in one line */
  bool due;         /* the list does not show the cards yet */
};

G_DEFINE_TYPE(HfPicker, hf_picker, GTK_TYPE_BOX)

enum { PICKED, DESCRIBE, FORGET, N_SIGNALS };
static guint signals[N_SIGNALS], opened_signal;

static void hf_picker_finalize(GObject *object) {
  HfPicker *self = HF_PICKER(object);
  g_free(self->title);
  g_free(self->chosen);
  g_free(self->words);
  g_ptr_array_unref(self->cards);
  G_OBJECT_CLASS(hf_picker_parent_class)->finalize(object);
}

static void hf_picker_class_init(HfPickerClass *class) {
  G_OBJECT_CLASS(class)->finalize = hf_picker_finalize;
  static const char *const names[N_SIGNALS] = {"picked", "describe", "forget"};
  for (int i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(names[i], HF_TYPE_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                              1, G_TYPE_STRING);
  opened_signal =
      g_signal_new("opened", HF_TYPE_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void hf_picker_init(HfPicker *self) {
  self->cards = g_ptr_array_new_with_free_func((GDestroyNotify)hf_card_free);
}

static void activated(GtkListBox *list, GtkListBoxRow *row, HfPicker *self) {
  const HfCard *card = g_ptr_array_index(self->cards, (guint)gtk_list_box_row_get_index(row));
  g_autofree char *name = g_strdup(card->name); /* the cards may change with the choice */
  gtk_menu_button_popdown(self->button);
  g_signal_emit(self, signals[PICKED], 0, name);
}

static void own_clicked(HfPicker *self, GtkWidget *button, int signal) {
  g_autofree char *name =
      g_strdup(g_object_get_data(G_OBJECT(button), "card")); /* the row may go with the list */
  if (signal == DESCRIBE)
    gtk_menu_button_popdown(self->button);
  g_signal_emit(self, signals[signal], 0, name);
}

static void describe_clicked(GtkWidget *button, HfPicker *self) {
  own_clicked(self, button, DESCRIBE);
}

static void forget_clicked(GtkWidget *button, HfPicker *self) {
  own_clicked(self, button, FORGET);
}

static void own_button(HfPicker *self, GtkWidget *to, const HfCard *card, int signal) {
  const bool describes = signal == DESCRIBE;
  const char *label = describes ? _("What Is Known of It") : _("Off the List");
  GtkWidget *button =
      gtk_button_new_from_icon_name(describes ? "document-edit-symbolic" : "list-remove-symbolic");
  gtk_widget_set_valign(button, GTK_ALIGN_START);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, label);
  g_autofree char *words = g_strdup_printf("%s: %s", card->title, label);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  g_object_set_data_full(G_OBJECT(button), "card", g_strdup(card->name), g_free);
  g_signal_connect(button, "clicked", G_CALLBACK(describes ? describe_clicked : forget_clicked), self);
  gtk_box_append(GTK_BOX(to), button);
}

static void add_row(HfPicker *self, const HfCard *card) {
  GtkWidget *row = gtk_list_box_row_new(), *child = hf_card_widget(card);
  if (card->own) {
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_widget_set_hexpand(child, TRUE);
    gtk_box_append(GTK_BOX(line), child);
    own_button(self, line, card, DESCRIBE);
    own_button(self, line, card, FORGET);
    child = line;
  }
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), child);
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), card->problem == NULL);
  const char *words = card->problem ? card->problem : card->summary ? card->summary : "";
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, card->title,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  gtk_list_box_append(self->list, row);
}

static void select_chosen(HfPicker *self) {
  gtk_list_box_unselect_all(self->list);
  for (guint i = 0; i < self->cards->len && !self->due; i++)
    if (g_strcmp0(((HfCard *)g_ptr_array_index(self->cards, i))->name, self->chosen) == 0)
      gtk_list_box_select_row(self->list, gtk_list_box_get_row_at_index(self->list, (int)i));
}

/* Brings the list up to date, when it is looked at. */
static void show_cards(HfPicker *self) {
  if (!self->due)
    return;
  self->due = false;
  GtkListBoxRow *row;
  while ((row = gtk_list_box_get_row_at_index(self->list, 0)))
    gtk_list_box_remove(self->list, GTK_WIDGET(row));
  for (guint i = 0; i < self->cards->len; i++)
    add_row(self, g_ptr_array_index(self->cards, i));
  select_chosen(self);
}

static void on_show(HfPicker *self) {
  show_cards(self);
  g_signal_emit(self, opened_signal, 0);
}

static void more_clicked(HfPicker *self) {
  gtk_menu_button_popdown(self->button);
}

static GtkWidget *list_popover(HfPicker *self) {
  GtkWidget *popover = gtk_popover_new();
  GtkWidget *scroller = gtk_scrolled_window_new();
  self->list = GTK_LIST_BOX(gtk_list_box_new());
  gtk_widget_add_css_class(GTK_WIDGET(self->list), "hf-cards");
  g_signal_connect(self->list, "row-activated", G_CALLBACK(activated), self);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scroller), TRUE);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scroller), 480);
  gtk_widget_set_size_request(scroller, 360, -1);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(self->list));
  self->more = gtk_button_new();
  gtk_widget_set_visible(self->more, FALSE);
  g_signal_connect_object(self->more, "clicked", G_CALLBACK(more_clicked), self, G_CONNECT_SWAPPED);
  GtkWidget *all = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append(GTK_BOX(all), scroller);
  gtk_box_append(GTK_BOX(all), self->more);
  gtk_popover_set_child(GTK_POPOVER(popover), all);
  g_signal_connect_swapped(popover, "show", G_CALLBACK(on_show), self);
  gtk_widget_add_css_class(popover, "hf-picker-list");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, self->title, -1);
  return popover;
}

/* The value in two lines at most; the note below it is never shortened. */
static GtkWidget *value_lines(HfPicker *self) {
  GtkWidget *lines = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->value = GTK_LABEL(gtk_label_new(NULL));
  gtk_label_set_ellipsize(self->value, PANGO_ELLIPSIZE_END);
  gtk_label_set_justify(self->value, GTK_JUSTIFY_RIGHT);
  gtk_label_set_xalign(self->value, 1);
  gtk_widget_add_css_class(GTK_WIDGET(self->value), "hf-value");
  self->note = GTK_LABEL(gtk_label_new(NULL));
  gtk_label_set_xalign(self->note, 1);
  gtk_widget_set_visible(GTK_WIDGET(self->note), FALSE);
  gtk_widget_add_css_class(GTK_WIDGET(self->note), "hf-note");
  gtk_box_append(GTK_BOX(lines), GTK_WIDGET(self->value));
  gtk_box_append(GTK_BOX(lines), GTK_WIDGET(self->note));
  gtk_widget_set_valign(lines, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand(lines, TRUE);
  return lines;
}

static void build(HfPicker *self) {
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new(self->title);
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_box_append(GTK_BOX(line), title);
  gtk_box_append(GTK_BOX(line), value_lines(self));
  gtk_box_append(GTK_BOX(line), gtk_image_new_from_icon_name("pan-down-symbolic"));
  self->button = GTK_MENU_BUTTON(gtk_menu_button_new());
  gtk_menu_button_set_child(self->button, line);
  gtk_widget_set_hexpand(line, TRUE);
  gtk_widget_set_halign(gtk_widget_get_parent(line), GTK_ALIGN_FILL); /* the button's own box is centred */
  gtk_menu_button_set_direction(self->button, GTK_ARROW_RIGHT);       /* beside the choices, not over them */
  gtk_menu_button_set_popover(self->button, list_popover(self));
  gtk_widget_add_css_class(GTK_WIDGET(self->button), "flat");
  gtk_widget_set_hexpand(GTK_WIDGET(self->button), TRUE);
  gtk_box_append(GTK_BOX(self), GTK_WIDGET(self->button));
}

GtkWidget *hf_picker_new(const char *title) {
  HfPicker *self = g_object_new(HF_TYPE_PICKER, NULL);
  self->title = g_strdup(title);
  gtk_widget_add_css_class(GTK_WIDGET(self), "hf-picker");
  build(self);
  return GTK_WIDGET(self);
}

void hf_picker_set_cards(HfPicker *self, const HfCard *cards, int n) {
  g_ptr_array_set_size(self->cards, 0);
  for (int i = 0; i < n; i++)
    g_ptr_array_add(self->cards, hf_card_copy(&cards[i]));
  self->due = true;
  if (!gtk_widget_get_mapped(GTK_WIDGET(self->list)))
    return;
  GtkWidget *focused = gtk_widget_get_focus_child(GTK_WIDGET(self->list));
  int at = focused ? gtk_list_box_row_get_index(GTK_LIST_BOX_ROW(focused)) : -1;
  show_cards(self);
  GtkListBoxRow *row = at >= 0 ? gtk_list_box_get_row_at_index(self->list, at) : NULL;
  if (row)
    gtk_widget_grab_focus(GTK_WIDGET(row)); /* the keyboard stays where it was */
}

const char *hf_picker_card_title(HfPicker *self, const char *name) {
  for (guint i = 0; i < self->cards->len; i++) {
    const HfCard *card = g_ptr_array_index(self->cards, i);
    if (g_strcmp0(card->name, name) == 0)
      return card->title;
  }
  return NULL;
}

/* In two lines at the space nearest to the middle where it is longer than `most` letters: a menu button has
 * no height for a width, so wrapping would not make it higher.  (transfer full) */
static char *in_lines(const char *text, glong most) {
  char *lines = g_strdup(text), *middle = lines + strlen(lines) / 2, *nearest = NULL;
  for (char *at = strchr(lines, ' '); at; at = strchr(at + 1, ' '))
    if (!nearest || ABS(at - middle) < ABS(nearest - middle))
      nearest = at;
  if (nearest && g_utf8_strlen(text, -1) > most)
    *nearest = '\n';
  return lines;
}

void hf_picker_set_chosen(HfPicker *self, const char *name, const char *value) {
  g_autofree char *file = name ? g_path_get_basename(name) : NULL; /* what has no card is a path */
  const char *title = hf_picker_card_title(self, name);
  const char *shown = value ? value : title ? title : file;
  g_free(self->chosen);
  self->chosen = g_strdup(name);
  select_chosen(self);
  g_free(self->words);
  self->words = g_strdup(shown ? shown : _("none"));
  g_autofree char *lines = in_lines(self->words, LETTERS - g_utf8_strlen(self->title, -1));
  gtk_label_set_text(self->value, lines);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->value), shown);
  hf_picker_set_note(self, NULL);
}

void hf_picker_set_note(HfPicker *self, const char *note) {
  gtk_label_set_text(self->note, note ? note : "");
  gtk_widget_set_visible(GTK_WIDGET(self->note), note != NULL);
  g_autofree char *label =
      g_strdup_printf("%s: %s%s%s", self->title, self->words, note ? ", " : "", note ? note : "");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

void hf_picker_set_more(HfPicker *self, const char *label, const char *action) {
  gtk_button_set_label(GTK_BUTTON(self->more), label);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->more), action);
  gtk_widget_set_visible(self->more, TRUE);
  gtk_widget_set_size_request(GTK_WIDGET(self->list), 430, -1); /* own cards have buttons beside them */
}

void hf_picker_open(HfPicker *self) {
  show_cards(self);
  gtk_menu_button_popup(self->button);
  GtkListBoxRow *row = gtk_list_box_get_selected_row(self->list);
  gtk_widget_grab_focus(row ? GTK_WIDGET(row) : GTK_WIDGET(self->list));
}
