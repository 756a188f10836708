#include "ui/sample-picker.h"

#include "ui/choice-facts.h"
#include "ui/sample-item.h"

#include <glib/gi18n.h>

#define EDGE       48  /* of a small picture, in pixels */
#define COLUMNS    6   /* of pictures */
#define WIDTH      372 /* of the grid */
#define HEIGHT     264
#define WORDS      44   /* letters of a text */
#define SLICE_USEC 4000 /* that pictures are made for before the main loop goes on */

struct _HfSamplePicker {
  GtkPopover parent_instance;
  GtkWidget *number, *all, *classes, *grid;
  GListStore *items; /* HfSampleItem */
  GtkFilter *filter;
  GtkSingleSelection *selection;
  HfSamples samples;
  GQueue *due;       /* HfSampleItem that are seen and not made yet */
  guint source;      /* makes them */
  guint tick;        /* brings the chosen one into view */
  int frames;        /* since it was asked to */
  int class;         /* that is looked at; -1: all */
  gboolean updating; /* the widgets follow, they do not ask */
};

G_DEFINE_FINAL_TYPE(HfSamplePicker, hf_sample_picker, GTK_TYPE_POPOVER)

static guint wanted_signal;

static gboolean make_some(gpointer data) {
  HfSamplePicker *self = data;
  gint64 end = g_get_monotonic_time() + SLICE_USEC;
  while (!g_queue_is_empty(self->due) && g_get_monotonic_time() < end) {
    g_autoptr(HfSampleItem) item = g_queue_pop_head(self->due);
    const HfSamples *samples = &self->samples;
    int index = hf_sample_item_index(item);
    hf_sample_item_see(item, samples->texts ? NULL : samples->picture(samples->data, index),
                       samples->texts ? samples->words(samples->data, index) : NULL);
  }
  if (!g_queue_is_empty(self->due))
    return G_SOURCE_CONTINUE;
  self->source = 0;
  return G_SOURCE_REMOVE;
}

static void make_soon(HfSamplePicker *self, HfSampleItem *item) {
  if (hf_sample_item_is_seen(item) || g_queue_find(self->due, item))
    return;
  g_queue_push_tail(self->due, g_object_ref(item));
  if (!self->source)
    self->source = g_idle_add(make_some, self);
}

static void forget_due(HfSamplePicker *self) {
  g_clear_handle_id(&self->source, g_source_remove);
  g_queue_clear_full(self->due, g_object_unref);
}

/* Gives back what was borrowed for the time that it was open. */
static void forget_samples(HfSamplePicker *self) {
  forget_due(self);
  if (self->tick)
    gtk_widget_remove_tick_callback(self->grid, self->tick);
  self->tick = 0;
  if (self->items)
    g_list_store_remove_all(self->items);
  if (self->samples.done)
    self->samples.done(self->samples.data);
  self->samples = (HfSamples){0};
}

static void choose(HfSamplePicker *self, int index) {
  gtk_widget_activate_action(GTK_WIDGET(self), "win.sample", "i", index);
}

/* "3: ankle boot"  (transfer full) */
static char *name_of(HfSamplePicker *self, HfSampleItem *item) {
  g_autofree char *number = grouped_number(hf_sample_item_index(item) + 1);
  const char *class = self->samples.classes ? self->samples.classes[hf_sample_item_label(item)] : "";
  return g_strdup_printf("%s: %s", number, class);
}

static void show_tile(HfSampleItem *item, GParamSpec *pspec, GtkWidget *tile) {
  if (GTK_IS_PICTURE(tile))
    gtk_picture_set_paintable(GTK_PICTURE(tile), GDK_PAINTABLE(hf_sample_item_picture(item)));
  else
    gtk_label_set_text(GTK_LABEL(tile), hf_sample_item_words(item));
}

static void on_setup(GtkSignalListItemFactory *factory, GtkListItem *row, HfSamplePicker *self) {
  GtkWidget *tile = self->samples.texts ? gtk_label_new(NULL) : gtk_picture_new();
  if (self->samples.texts) {
    gtk_label_set_xalign(GTK_LABEL(tile), 0);
    gtk_label_set_single_line_mode(GTK_LABEL(tile), TRUE);
    gtk_label_set_ellipsize(GTK_LABEL(tile), PANGO_ELLIPSIZE_END);
    gtk_label_set_width_chars(GTK_LABEL(tile), WORDS);
    gtk_label_set_max_width_chars(GTK_LABEL(tile), WORDS);
  } else {
    gtk_picture_set_can_shrink(GTK_PICTURE(tile), TRUE);
    gtk_widget_set_size_request(tile, EDGE, EDGE);
  }
  gtk_list_item_set_child(row, tile);
}

static void on_bind(GtkSignalListItemFactory *factory, GtkListItem *row, HfSamplePicker *self) {
  HfSampleItem *item = gtk_list_item_get_item(row);
  GtkWidget *tile = gtk_list_item_get_child(row);
  g_autofree char *name = name_of(self, item);
  gtk_widget_set_tooltip_text(tile, name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(tile), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object(item, "notify::seen", G_CALLBACK(show_tile), tile, 0);
  show_tile(item, NULL, tile);
  make_soon(self, item);
}

static void on_unbind(GtkSignalListItemFactory *factory, GtkListItem *row, HfSamplePicker *self) {
  HfSampleItem *item = gtk_list_item_get_item(row);
  g_signal_handlers_disconnect_by_func(item, show_tile, gtk_list_item_get_child(row));
  if (g_queue_remove(self->due, item))
    g_object_unref(item);
}

static gboolean is_of_class(gpointer item, gpointer data) {
  int class = ((HfSamplePicker *)data)->class;
  return class < 0 || hf_sample_item_label(item) == class;
}

/* A grid that has not laid out its tiles yet cannot be scrolled: two frames later it has. */
static gboolean scroll_now(GtkWidget *grid, GdkFrameClock *clock, gpointer data) {
  HfSamplePicker *self = data;
  guint chosen = gtk_single_selection_get_selected(self->selection);
  if (self->frames++ < 2)
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  if (chosen != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action(grid, "list.scroll-to-item", "u", chosen);
  return G_SOURCE_REMOVE;
}

static void scroll_soon(HfSamplePicker *self) {
  self->frames = 0;
  if (!self->tick)
    self->tick = gtk_widget_add_tick_callback(self->grid, scroll_now, self, NULL);
}

/* Marks a sample in the grid and brings it into view, where it is of the class. */
static void mark(HfSamplePicker *self, int index) {
  GListModel *model = G_LIST_MODEL(self->selection);
  for (guint i = 0; i < g_list_model_get_n_items(model); i++) {
    g_autoptr(HfSampleItem) item = g_list_model_get_item(model, i);
    if (hf_sample_item_index(item) != index)
      continue;
    gtk_single_selection_set_selected(self->selection, i);
    scroll_soon(self);
    return;
  }
  gtk_single_selection_set_selected(self->selection, GTK_INVALID_LIST_POSITION);
}

static void on_activate(GtkGridView *grid, guint position, HfSamplePicker *self) {
  g_autoptr(HfSampleItem) item = g_list_model_get_item(G_LIST_MODEL(self->selection), position);
  int index = item ? hf_sample_item_index(item) : -1;
  gtk_popover_popdown(GTK_POPOVER(self));
  if (index >= 0)
    choose(self, index);
}

static void on_number(GtkSpinButton *number, HfSamplePicker *self) {
  if (self->updating)
    return;
  int index = gtk_spin_button_get_value_as_int(number) - 1;
  mark(self, index);
  choose(self, index);
}

void hf_sample_picker_choose_class(HfSamplePicker *self, int class) {
  self->class = class;
  gtk_filter_changed(self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void on_class(HfSamplePicker *self) {
  guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->classes));
  if (!self->updating)
    hf_sample_picker_choose_class(self, (int)chosen - 1);
}

static void on_map(HfSamplePicker *self) {
  g_signal_emit(self, wanted_signal, 0);
}

static void hf_sample_picker_dispose(GObject *object) {
  HfSamplePicker *self = HF_SAMPLE_PICKER(object);
  if (self->due)
    forget_samples(self);
  g_clear_pointer(&self->due, g_queue_free);
  g_clear_object(&self->items);
  g_clear_object(&self->filter);
  g_clear_object(&self->selection);
  G_OBJECT_CLASS(hf_sample_picker_parent_class)->dispose(object);
}

static void hf_sample_picker_class_init(HfSamplePickerClass *class) {
  G_OBJECT_CLASS(class)->dispose = hf_sample_picker_dispose;
  wanted_signal =
      g_signal_new("wanted", HF_TYPE_SAMPLE_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *new_line(HfSamplePicker *self) {
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  self->number = gtk_spin_button_new_with_range(1, 1, 1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->number), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Number of the sample"), -1);
  g_signal_connect(self->number, "value-changed", G_CALLBACK(on_number), self);
  gtk_box_append(GTK_BOX(line), self->number);
  self->all = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->all, "dim-label");
  gtk_widget_add_css_class(self->all, "numeric");
  gtk_box_append(GTK_BOX(line), self->all);
  self->classes = gtk_drop_down_new(NULL, NULL);
  gtk_widget_set_hexpand(self->classes, TRUE);
  gtk_widget_set_halign(self->classes, GTK_ALIGN_END);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->classes), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Class"),
                                 -1);
  g_signal_connect_swapped(self->classes, "notify::selected", G_CALLBACK(on_class), self);
  gtk_box_append(GTK_BOX(line), self->classes);
  return line;
}

static GtkWidget *new_grid(HfSamplePicker *self) {
  self->items = g_list_store_new(HF_TYPE_SAMPLE_ITEM);
  self->filter = GTK_FILTER(gtk_custom_filter_new(is_of_class, self, NULL));
  GtkFilterListModel *filtered =
      gtk_filter_list_model_new(g_object_ref(G_LIST_MODEL(self->items)), g_object_ref(self->filter));
  self->selection = gtk_single_selection_new(G_LIST_MODEL(filtered));
  gtk_single_selection_set_autoselect(self->selection, FALSE);
  gtk_single_selection_set_can_unselect(self->selection, TRUE);
  self->grid = gtk_grid_view_new(GTK_SELECTION_MODEL(g_object_ref(self->selection)), NULL);
  gtk_grid_view_set_single_click_activate(GTK_GRID_VIEW(self->grid), TRUE);
  gtk_widget_add_css_class(self->grid, "hf-samples");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Samples of the test part"), -1);
  g_signal_connect(self->grid, "activate", G_CALLBACK(on_activate), self);
  GtkWidget *scrolled = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request(scrolled, WIDTH, HEIGHT);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), self->grid);
  return scrolled;
}

static void hf_sample_picker_init(HfSamplePicker *self) {
  self->due = g_queue_new();
  self->class = -1;
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  gtk_box_append(GTK_BOX(box), new_line(self));
  gtk_box_append(GTK_BOX(box), new_grid(self));
  gtk_popover_set_child(GTK_POPOVER(self), box);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Choose a sample"),
                                 -1);
  g_signal_connect(self, "map", G_CALLBACK(on_map), NULL);
  g_signal_connect(self, "closed", G_CALLBACK(forget_samples), NULL);
}

GtkWidget *hf_sample_picker_new(void) {
  return g_object_new(HF_TYPE_SAMPLE_PICKER, NULL);
}

static void fill_grid(HfSamplePicker *self) {
  const HfSamples *samples = &self->samples;
  /* Tiles of another kind: the old ones go with their factory. */
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect(factory, "setup", G_CALLBACK(on_setup), self);
  g_signal_connect(factory, "bind", G_CALLBACK(on_bind), self);
  g_signal_connect(factory, "unbind", G_CALLBACK(on_unbind), self);
  gtk_grid_view_set_factory(GTK_GRID_VIEW(self->grid), factory);
  g_object_unref(factory);
  guint columns = samples->texts ? 1 : COLUMNS;
  gtk_grid_view_set_min_columns(GTK_GRID_VIEW(self->grid), 1);
  gtk_grid_view_set_max_columns(GTK_GRID_VIEW(self->grid), columns);
  gtk_grid_view_set_min_columns(GTK_GRID_VIEW(self->grid), columns);
  g_autoptr(GPtrArray) items = g_ptr_array_new_full((guint)samples->n, g_object_unref);
  for (int i = 0; i < samples->n; i++)
    g_ptr_array_add(items, hf_sample_item_new(i, samples->labels[i]));
  g_list_store_splice(self->items, 0, g_list_model_get_n_items(G_LIST_MODEL(self->items)), items->pdata,
                      items->len);
}

static void fill_classes(HfSamplePicker *self) {
  g_autoptr(GtkStringList) names = gtk_string_list_new((const char *[]){_("All classes"), NULL});
  for (char *const *name = self->samples.classes; self->samples.sorted_out && *name; name++)
    gtk_string_list_append(names, *name);
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->classes), G_LIST_MODEL(names));
  gtk_widget_set_visible(self->classes, self->samples.sorted_out);
}

void hf_sample_picker_show_samples(HfSamplePicker *self, const HfSamples *samples, int shown) {
  forget_samples(self);
  self->samples = *samples;
  self->updating = TRUE;
  self->class = -1;
  fill_classes(self);
  gtk_filter_changed(self->filter, GTK_FILTER_CHANGE_LESS_STRICT);
  fill_grid(self);
  gtk_spin_button_set_range(GTK_SPIN_BUTTON(self->number), 1, MAX(samples->n, 1));
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(self->number), shown + 1);
  g_autofree char *all = grouped_number(samples->n);
  g_autofree char *words = g_strdup_printf(_("of %s"), all);
  gtk_label_set_text(GTK_LABEL(self->all), words);
  self->updating = FALSE;
  mark(self, shown);
}

int hf_sample_picker_count(HfSamplePicker *self) {
  return (int)g_list_model_get_n_items(G_LIST_MODEL(self->selection));
}

gboolean hf_sample_picker_has_seen(HfSamplePicker *self, int sample) {
  g_autoptr(HfSampleItem) item = g_list_model_get_item(G_LIST_MODEL(self->items), (guint)sample);
  return item && hf_sample_item_is_seen(item);
}

int hf_sample_picker_count_seen(HfSamplePicker *self) {
  int n = 0;
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(self->items)); i++) {
    g_autoptr(HfSampleItem) item = g_list_model_get_item(G_LIST_MODEL(self->items), i);
    n += hf_sample_item_is_seen(item);
  }
  return n;
}
