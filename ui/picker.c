#include "ui/picker.h"

#include <glib/gi18n.h>

#define MOST_CLASSES 12
#define PICTURE_EDGE 36

struct _HfPicker {
  GtkBox parent_instance;
  char *title;
  GtkMenuButton *button;
  GtkLabel *value;
  GtkListBox *list;
  GPtrArray *names, *titles; /* of the cards, in order */
};

G_DEFINE_TYPE(HfPicker, hf_picker, GTK_TYPE_BOX)

enum { PICKED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void hf_picker_finalize(GObject *object) {
  HfPicker *self = HF_PICKER(object);
  g_free(self->title);
  g_ptr_array_unref(self->names);
  g_ptr_array_unref(self->titles);
  G_OBJECT_CLASS(hf_picker_parent_class)->finalize(object);
}

static void hf_picker_class_init(HfPickerClass *class) {
  G_OBJECT_CLASS(class)->finalize = hf_picker_finalize;
  signals[PICKED] = g_signal_new("picked", HF_TYPE_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void hf_picker_init(HfPicker *self) {
  self->names = g_ptr_array_new_with_free_func(g_free);
  self->titles = g_ptr_array_new_with_free_func(g_free);
}

static GtkWidget *add_text(GtkWidget *to, const char *text, const char *css) {
  if (!text || !*text)
    return NULL;
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 44);
  gtk_widget_add_css_class(label, css);
  gtk_box_append(GTK_BOX(to), label);
  return label;
}

/* A class: its example above its name. */
static GtkWidget *class_tile(const char *name, GdkTexture *picture) {
  GtkWidget *tile = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
  if (picture) {
    GtkWidget *image = gtk_picture_new_for_paintable(GDK_PAINTABLE(picture));
    gtk_widget_set_size_request(image, PICTURE_EDGE, PICTURE_EDGE);
    gtk_picture_set_can_shrink(GTK_PICTURE(image), TRUE);
    gtk_picture_set_alternative_text(GTK_PICTURE(image), name);
    gtk_widget_set_halign(image, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class(image, "hf-example");
    gtk_box_append(GTK_BOX(tile), image);
  }
  GtkWidget *label = gtk_label_new(name);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 9);
  gtk_widget_set_tooltip_text(label, name);
  gtk_widget_add_css_class(label, "hf-note");
  gtk_box_append(GTK_BOX(tile), label);
  return tile;
}

static void add_pictures(GtkWidget *to, const HfCard *card) {
  GtkWidget *flow = gtk_flow_box_new();
  gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_min_children_per_line(GTK_FLOW_BOX(flow), 6);
  gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(flow), 6);
  gtk_flow_box_set_homogeneous(GTK_FLOW_BOX(flow), TRUE);
  gtk_widget_set_can_focus(flow, FALSE);
  gtk_widget_set_can_target(flow, FALSE);
  for (int i = 0; card->classes[i] && i < MOST_CLASSES; i++)
    gtk_flow_box_insert(GTK_FLOW_BOX(flow), class_tile(card->classes[i], card->pictures[i]), -1);
  gtk_box_append(GTK_BOX(to), flow);
}

static void add_classes(GtkWidget *to, const HfCard *card) {
  if (!card->classes)
    return;
  int n = (int)g_strv_length((char **)card->classes);
  if (card->pictures) {
    add_pictures(to, card);
    if (n > MOST_CLASSES) {
      g_autofree char *more = g_strdup_printf(_("and %d more classes"), n - MOST_CLASSES);
      add_text(to, more, "hf-note");
    }
    return;
  }
  g_autofree char *all = g_strjoinv(", ", (char **)card->classes);
  add_text(to, all, "hf-note");
}

static GtkWidget *card_widget(const HfCard *card) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_add_css_class(box, "hf-card");
  add_text(box, card->title, "hf-title");
  add_text(box, card->summary, "hf-sentence");
  add_classes(box, card);
  add_text(box, card->facts, "hf-note");
  add_text(box, card->license, "hf-note");
  add_text(box, card->problem, "hf-problem");
  return box;
}

static void activated(GtkListBox *list, GtkListBoxRow *row, HfPicker *self) {
  gtk_menu_button_popdown(self->button);
  g_signal_emit(self, signals[PICKED], 0,
                g_ptr_array_index(self->names, (guint)gtk_list_box_row_get_index(row)));
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
  gtk_popover_set_child(GTK_POPOVER(popover), scroller);
  gtk_widget_add_css_class(popover, "hf-picker-list");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, self->title, -1);
  return popover;
}

static void build(HfPicker *self) {
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new(self->title);
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_box_append(GTK_BOX(line), title);
  self->value = GTK_LABEL(gtk_label_new(NULL));
  gtk_label_set_ellipsize(self->value, PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(self->value, 1);
  gtk_widget_set_hexpand(GTK_WIDGET(self->value), TRUE);
  gtk_widget_add_css_class(GTK_WIDGET(self->value), "hf-value");
  gtk_box_append(GTK_BOX(line), GTK_WIDGET(self->value));
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
  GtkListBoxRow *row;
  while ((row = gtk_list_box_get_row_at_index(self->list, 0)))
    gtk_list_box_remove(self->list, GTK_WIDGET(row));
  g_ptr_array_set_size(self->names, 0);
  g_ptr_array_set_size(self->titles, 0);
  for (int i = 0; i < n; i++) {
    g_ptr_array_add(self->names, g_strdup(cards[i].name));
    g_ptr_array_add(self->titles, g_strdup(cards[i].title));
    gtk_list_box_append(self->list, card_widget(&cards[i]));
    row = gtk_list_box_get_row_at_index(self->list, i);
    gtk_list_box_row_set_activatable(row, cards[i].problem == NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, cards[i].title,
                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                   cards[i].problem   ? cards[i].problem
                                   : cards[i].summary ? cards[i].summary
                                                      : "",
                                   -1);
  }
}

void hf_picker_set_chosen(HfPicker *self, const char *name, const char *value) {
  const char *shown = value ? value : name;
  gtk_list_box_unselect_all(self->list);
  for (guint i = 0; i < self->names->len; i++)
    if (g_strcmp0(g_ptr_array_index(self->names, i), name) == 0) {
      gtk_list_box_select_row(self->list, gtk_list_box_get_row_at_index(self->list, (int)i));
      shown = value ? value : g_ptr_array_index(self->titles, i);
    }
  gtk_label_set_text(self->value, shown ? shown : _("none"));
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->value), shown);
  g_autofree char *label = g_strdup_printf("%s: %s", self->title, shown ? shown : _("none"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

void hf_picker_open(HfPicker *self) {
  gtk_menu_button_popup(self->button);
  GtkListBoxRow *row = gtk_list_box_get_selected_row(self->list);
  gtk_widget_grab_focus(row ? GTK_WIDGET(row) : GTK_WIDGET(self->list));
}
