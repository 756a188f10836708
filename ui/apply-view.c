#include "ui/apply-view.h"

#include "ui/answer-tile.h"
#include "ui/built.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _HfApplyView {
  GtkBox parent_instance;
  GtkLabel *title, *subtitle, *status;
  GtkMenuButton *runs;
  GtkProgressBar *progress;
  GtkStack *places;
  GtkGridView *grid;
  AdwStatusPage *empty;
  GtkWidget *ask; /* the buttons that ask for pictures */
  GListStore *answers;
};

G_DEFINE_FINAL_TYPE(HfApplyView, hf_apply_view, GTK_TYPE_BOX)

enum { RUNS_WANTED, FILES, TEXTURE, N_SIGNALS };
static guint signals[N_SIGNALS];

static void on_setup(GtkListItemFactory *factory, GtkListItem *item) {
  gtk_list_item_set_child(item, hf_answer_tile_new());
}

/* The keyboard goes to the list's own widget around the tile: it has the tile's words too. */
static void on_bind(GtkListItemFactory *factory, GtkListItem *item) {
  GtkWidget *tile = gtk_list_item_get_child(item), *around = gtk_widget_get_parent(tile);
  HfAnswer *answer = gtk_list_item_get_item(item);
  hf_answer_tile_set_answer(HF_ANSWER_TILE(tile), answer);
  if (around)
    gtk_accessible_update_property(GTK_ACCESSIBLE(around), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   hf_answer_tile_get_words(HF_ANSWER_TILE(tile)), -1);
}

static void on_unbind(GtkListItemFactory *factory, GtkListItem *item) {
  hf_answer_tile_set_answer(HF_ANSWER_TILE(gtk_list_item_get_child(item)), NULL);
}

static gboolean on_drop(GtkDropTarget *target, const GValue *value, double x, double y, HfApplyView *self) {
  if (G_VALUE_HOLDS(value, GDK_TYPE_TEXTURE)) {
    g_signal_emit(self, signals[TEXTURE], 0, g_value_get_object(value));
    return TRUE;
  }
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GSList) files = gdk_file_list_get_files(g_value_get_boxed(value));
  for (GSList *at = files; at; at = at->next) {
    char *path = g_file_get_path(at->data);
    if (path)
      g_ptr_array_add(paths, path);
  }
  if (paths->len)
    g_signal_emit(self, signals[FILES], 0, paths);
  return paths->len > 0;
}

void hf_apply_view_watch_drops(HfApplyView *self, GtkWidget *widget) {
  GtkDropTarget *target = gtk_drop_target_new(G_TYPE_INVALID, GDK_ACTION_COPY);
  gtk_drop_target_set_gtypes(target, (GType[]){GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE}, 2);
  g_signal_connect_object(target, "drop", G_CALLBACK(on_drop), self, 0);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(target));
}

static void want_runs(GtkMenuButton *button, gpointer self) {
  g_signal_emit(self, signals[RUNS_WANTED], 0);
}

static void hf_apply_view_dispose(GObject *object) {
  HfApplyView *self = HF_APPLY_VIEW(object);
  g_clear_object(&self->answers);
  G_OBJECT_CLASS(hf_apply_view_parent_class)->dispose(object);
}

static void hf_apply_view_class_init(HfApplyViewClass *class) {
  G_OBJECT_CLASS(class)->dispose = hf_apply_view_dispose;
  const struct {
    const char *name;
    guint n;
    GType type;
  } rows[N_SIGNALS] = {[RUNS_WANTED] = {"runs-wanted", 0, G_TYPE_NONE},
                       [FILES] = {"files", 1, G_TYPE_PTR_ARRAY},
                       [TEXTURE] = {"texture", 1, GDK_TYPE_TEXTURE}};
  for (int i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(rows[i].name, HF_TYPE_APPLY_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, rows[i].n, rows[i].type);
}

static void build_grid(HfApplyView *self) {
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect(factory, "setup", G_CALLBACK(on_setup), NULL);
  g_signal_connect(factory, "bind", G_CALLBACK(on_bind), NULL);
  g_signal_connect(factory, "unbind", G_CALLBACK(on_unbind), NULL);
  self->answers = g_list_store_new(HF_TYPE_ANSWER);
  g_autoptr(GtkNoSelection) model = gtk_no_selection_new(G_LIST_MODEL(g_object_ref(self->answers)));
  gtk_grid_view_set_factory(self->grid, factory);
  gtk_grid_view_set_model(self->grid, GTK_SELECTION_MODEL(model));
  g_object_unref(factory);
}

static void hf_apply_view_init(HfApplyView *self) {
  static const BuiltChild children[] = {
      BUILT_CHILD(HfApplyView, title),    BUILT_CHILD(HfApplyView, subtitle),
      BUILT_CHILD(HfApplyView, status),   BUILT_CHILD(HfApplyView, runs),
      BUILT_CHILD(HfApplyView, progress), BUILT_CHILD(HfApplyView, places),
      BUILT_CHILD(HfApplyView, grid),     BUILT_CHILD(HfApplyView, empty),
      BUILT_CHILD(HfApplyView, ask),      {NULL}};
  g_autoptr(GtkWidget) content = built_load("apply.ui", "content", self, children);
  gtk_box_append(GTK_BOX(self), content);
  gtk_menu_button_set_create_popup_func(self->runs, want_runs, self, NULL);
  build_grid(self);
  hf_apply_view_watch_drops(self, GTK_WIDGET(self));
  hf_apply_view_set_run(self, NULL, NULL, false);
  hf_apply_view_set_progress(self, 0, 0);
}

GtkWidget *hf_apply_view_new(void) {
  return g_object_new(HF_TYPE_APPLY_VIEW, NULL);
}

void hf_apply_view_set_run(HfApplyView *self, const char *title, const char *subtitle, bool texts) {
  gtk_label_set_text(self->title, title ? title : _("No run is chosen"));
  gtk_label_set_text(self->subtitle, subtitle ? subtitle : _("Train one, or choose one that is stored."));
  adw_status_page_set_title(self->empty, texts ? _("This Run Reads Texts") : _("Drop Pictures Here"));
  adw_status_page_set_icon_name(self->empty, texts ? "text-x-generic-symbolic" : "image-x-generic-symbolic");
  adw_status_page_set_description(
      self->empty, texts   ? _("Apply takes pictures: choose a run on pictures above.")
                   : title ? _("The prompt answers them: pictures or folders, dropped, pasted or chosen.")
                           : _("First choose a run above; then its prompt answers your pictures."));
  gtk_widget_set_visible(GTK_WIDGET(self->ask), !texts);
}

void hf_apply_view_set_runs(HfApplyView *self, GMenuModel *runs) {
  gtk_menu_button_set_menu_model(self->runs, runs);
}

void hf_apply_view_set_progress(HfApplyView *self, int done, int total) {
  bool busy = done < total;
  g_autofree char *text = busy ? g_strdup_printf(_("%d of %d"), done, total)
                               : g_strdup_printf(ngettext("%d picture", "%d pictures", (gulong)total), total);
  gtk_label_set_text(self->status, total ? text : "");
  gtk_progress_bar_set_fraction(self->progress, total ? (double)done / total : 0);
  gtk_widget_set_opacity(GTK_WIDGET(self->progress), busy ? 1 : 0);
  gtk_stack_set_visible_child_name(self->places, total ? "grid" : "empty");
}

GListStore *hf_apply_view_get_answers(HfApplyView *self) {
  return self->answers;
}
