#include "ui/preset-row.h"

#include "ui/spec-changes.h"

#include <glib/gi18n.h>
#include <string.h>

#define MOST_NAMES 3

/* What a person calls a key of the spec. */
static const struct {
  const char *group, *key, *name;
} key_names[] = {
    {"manipulation", "method", N_("pattern")},
    {"manipulation", "image_size", N_("picture size")},
    {"alignment", "method", N_("label map")},
    {"optimiser", "method", N_("optimiser")},
    {"run", "dataset", N_("task")},
};

/* (transfer full) */
static char *name_of(const SpecChange *change) {
  for (size_t i = 0; i < G_N_ELEMENTS(key_names); i++)
    if (strcmp(key_names[i].group, change->group) == 0 && strcmp(key_names[i].key, change->key) == 0)
      return g_strdup(_(key_names[i].name));
  return g_strdelimit(g_strdup(change->key), "_", ' ');
}

/* The method's changes, or those of how much is computed, each name once. */
static void add_names(GPtrArray *names, const GPtrArray *changes, bool amounts) {
  for (guint i = 0; i < changes->len; i++) {
    const SpecChange *change = g_ptr_array_index(changes, i);
    g_autofree char *name = name_of(change);
    bool amount = strcmp(change->group, "run") == 0 && strcmp(change->key, "dataset") != 0;
    if (amount == amounts && !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
      g_ptr_array_add(names, g_steal_pointer(&name));
  }
}

/* "Δ label map, epochs and 2 more"  (transfer full) */
static char *brief(const GPtrArray *changes) {
  if (changes->len == 0)
    return g_strdup(_("the present choice"));
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  add_names(names, changes, false);
  add_names(names, changes, true);
  GString *text = g_string_new("Δ ");
  for (guint i = 0; i < MIN(names->len, MOST_NAMES); i++)
    g_string_append_printf(text, "%s%s", i ? ", " : "", (char *)g_ptr_array_index(names, i));
  if (names->len > MOST_NAMES)
    g_string_append_printf(text, _(" and %d more"), (int)names->len - MOST_NAMES);
  return g_string_free(text, FALSE);
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
