#include "ui/pane-menu.h"

#include <glib/gi18n.h>

/* (transfer full) */
static GMenuModel *menu_of(const char *what, const char *whole) {
  GMenu *menu = g_menu_new();
  g_autofree char *copy = g_strdup_printf("win.copy('%s')", what),
                  *save = g_strdup_printf("win.save-%s", what);
  g_autoptr(GMenuItem) item = g_menu_item_new(_("_Copy"), copy);
  g_menu_item_set_attribute(item, "accel", "s", "<Control>c");
  g_menu_append_item(menu, item);
  g_menu_append(menu, _("_Save As…"), save);
  if (whole) {
    g_autofree char *save_whole = g_strdup_printf("win.save-%s", whole);
    g_autoptr(GMenu) section = g_menu_new();
    g_menu_append(section, _("Save _All Pictures…"), save_whole);
    g_menu_append_section(menu, NULL, G_MENU_MODEL(section));
  }
  return G_MENU_MODEL(menu);
}

static gboolean take_away(gpointer popover) {
  gtk_widget_unparent(popover);
  return G_SOURCE_REMOVE;
}

/* Not at once: the item that closed the menu is still to be activated. */
static void on_closed(GtkWidget *popover) {
  g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, take_away, g_object_ref(popover), g_object_unref);
}

/* The panes lay themselves out; the nearest parent that also lays out popovers. */
static GtkWidget *parent_of_menus(GtkWidget *widget) {
  while (widget && !GTK_IS_BIN_LAYOUT(gtk_widget_get_layout_manager(widget)))
    widget = gtk_widget_get_parent(widget);
  return widget;
}

static void open_at(GtkWidget *widget, double x, double y) {
  GtkWidget *parent = parent_of_menus(widget);
  double at_x, at_y;
  if (!parent || !gtk_widget_translate_coordinates(widget, parent, x, y, &at_x, &at_y))
    return;
  GMenuModel *menu = g_object_get_data(G_OBJECT(widget), "pane-menu");
  GtkWidget *popover = gtk_popover_menu_new_from_model(menu);
  gtk_widget_set_parent(popover, parent);
  gtk_popover_set_has_arrow(GTK_POPOVER(popover), FALSE);
  gtk_widget_set_halign(popover, GTK_ALIGN_START);
  gtk_popover_set_pointing_to(GTK_POPOVER(popover), &(GdkRectangle){(int)at_x, (int)at_y, 1, 1});
  g_signal_connect(popover, "closed", G_CALLBACK(on_closed), NULL);
  gtk_popover_popup(GTK_POPOVER(popover));
}

static void on_pressed(GtkGestureClick *click, int n, double x, double y, GtkWidget *widget) {
  gtk_widget_grab_focus(widget);
  open_at(widget, x, y);
}

static void on_long_press(GtkGestureLongPress *press, double x, double y, GtkWidget *widget) {
  open_at(widget, x, y);
}

static gboolean on_key(GtkWidget *widget, GVariant *nothing, gpointer data) {
  open_at(widget, gtk_widget_get_width(widget) / 2.0, gtk_widget_get_height(widget) / 2.0);
  return TRUE;
}

void pane_menu_attach(GtkWidget *widget, const char *what, const char *whole) {
  g_object_set_data_full(G_OBJECT(widget), "pane-menu", menu_of(what, whole), g_object_unref);
  GtkGesture *click = gtk_gesture_click_new();
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), GDK_BUTTON_SECONDARY);
  g_signal_connect(click, "pressed", G_CALLBACK(on_pressed), widget);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(click));
  GtkGesture *press = gtk_gesture_long_press_new();
  gtk_gesture_single_set_touch_only(GTK_GESTURE_SINGLE(press), TRUE);
  g_signal_connect(press, "pressed", G_CALLBACK(on_long_press), widget);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(press));

  GtkEventController *keys = gtk_shortcut_controller_new();
  const struct {
    guint key;
    GdkModifierType modifiers;
  } menu_keys[] = {{GDK_KEY_Menu, 0}, {GDK_KEY_F10, GDK_SHIFT_MASK}};
  for (guint i = 0; i < G_N_ELEMENTS(menu_keys); i++)
    gtk_shortcut_controller_add_shortcut(
        GTK_SHORTCUT_CONTROLLER(keys),
        gtk_shortcut_new(gtk_keyval_trigger_new(menu_keys[i].key, menu_keys[i].modifiers),
                         gtk_callback_action_new(on_key, NULL, NULL)));
  GtkShortcut *copy =
      gtk_shortcut_new(gtk_keyval_trigger_new(GDK_KEY_c, GDK_CONTROL_MASK), gtk_named_action_new("win.copy"));
  gtk_shortcut_set_arguments(copy, g_variant_new_string(what));
  gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(keys), copy);
  gtk_widget_add_controller(widget, keys);
  gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_HAS_POPUP, TRUE, -1);
}
