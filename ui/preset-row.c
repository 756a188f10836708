#include "ui/preset-row.h"

#include "ui/spec-changes.h"

#include <glib/gi18n.h>

/* "Δ label map, epochs and 2 more"  (transfer full) */
static char *brief(const GPtrArray *changes) {
  if (changes->len == 0)
    return g_strdup(_("the present choice"));
  g_autofree char *names = spec_changes_names(changes);
  return g_strconcat("Δ ", names, NULL);
}

/* The summary and each change on a line of its own.  (transfer full) */
static char *whole(const Preset *preset, const GPtrArray *changes) {
  GString *text = g_string_new(preset->summary);
  if (*preset->needs)
    g_string_append_printf(text, _("\nNeeds: %s"), preset->needs);
  for (guint i = 0; i < changes->len; i++) {
    g_autofree char *change = spec_change_text(g_ptr_array_index(changes, i));
    g_string_append_printf(text, "\n%s", change);
  }
  return g_string_free(text, FALSE);
}

static void add_line(GtkWidget *to, const char *text, const char *css) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_add_css_class(label, css);
  gtk_box_append(GTK_BOX(to), label);
}

GtkWidget *preset_row_new(const Preset *preset, const RunSpec *spec) {
  g_autoptr(RunSpec) wanted = preset_spec_beside(preset, spec, NULL);
  g_autoptr(GPtrArray) changes = spec_changes(spec, wanted);
  g_autofree char *line = brief(changes), *tip = whole(preset, changes);
  GtkWidget *button = gtk_button_new(), *lines = gtk_box_new(GTK_ORIENTATION_VERTICAL, 1);
  add_line(lines, preset->title, "hf-preset");
  add_line(lines, line, "hf-note");
  gtk_button_set_child(GTK_BUTTON(button), lines);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "hf-method");
  gtk_widget_set_tooltip_text(button, tip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, preset->title,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, tip, -1);
  return button;
}
