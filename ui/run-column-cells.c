/* The life of a cell: made, bound to a run, told of its news, unbound. */
#include "ui/run-columns.h"

#include <glib/gi18n.h>

#define LIST_ITEM "hf-list-item"

typedef struct {
  const HfRunColumn *column;
  HfRunShown told;
  gpointer data;
} Maker;

static GtkListItem *list_item_of(GtkWidget *cell) {
  return g_object_get_data(G_OBJECT(cell), LIST_ITEM);
}

HfRunItem *hf_run_columns_item(GtkWidget *cell) {
  GtkListItem *list_item = list_item_of(cell);
  return list_item ? gtk_list_item_get_item(list_item) : NULL;
}

guint hf_run_columns_position(GtkWidget *cell) {
  GtkListItem *list_item = list_item_of(cell);
  return list_item ? gtk_list_item_get_position(list_item) : GTK_INVALID_LIST_POSITION;
}

static gboolean on_tooltip(GtkWidget *cell, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                           const HfRunColumn *column) {
  HfRunItem *item = hf_run_columns_item(cell);
  g_autofree char *words = item ? column->tooltip(item) : NULL;
  if (!words || !*words)
    return FALSE;
  gtk_tooltip_set_text(tooltip, words);
  return TRUE;
}

static void on_setup(GtkListItemFactory *factory, GtkListItem *list_item, Maker *maker) {
  GtkWidget *cell = maker->column->make();
  if (maker->column->tooltip) {
    gtk_widget_set_has_tooltip(cell, TRUE);
    g_signal_connect(cell, "query-tooltip", G_CALLBACK(on_tooltip), (gpointer)maker->column);
  }
  gtk_list_item_set_child(list_item, cell);
  /* The row is what is selected and activated: cells would do it once more. */
  gtk_list_item_set_selectable(list_item, FALSE);
  gtk_list_item_set_activatable(list_item, FALSE);
  g_object_set_data(G_OBJECT(cell), LIST_ITEM, list_item);
}

static void on_teardown(GtkListItemFactory *factory, GtkListItem *list_item, Maker *maker) {
  GtkWidget *cell = gtk_list_item_get_child(list_item);
  if (cell)
    g_object_set_data(G_OBJECT(cell), LIST_ITEM, NULL);
}

/* Swapped: the handler belongs to the cell. */
static void on_news(GtkListItem *list_item, HfRunItem *item) {
  const HfRunColumn *column = g_object_get_data(G_OBJECT(gtk_list_item_get_child(list_item)), "hf-column");
  column->show(gtk_list_item_get_child(list_item), item);
}

static void on_bind(GtkListItemFactory *factory, GtkListItem *list_item, Maker *maker) {
  HfRunItem *item = gtk_list_item_get_item(list_item);
  GtkWidget *cell = gtk_list_item_get_child(list_item);
  g_object_set_data(G_OBJECT(cell), "hf-column", (gpointer)maker->column);
  maker->column->show(cell, item);
  g_signal_connect_swapped(item, "changed", G_CALLBACK(on_news), list_item);
  if (!maker->told)
    return;
  g_signal_connect_swapped(item, "pictured", G_CALLBACK(on_news), list_item);
  maker->told(item, TRUE, maker->data);
}

static void on_unbind(GtkListItemFactory *factory, GtkListItem *list_item, Maker *maker) {
  HfRunItem *item = gtk_list_item_get_item(list_item);
  g_signal_handlers_disconnect_by_data(item, list_item);
  if (maker->told)
    maker->told(item, FALSE, maker->data);
}

static void maker_free(gpointer data, GClosure *closure) {
  g_free(data);
}

GtkColumnViewColumn *hf_run_columns_make(const HfRunColumn *column, HfRunShown told, gpointer data) {
  Maker *maker = g_new(Maker, 1);
  *maker = (Maker){column, told, data};
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect(factory, "setup", G_CALLBACK(on_setup), maker);
  g_signal_connect(factory, "bind", G_CALLBACK(on_bind), maker);
  g_signal_connect(factory, "unbind", G_CALLBACK(on_unbind), maker);
  g_signal_connect_data(factory, "teardown", G_CALLBACK(on_teardown), maker, maker_free, 0);
  GtkColumnViewColumn *made = gtk_column_view_column_new(column->title ? _(column->title) : "", factory);
  gtk_column_view_column_set_expand(made, column->expand);
  gtk_column_view_column_set_resizable(made, column->title != NULL);
  gtk_column_view_column_set_fixed_width(made, column->width);
  return made;
}
