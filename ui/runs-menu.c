/* The menu of the selected runs, and the keys of the list. */
#include "ui/runs-page-private.h"

/* The first of our cells at or below a widget. */
static GtkWidget *cell_within(GtkWidget *widget) {
  while (widget && hf_run_columns_position(widget) == GTK_INVALID_LIST_POSITION)
    widget = gtk_widget_get_first_child(widget);
  return widget;
}

/* The cell that is at, around or below a widget of the list; NULL: none. */
static GtkWidget *cell_around(HfRunsPage *self, GtkWidget *widget) {
  for (GtkWidget *at = widget; at && at != GTK_WIDGET(self->view); at = gtk_widget_get_parent(at)) {
    if (hf_run_columns_position(at) != GTK_INVALID_LIST_POSITION)
      return at;
    if (GTK_IS_LIST_ITEM(at))
      break;
  }
  GtkWidget *list = gtk_widget_get_last_child(GTK_WIDGET(self->view));
  return widget && widget != list && gtk_widget_is_ancestor(widget, list) ? cell_within(widget) : NULL;
}

/* A realised cell of a row; NULL: the row is far away. */
static GtkWidget *cell_of_row(HfRunsPage *self, guint position) {
  GtkWidget *list = gtk_widget_get_last_child(GTK_WIDGET(self->view));
  for (GtkWidget *row = gtk_widget_get_first_child(list); row; row = gtk_widget_get_next_sibling(row)) {
    GtkWidget *cell = cell_within(row);
    if (cell && hf_run_columns_position(cell) == position)
      return cell;
  }
  return NULL;
}

GdkRectangle runs_menu_place(HfRunsPage *self, guint position) {
  GtkWidget *cell = cell_of_row(self, position);
  graphene_rect_t at, list;
  GtkWidget *page = GTK_WIDGET(self);
  if (!gtk_widget_compute_bounds(GTK_WIDGET(self->scroller), page, &list))
    list = GRAPHENE_RECT_INIT(0, 0, 1, 1);
  graphene_point_t centre;
  graphene_rect_get_center(&list, &centre);
  if (!cell || !gtk_widget_compute_bounds(cell, page, &at) || !graphene_rect_intersection(&at, &list, &at))
    return (GdkRectangle){(int)centre.x, (int)centre.y, 1, 1};
  return (GdkRectangle){(int)at.origin.x + 180, (int)at.origin.y, 1, (int)at.size.height};
}

/* Where a popover was, the row has the keyboard again. */
static void on_closed(HfRunsPage *self) {
  guint position = runs_selection_first(self);
  GtkWidget *cell = position == GTK_INVALID_LIST_POSITION ? NULL : cell_of_row(self, position);
  GtkWidget *list = gtk_widget_get_last_child(GTK_WIDGET(self->view));
  GtkWidget *row = cell;
  while (row && gtk_widget_get_parent(row) != list)
    row = gtk_widget_get_parent(row);
  if (row)
    gtk_widget_grab_focus(row);
}

void runs_menu_show(HfRunsPage *self, const GdkRectangle *place) {
  gtk_popover_set_pointing_to(self->popover, place);
  gtk_popover_popup(self->popover);
}

static void on_right_click(GtkGestureClick *click, int n, double x, double y, HfRunsPage *self) {
  GtkWidget *view = GTK_WIDGET(self->view);
  GtkWidget *cell = cell_around(self, gtk_widget_pick(view, x, y, GTK_PICK_DEFAULT));
  double across, down;
  if (!cell || !gtk_widget_translate_coordinates(view, GTK_WIDGET(self), x, y, &across, &down))
    return;
  guint position = hf_run_columns_position(cell);
  if (!gtk_selection_model_is_selected(GTK_SELECTION_MODEL(self->rows), position))
    gtk_selection_model_select_item(GTK_SELECTION_MODEL(self->rows), position, TRUE);
  gtk_gesture_set_state(GTK_GESTURE(click), GTK_EVENT_SEQUENCE_CLAIMED);
  runs_menu_show(self, &(GdkRectangle){(int)across, (int)down, 1, 1});
}

static void add_keys(HfRunsPage *self) {
  static const struct {
    const char *trigger, *action;
  } rows[] = {
      {"Delete|KP_Delete", "win.selected-delete"},
      {"F2", "win.selected-rename"},
      {"<Alt>Return", "win.selected-details"},
      {"Menu|<Shift>F10", "win.selected-menu"},
      {"s", "win.selected-star"},
  };
  GtkEventController *keys = gtk_shortcut_controller_new();
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(keys),
                                         gtk_shortcut_new(gtk_shortcut_trigger_parse_string(rows[i].trigger),
                                                          gtk_named_action_new(rows[i].action)));
  gtk_widget_add_controller(GTK_WIDGET(self->view), keys);
}

void runs_menu_start(HfRunsPage *self) {
  self->popover = GTK_POPOVER(gtk_popover_menu_new_from_model(self->menu));
  gtk_popover_set_has_arrow(self->popover, FALSE);
  gtk_widget_set_halign(GTK_WIDGET(self->popover), GTK_ALIGN_START);
  gtk_widget_set_parent(GTK_WIDGET(self->popover), GTK_WIDGET(self));
  g_signal_connect_swapped(self->popover, "closed", G_CALLBACK(on_closed), self);
  g_signal_connect_swapped(run_details_popover(self->details), "closed", G_CALLBACK(on_closed), self);
  GtkGesture *click = gtk_gesture_click_new();
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), GDK_BUTTON_SECONDARY);
  g_signal_connect(click, "pressed", G_CALLBACK(on_right_click), self);
  gtk_widget_add_controller(GTK_WIDGET(self->view), GTK_EVENT_CONTROLLER(click));
  add_keys(self);
}
