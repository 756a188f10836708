#include "ui/built.h"
#include "ui/runs-page-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE(HfRunsPage, hf_runs_page, GTK_TYPE_WIDGET)

static guint count(GListModel *model) {
  return g_list_model_get_n_items(model);
}

static void show_count(HfRunsPage *self) {
  guint all = count(self->runs), shown = count(G_LIST_MODEL(self->rows));
  g_autoptr(GtkBitset) selection = gtk_selection_model_get_selection(GTK_SELECTION_MODEL(self->rows));
  guint selected = (guint)gtk_bitset_get_size(selection);
  g_autofree char *total = g_strdup_printf(ngettext("%'u run", "%'u runs", all), all);
  g_autofree char *text =
      shown < all ? g_strdup_printf(_("%'u of %s"), shown, total) : g_strdup(all ? total : "");
  g_autofree char *chosen = selected > 1 ? g_strdup_printf(_("%s · %'u selected"), text, selected) : NULL;
  gtk_label_set_text(self->count, chosen ? chosen : text);
}

static gboolean settle(gpointer data) {
  HfRunsPage *self = data;
  self->count_source = 0;
  show_count(self);
  runs_selection_update(self);
  const char *place = !self->ready                      ? "nothing"
                      : count(self->runs) == 0          ? "empty"
                      : count(G_LIST_MODEL(self->rows)) ? "list"
                                                        : "none";
  gtk_stack_set_visible_child_name(self->places, place);
  gtk_widget_set_visible(self->bar, count(self->runs) > 0);
  return G_SOURCE_REMOVE;
}

/* The first tick comes before the layout that finds the new place, the second one after it. */
static gboolean scroll_up(GtkWidget *widget, GdkFrameClock *clock, gpointer data) {
  HfRunsPage *self = HF_RUNS_PAGE(widget);
  if (--self->ticks_to_top > 0)
    return G_SOURCE_CONTINUE;
  GtkAdjustment *down = gtk_scrolled_window_get_vadjustment(self->scroller);
  gtk_adjustment_set_value(down, gtk_adjustment_get_lower(down));
  return G_SOURCE_REMOVE;
}

/* The list holds on to the row that was the first; who looks at its beginning wants to see what is added
 * there.
 */
static void on_items(HfRunsPage *self) {
  GtkAdjustment *down = gtk_scrolled_window_get_vadjustment(self->scroller);
  if (gtk_adjustment_get_value(down) > gtk_adjustment_get_lower(down) && self->ticks_to_top == 0)
    return;
  if (self->ticks_to_top == 0)
    gtk_widget_add_tick_callback(GTK_WIDGET(self), scroll_up, NULL, NULL);
  self->ticks_to_top = 2;
}

/* Once for all changes of a turn, before the next frame. */
static void on_changed(HfRunsPage *self) {
  if (!self->count_source)
    self->count_source = g_idle_add_full(GTK_PRIORITY_RESIZE - 1, settle, self, NULL);
}

/* Columns for which there is no room go, those that matter least first. */
static gboolean fit(gpointer data) {
  HfRunsPage *self = data;
  self->fit_source = 0;
  double room = gtk_adjustment_get_page_size(gtk_scrolled_window_get_hadjustment(self->scroller));
  for (guint i = 0; i < self->columns->len; i++)
    gtk_column_view_column_set_visible(g_ptr_array_index(self->columns, i),
                                       room < 1 || room >= hf_run_columns[i].least_room);
  return G_SOURCE_REMOVE;
}

/* Within an allocation: the columns change after it. */
static void on_width(HfRunsPage *self) {
  if (!self->fit_source)
    self->fit_source = g_idle_add_full(GTK_PRIORITY_RESIZE - 1, fit, self, NULL);
}

void hf_runs_page_close(HfRunsPage *self) {
  g_clear_handle_id(&self->fit_source, g_source_remove);
  g_clear_handle_id(&self->count_source, g_source_remove);
  runs_selection_end(self);
  if (!self->view)
    return;
  g_signal_handlers_disconnect_by_data(self->rows, self);
  g_signal_handlers_disconnect_by_data(gtk_scrolled_window_get_hadjustment(self->scroller), self);
  gtk_column_view_set_model(self->view, NULL);
  self->view = NULL;
}

static void hf_runs_page_dispose(GObject *object) {
  HfRunsPage *self = HF_RUNS_PAGE(object);
  hf_runs_page_close(self);
  g_clear_pointer(&self->root, gtk_widget_unparent);
  G_OBJECT_CLASS(hf_runs_page_parent_class)->dispose(object);
}

static void hf_runs_page_finalize(GObject *object) {
  HfRunsPage *self = HF_RUNS_PAGE(object);
  g_clear_pointer(&self->columns, g_ptr_array_unref);
  g_clear_object(&self->rows);
  g_clear_object(&self->filtered);
  g_clear_object(&self->filter);
  g_clear_object(&self->runs);
  g_clear_object(&self->menu);
  g_clear_pointer(&self->order, runs_order_free);
  g_strfreev(self->words);
  G_OBJECT_CLASS(hf_runs_page_parent_class)->finalize(object);
}

static void hf_runs_page_class_init(HfRunsPageClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS(class);
  object_class->dispose = hf_runs_page_dispose;
  object_class->finalize = hf_runs_page_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void hf_runs_page_init(HfRunsPage *self) {
  static const BuiltChild children[] = {BUILT_CHILD(HfRunsPage, bar),      BUILT_CHILD(HfRunsPage, search),
                                        BUILT_CHILD(HfRunsPage, starred),  BUILT_CHILD(HfRunsPage, status),
                                        BUILT_CHILD(HfRunsPage, count),    BUILT_CHILD(HfRunsPage, places),
                                        BUILT_CHILD(HfRunsPage, scroller), BUILT_CHILD(HfRunsPage, clear),
                                        BUILT_CHILD(HfRunsPage, menu),     {NULL}};
  self->root = built_load("runs-page.ui", "root", self, children);
  g_object_ref(self->menu);
  gtk_widget_set_parent(self->root, GTK_WIDGET(self));
  g_object_unref(self->root);
  self->columns = g_ptr_array_new_with_free_func(g_object_unref);
  self->order = runs_order_new();
  runs_filter_start(self);
}

/* Only the picture's column tells whose row is realised. */
static void add_columns(HfRunsPage *self, HfRunShown told, gpointer data) {
  for (const HfRunColumn *column = hf_run_columns; column->name; column++) {
    gboolean picture = g_str_equal(column->name, "pattern");
    GtkColumnViewColumn *made = hf_run_columns_make(column, picture ? told : NULL, data);
    runs_order_add(self->order, made, column);
    gtk_column_view_append_column(self->view, made);
    g_ptr_array_add(self->columns, made);
    if (g_str_equal(column->name, "date"))
      gtk_column_view_sort_by_column(self->view, made, GTK_SORT_DESCENDING);
  }
}

GtkWidget *hf_runs_page_new(GListModel *runs, HfRunShown told, gpointer data) {
  HfRunsPage *self = g_object_new(HF_TYPE_RUNS_PAGE, NULL);
  self->runs = g_object_ref(runs);
  self->filtered = gtk_filter_list_model_new(g_object_ref(runs), g_object_ref(self->filter));
  g_autoptr(GtkSortListModel) sorted = gtk_sort_list_model_new(g_object_ref(G_LIST_MODEL(self->filtered)),
                                                               g_object_ref(runs_order_sorter(self->order)));
  self->rows = gtk_multi_selection_new(g_object_ref(G_LIST_MODEL(sorted)));
  self->view = GTK_COLUMN_VIEW(gtk_column_view_new(NULL));
  gtk_widget_add_css_class(GTK_WIDGET(self->view), "hf-runs");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Runs"), -1);
  add_columns(self, told, data);
  runs_order_follow(self->order, self->view);
  gtk_column_view_set_model(self->view, GTK_SELECTION_MODEL(self->rows));
  gtk_scrolled_window_set_child(self->scroller, GTK_WIDGET(self->view));
  g_signal_connect_swapped(gtk_scrolled_window_get_hadjustment(self->scroller), "changed",
                           G_CALLBACK(on_width), self);
  g_signal_connect_swapped(self->rows, "items-changed", G_CALLBACK(on_changed), self);
  g_signal_connect_swapped(self->rows, "items-changed", G_CALLBACK(on_items), self);
  g_signal_connect_swapped(self->rows, "selection-changed", G_CALLBACK(on_changed), self);
  runs_selection_start(self);
  settle(self);
  return GTK_WIDGET(self);
}

void hf_runs_page_set_ready(HfRunsPage *self, gboolean ready) {
  self->ready = ready;
  on_changed(self);
}

void hf_runs_page_focus_search(HfRunsPage *self) {
  gtk_widget_grab_focus(GTK_WIDGET(self->search));
  gtk_editable_select_region(GTK_EDITABLE(self->search), 0, -1);
}

GtkSelectionModel *hf_runs_page_get_rows(HfRunsPage *self) {
  return GTK_SELECTION_MODEL(self->rows);
}
