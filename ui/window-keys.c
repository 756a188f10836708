#include "ui/window-keys.h"

#include <stdbool.h>

static void add_shortcuts(GtkWidget *widget) {
  static const struct {
    guint key;
    GdkModifierType modifiers;
    const char *action; /* with its target */
  } rows[] = {
      {GDK_KEY_period, 0, "win.step"},
      {GDK_KEY_bracketleft, 0, "win.seek-by(-1)"},
      {GDK_KEY_bracketright, 0, "win.seek-by(1)"},
      {GDK_KEY_p, 0, "win.play"},
      {GDK_KEY_n, 0, "win.sample-next"},
      {GDK_KEY_b, 0, "win.sample-previous"},
      {GDK_KEY_s, 0, "win.choose-sample"},
      {GDK_KEY_m, 0, "win.mistake-next"},
      {GDK_KEY_a, 0, "win.amplify-lock"},
      {GDK_KEY_d, 0, "win.pattern-signed"},
      {GDK_KEY_plus, 0, "win.zoom(1.5)"},
      {GDK_KEY_equal, 0, "win.zoom(1.5)"},
      {GDK_KEY_KP_Add, 0, "win.zoom(1.5)"},
      {GDK_KEY_minus, 0, "win.zoom(0.66666667)"},
      {GDK_KEY_KP_Subtract, 0, "win.zoom(0.66666667)"},
      {GDK_KEY_0, 0, "win.zoom(0.0)"},
      {GDK_KEY_1, 0, "win.zoom-to(4.0)"},
      {GDK_KEY_v, GDK_CONTROL_MASK, "win.apply-paste"},
  };
  GtkEventController *keys = gtk_shortcut_controller_new();
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *name = NULL;
    g_autoptr(GVariant) target = NULL;
    g_action_parse_detailed_name(rows[i].action, &name, &target, NULL);
    GtkShortcut *shortcut =
        gtk_shortcut_new(gtk_keyval_trigger_new(rows[i].key, rows[i].modifiers), gtk_named_action_new(name));
    gtk_shortcut_set_arguments(shortcut, target);
    gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(keys), shortcut);
  }
  gtk_widget_add_controller(widget, keys);
}

/* Whether this key of the keyboard has that digit on it, without Shift. */
static bool is_digit(GdkDisplay *display, guint code, guint digit) {
  GdkKeymapKey *places = NULL;
  int n = 0;
  bool found = false;
  if (gdk_display_map_keyval(display, digit, &places, &n))
    for (int i = 0; i < n; i++)
      found = found || (places[i].keycode == code && places[i].level == 0);
  g_free(places);
  return found;
}

/* Shift with a digit gives another sign on each layout, so the key counts. */
static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                       GtkWidget *widget) {
  static const char *const axes[] = {"format", "location", "operator", "alignment"};
  const GdkModifierType all = GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK;
  if ((state & all) != GDK_SHIFT_MASK)
    return GDK_EVENT_PROPAGATE;
  for (guint i = 0; i < G_N_ELEMENTS(axes); i++)
    if (is_digit(gtk_widget_get_display(widget), code, GDK_KEY_1 + i))
      return gtk_widget_activate_action(widget, "win.focus-axis", "s", axes[i]);
  return GDK_EVENT_PROPAGATE;
}

void window_keys_add(GtkWidget *widget) {
  add_shortcuts(widget);
  GtkEventController *digits = gtk_event_controller_key_new();
  g_signal_connect(digits, "key-pressed", G_CALLBACK(on_key), widget);
  gtk_widget_add_controller(widget, digits);
}
