#include "ui/reason.h"

#include <glib/gi18n.h>

struct _HfReason {
  GtkBox parent_instance;
  GtkLabel *title, *sentence;
  GtkBox *repairs;
};

G_DEFINE_TYPE(HfReason, hf_reason, GTK_TYPE_BOX)

enum { REPAIR, N_SIGNALS };
static guint signals[N_SIGNALS];

static void hf_reason_class_init(HfReasonClass *class) {
  signals[REPAIR] = g_signal_new("repair", HF_TYPE_REASON, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_INT);
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_ALERT);
}

static GtkLabel *add_label(GtkBox *to, const char *css) {
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_widget_add_css_class(label, css);
  gtk_box_append(to, label);
  return GTK_LABEL(label);
}

static void close_clicked(GtkButton *button, HfReason *self) {
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}

static void hf_reason_init(HfReason *self) {
  gtk_orientable_set_orientation(GTK_ORIENTABLE(self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing(GTK_BOX(self), 6);
  gtk_widget_add_css_class(GTK_WIDGET(self), "hf-reason");
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->title = add_label(GTK_BOX(line), "hf-title");
  GtkWidget *close = gtk_button_new_from_icon_name("window-close-symbolic");
  gtk_widget_add_css_class(close, "flat");
  gtk_widget_add_css_class(close, "circular");
  gtk_widget_set_valign(close, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text(close, _("Close"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(close), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Close"), -1);
  g_signal_connect(close, "clicked", G_CALLBACK(close_clicked), self);
  gtk_box_append(GTK_BOX(line), close);
  gtk_box_append(GTK_BOX(self), line);
  self->sentence = add_label(GTK_BOX(self), "hf-sentence");
  self->repairs = GTK_BOX(gtk_box_new(GTK_ORIENTATION_VERTICAL, 4));
  gtk_box_append(GTK_BOX(self), GTK_WIDGET(self->repairs));
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}

GtkWidget *hf_reason_new(void) {
  return g_object_new(HF_TYPE_REASON, NULL);
}

static void repair_clicked(GtkButton *button, HfReason *self) {
  int index = GPOINTER_TO_INT(g_object_get_data(G_OBJECT(button), "index"));
  g_signal_emit(self, signals[REPAIR], 0, index);
}

static void add_repair(HfReason *self, int index, const char *text) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  GtkWidget *button = gtk_button_new();
  gtk_button_set_child(GTK_BUTTON(button), label);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  g_object_set_data(G_OBJECT(button), "index", GINT_TO_POINTER(index));
  g_signal_connect(button, "clicked", G_CALLBACK(repair_clicked), self);
  gtk_box_append(self->repairs, button);
}

/* A repair that lies outside of the axes (another model, fewer classes) is advice: there is no button to
 * press. */
static bool within_axes(const Repair *repair, Cell asked) {
  return repair->method || repair->alignment || cell_index(repair->cell) != cell_index(asked);
}

void hf_reason_set(HfReason *self, const char *what, Cell asked, const Verdict *verdict) {
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(self->repairs))))
    gtk_box_remove(self->repairs, child);
  bool shown = verdict && verdict->kind == VERDICT_IMPOSSIBLE;
  gtk_widget_set_visible(GTK_WIDGET(self), shown);
  if (!shown)
    return;
  g_autofree char *title = g_strdup_printf(_("%s is not possible here"), what);
  gtk_label_set_text(self->title, title);
  gtk_label_set_text(self->sentence, verdict->reason);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, verdict->reason, -1);
  for (guint i = 0; i < verdict->repairs->len; i++) {
    const Repair *repair = &g_array_index(verdict->repairs, Repair, i);
    if (within_axes(repair, asked))
      add_repair(self, (int)i, repair->text);
    else
      gtk_label_set_text(add_label(self->repairs, "hf-hint"), repair->text);
  }
}

void hf_reason_focus(HfReason *self) {
  if (!gtk_widget_child_focus(GTK_WIDGET(self->repairs), GTK_DIR_TAB_FORWARD))
    gtk_widget_child_focus(GTK_WIDGET(self), GTK_DIR_TAB_FORWARD);
}
