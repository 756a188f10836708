#include "ui/probe-bar.h"

#include "ui/draw/pattern-pixels.h"

#include <glib/gi18n.h>
#include <math.h>

#define MIN_DECADE -1.0
#define MAX_DECADE 3.0

struct _HfProbeBar {
  GtkWidget parent;
  GtkWidget *reading, *controls, *automatic, *scale, *factor;
  const char *amplify; /* an action */
  double shown;
  gboolean updating; /* the widgets follow, they do not ask */
};

G_DEFINE_FINAL_TYPE(HfProbeBar, hf_probe_bar, GTK_TYPE_WIDGET)

static void ask(HfProbeBar *self, double factor) {
  if (!self->updating)
    gtk_widget_activate_action(GTK_WIDGET(self), self->amplify, "d", factor);
}

static void on_automatic(HfProbeBar *self) {
  gboolean automatic = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->automatic));
  ask(self, automatic ? 0 : self->shown);
}

static void on_scale(HfProbeBar *self) {
  ask(self, pow(10, gtk_range_get_value(GTK_RANGE(self->scale))));
}

static GtkWidget *map_button(const char *action, const char *label, const char *target, const char *tip) {
  GtkWidget *button = gtk_toggle_button_new_with_label(label);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "s", target);
  gtk_widget_add_css_class(button, "hf-small");
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(button, tip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return button;
}

static GtkWidget *new_controls(HfProbeBar *self, const char *pattern_map) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
  self->automatic = gtk_toggle_button_new_with_label(_("Auto"));
  gtk_widget_add_css_class(self->automatic, "hf-small");
  gtk_widget_set_valign(self->automatic, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(self->automatic,
                              _("Let the 99.5th percentile of each picture fill the range (A)"));
  g_signal_connect_swapped(self->automatic, "toggled", G_CALLBACK(on_automatic), self);
  gtk_box_append(GTK_BOX(box), self->automatic);
  self->scale = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, MIN_DECADE, MAX_DECADE, 0.05);
  gtk_scale_set_draw_value(GTK_SCALE(self->scale), FALSE);
  gtk_widget_set_size_request(self->scale, 76, -1);
  gtk_widget_set_tooltip_text(
      self->scale, _("Amplify by a locked factor, so that early and late patterns can be compared"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->scale), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Amplification"), -1);
  g_signal_connect_swapped(self->scale, "value-changed", G_CALLBACK(on_scale), self);
  gtk_box_append(GTK_BOX(box), self->scale);
  self->factor = gtk_label_new("×1");
  gtk_label_set_width_chars(GTK_LABEL(self->factor), 5);
  gtk_label_set_xalign(GTK_LABEL(self->factor), 0);
  gtk_widget_add_css_class(self->factor, "numeric");
  gtk_widget_add_css_class(self->factor, "hf-pane-title");
  gtk_box_append(GTK_BOX(box), self->factor);
  GtkWidget *maps = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class(maps, "linked");
  gtk_box_append(GTK_BOX(maps), map_button(pattern_map, _("Colour"), "colour",
                                           _("The light that the pattern adds, around grey")));
  gtk_box_append(GTK_BOX(maps),
                 map_button(pattern_map, _("Signed"), "diverging",
                            _("The mean of the channels: blue below, light at, orange above neutral (D)")));
  gtk_box_append(GTK_BOX(box), maps);
  gtk_widget_set_halign(box, GTK_ALIGN_END);
  return box;
}

static void hf_probe_bar_dispose(GObject *object) {
  HfProbeBar *self = HF_PROBE_BAR(object);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(self))))
    gtk_widget_unparent(child);
  G_OBJECT_CLASS(hf_probe_bar_parent_class)->dispose(object);
}

static void hf_probe_bar_class_init(HfProbeBarClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = hf_probe_bar_dispose;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void hf_probe_bar_init(HfProbeBar *self) {
  GtkLayoutManager *line = gtk_widget_get_layout_manager(GTK_WIDGET(self));
  gtk_box_layout_set_spacing(GTK_BOX_LAYOUT(line), 12);
  self->reading = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->reading), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->reading), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(self->reading, "numeric");
  gtk_widget_set_hexpand(self->reading, TRUE);
  gtk_widget_add_css_class(self->reading, "hf-reading");
  gtk_widget_set_parent(self->reading, GTK_WIDGET(self));
}

GtkWidget *hf_probe_bar_new(void) {
  return hf_probe_bar_new_for("win.amplify", "win.pattern-map");
}

GtkWidget *hf_probe_bar_new_for(const char *amplify, const char *pattern_map) {
  HfProbeBar *self = g_object_new(HF_TYPE_PROBE_BAR, NULL);
  self->amplify = amplify;
  self->controls = new_controls(self, pattern_map);
  gtk_widget_set_parent(self->controls, GTK_WIDGET(self));
  hf_probe_bar_set_reading(self, NULL);
  hf_probe_bar_set_factor(self, 1, FALSE);
  return GTK_WIDGET(self);
}

void hf_probe_bar_set_reading(HfProbeBar *self, const char *markup) {
  if (markup)
    gtk_label_set_markup(GTK_LABEL(self->reading), markup);
  else
    gtk_label_set_text(GTK_LABEL(self->reading), _("Point at a picture to read its numbers."));
}

void hf_probe_bar_show_controls(HfProbeBar *self, gboolean shown) {
  gtk_widget_set_visible(self->controls, shown);
}

void hf_probe_bar_set_factor(HfProbeBar *self, double factor, gboolean locked) {
  self->updating = TRUE;
  self->shown = factor;
  g_autofree char *text = pattern_factor_text(factor);
  gtk_label_set_text(GTK_LABEL(self->factor), text);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->automatic), !locked);
  gtk_range_set_value(GTK_RANGE(self->scale), CLAMP(log10(factor), MIN_DECADE, MAX_DECADE));
  self->updating = FALSE;
}
