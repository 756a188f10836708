#include "ui/axis-row.h"

#include <glib/gi18n.h>

#define MOST_VALUES 4

struct _HfAxisRow {
  GtkBox parent_instance;
  AxisId axis;
  int value; /* -1: none yet */
  GtkToggleButton *buttons[MOST_VALUES];
  bool impossible[MOST_VALUES];
  GtkLabel *consequence;
};

G_DEFINE_TYPE(HfAxisRow, hf_axis_row, GTK_TYPE_BOX)

enum { IMPOSSIBLE_CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

static void hf_axis_row_class_init(HfAxisRowClass *class) {
  signals[IMPOSSIBLE_CHOSEN] = g_signal_new("impossible-chosen", HF_TYPE_AXIS_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                            NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void hf_axis_row_init(HfAxisRow *self) {
  self->value = -1;
  gtk_orientable_set_orientation(GTK_ORIENTABLE(self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing(GTK_BOX(self), 4);
  gtk_widget_add_css_class(GTK_WIDGET(self), "hf-axis");
}

static const Axis *row_axis(const HfAxisRow *self) {
  return &taxonomy_axes[self->axis];
}

static int index_of(const HfAxisRow *self, GtkToggleButton *button) {
  int i = 0;
  while (self->buttons[i] != button)
    i++;
  return i;
}

/* Only an impossible value comes here with something to do: the others are actions. */
static void clicked(GtkToggleButton *button, HfAxisRow *self) {
  int i = index_of(self, button);
  if (!self->impossible[i])
    return;
  gtk_toggle_button_set_active(button, i == self->value);
  g_signal_emit(self, signals[IMPOSSIBLE_CHOSEN], 0, i);
}

/* Possible values are actions; without one a button keeps the focus and answers with the reason. */
static void set_action(HfAxisRow *self, int i) {
  g_autofree char *action = g_strconcat("win.", row_axis(self)->name, NULL);
  GtkActionable *button = GTK_ACTIONABLE(self->buttons[i]);
  if (self->impossible[i]) {
    gtk_actionable_set_action_name(button, NULL);
    gtk_widget_set_sensitive(GTK_WIDGET(button), TRUE);
    gtk_toggle_button_set_active(self->buttons[i], i == self->value);
  } else {
    gtk_actionable_set_action_target(button, "s", row_axis(self)->values[i].name);
    gtk_actionable_set_action_name(button, action);
  }
}

static void describe(HfAxisRow *self, int i, const Verdict *verdict) {
  GtkWidget *button = GTK_WIDGET(self->buttons[i]);
  const AxisValue *value = &row_axis(self)->values[i];
  g_autofree char *text = verdict && verdict->kind == VERDICT_IMPOSSIBLE
                              ? g_strdup_printf(_("unavailable: %s"), verdict->reason)
                              : g_strdup(value->help);
  g_autofree char *label = g_strdup_printf("%s: %s", row_axis(self)->title, value->title);
  gtk_widget_set_tooltip_text(button, text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

/* Left and Right stay within the axis. */
static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                       HfAxisRow *self) {
  int by = key == GDK_KEY_Left ? -1 : key == GDK_KEY_Right ? 1 : 0;
  if (!by)
    return GDK_EVENT_PROPAGATE;
  int n = row_axis(self)->n_values, at = 0;
  while (at < n - 1 && !gtk_widget_has_focus(GTK_WIDGET(self->buttons[at])))
    at++;
  gtk_widget_grab_focus(GTK_WIDGET(self->buttons[CLAMP(at + by, 0, n - 1)]));
  return GDK_EVENT_STOP;
}

static GtkWidget *title_line(const Axis *axis) {
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *title = gtk_label_new(axis->title);
  GtkWidget *symbol = gtk_label_new(axis->symbol);
  gtk_widget_set_hexpand(title, TRUE);
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_widget_add_css_class(title, "hf-title");
  gtk_widget_add_css_class(symbol, "hf-symbol");
  gtk_widget_set_tooltip_text(line, axis->question);
  gtk_box_append(GTK_BOX(line), title);
  gtk_box_append(GTK_BOX(line), symbol);
  return line;
}

static void build(HfAxisRow *self) {
  const Axis *axis = row_axis(self);
  g_assert(axis->n_values <= MOST_VALUES);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, axis->title,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, axis->question, -1);
  gtk_box_append(GTK_BOX(self), title_line(axis));
  GtkWidget *segments = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2);
  gtk_widget_add_css_class(segments, "hf-segments");
  for (int i = 0; i < axis->n_values; i++) {
    GtkWidget *button = gtk_toggle_button_new_with_label(axis->values[i].name);
    self->buttons[i] = GTK_TOGGLE_BUTTON(button);
    gtk_widget_set_hexpand(button, TRUE);
    g_signal_connect(button, "clicked", G_CALLBACK(clicked), self);
    gtk_box_append(GTK_BOX(segments), button);
  }
  GtkEventController *keys = gtk_event_controller_key_new();
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), self);
  gtk_widget_add_controller(segments, keys);
  gtk_box_append(GTK_BOX(self), segments);
  self->consequence = GTK_LABEL(gtk_label_new(NULL));
  gtk_label_set_wrap(self->consequence, TRUE);
  gtk_label_set_xalign(self->consequence, 0);
  gtk_widget_add_css_class(GTK_WIDGET(self->consequence), "hf-hint");
  gtk_box_append(GTK_BOX(self), GTK_WIDGET(self->consequence));
}

GtkWidget *hf_axis_row_new(AxisId axis) {
  HfAxisRow *self = g_object_new(HF_TYPE_AXIS_ROW, NULL);
  self->axis = axis;
  build(self);
  hf_axis_row_set_verdicts(self, NULL);
  return GTK_WIDGET(self);
}

AxisId hf_axis_row_axis(HfAxisRow *self) {
  return self->axis;
}

void hf_axis_row_set_value(HfAxisRow *self, int value) {
  self->value = value;
  for (int i = 0; i < row_axis(self)->n_values; i++)
    gtk_toggle_button_set_active(self->buttons[i], i == value);
}

void hf_axis_row_set_verdicts(HfAxisRow *self, const Verdict *const *verdicts) {
  for (int i = 0; i < row_axis(self)->n_values; i++) {
    const Verdict *verdict = verdicts ? verdicts[i] : NULL;
    self->impossible[i] = verdict && verdict->kind == VERDICT_IMPOSSIBLE;
    GtkWidget *button = GTK_WIDGET(self->buttons[i]);
    if (self->impossible[i])
      gtk_widget_add_css_class(button, "hf-impossible");
    else
      gtk_widget_remove_css_class(button, "hf-impossible");
    set_action(self, i);
    describe(self, i, verdict);
  }
}

void hf_axis_row_set_consequence(HfAxisRow *self, const char *text) {
  gtk_label_set_text(self->consequence, text);
}

GtkWidget *hf_axis_row_button(HfAxisRow *self, int value) {
  return GTK_WIDGET(self->buttons[value]);
}
