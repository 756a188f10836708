#include "ui/compare-table.h"

#include "ui/built.h"

#include <glib/gi18n.h>

#define COLUMNS 4

struct _HfCompareTable {
  GtkWidget parent;
  GtkWidget *card;
  GtkLabel *sentence;
  GtkGrid *grid;
  GSimpleAction *all;
  GPtrArray *same; /* GtkWidget *, borrowed from the grid: what is shown only on demand */
  int n_rows, n_same;
};

G_DEFINE_FINAL_TYPE(HfCompareTable, hf_compare_table, GTK_TYPE_WIDGET)

static gboolean shows_all(HfCompareTable *self) {
  g_autoptr(GVariant) state = g_action_get_state(G_ACTION(self->all));
  return g_variant_get_boolean(state);
}

static void show_same(HfCompareTable *self) {
  for (guint i = 0; i < self->same->len; i++)
    gtk_widget_set_visible(g_ptr_array_index(self->same, i), shows_all(self));
}

static void on_all(GSimpleAction *action, GVariant *parameter, HfCompareTable *self) {
  g_simple_action_set_state(action, g_variant_new_boolean(!shows_all(self)));
  show_same(self);
}

static void on_all_state(GSimpleAction *action, GVariant *value, HfCompareTable *self) {
  g_simple_action_set_state(action, value);
  show_same(self);
}

static GtkWidget *cell_new(const char *text, gboolean number, const char *css) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), number ? 1 : 0);
  gtk_label_set_yalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable(GTK_LABEL(label), FALSE);
  gtk_widget_set_hexpand(label, !number);
  if (number)
    gtk_widget_add_css_class(label, "numeric");
  if (css)
    gtk_widget_add_css_class(label, css);
  return label;
}

static void add_heading(HfCompareTable *self, int line, const char *title, bool numbers, bool shown) {
  const char *const texts[COLUMNS] = {title, "A", "B", numbers ? "B − A" : ""};
  static const char *const classes[COLUMNS] = {"hf-title", "hf-letter-first", "hf-letter-second", "hf-note"};
  for (int column = 0; column < COLUMNS; column++) {
    GtkWidget *cell = cell_new(texts[column], column > 0, classes[column]);
    gtk_widget_add_css_class(cell, "hf-compare-heading");
    gtk_grid_attach(self->grid, cell, column, line, 1, 1);
    if (!shown)
      g_ptr_array_add(self->same, cell);
  }
}

static void add_row(HfCompareTable *self, int line, const HfCompareRow *row, bool same_hidden) {
  bool same = same_hidden && !row->differs;
  const char *texts[COLUMNS] = {row->name, compare_value_text(row->a), compare_value_text(row->b),
                                row->difference ? row->difference : ""};
  for (int column = 0; column < COLUMNS; column++) {
    GtkWidget *cell = cell_new(texts[column], column > 0, same ? "hf-hint" : column == 0 ? "hf-key" : NULL);
    gtk_grid_attach(self->grid, cell, column, line, 1, 1);
    if (same)
      g_ptr_array_add(self->same, cell);
  }
  self->n_rows += !same;
  self->n_same += same;
}

static bool any_shown(const HfCompareSection *section) {
  bool any = false;
  for (int i = 0; i < section->n; i++)
    any |= section->rows[i].differs || !section->same_hidden;
  return any;
}

static void add_section(HfCompareTable *self, const HfCompareSection *section, int *line) {
  if (!section->n)
    return;
  add_heading(self, (*line)++, section->title, section->numbers, any_shown(section));
  for (int i = 0; i < section->n; i++)
    add_row(self, (*line)++, &section->rows[i], section->same_hidden);
}

static void hf_compare_table_dispose(GObject *object) {
  HfCompareTable *self = HF_COMPARE_TABLE(object);
  g_clear_pointer(&self->card, gtk_widget_unparent);
  if (self->all)
    g_signal_handlers_disconnect_by_data(self->all, self);
  g_clear_object(&self->all);
  g_clear_pointer(&self->same, g_ptr_array_unref);
  G_OBJECT_CLASS(hf_compare_table_parent_class)->dispose(object);
}

static void hf_compare_table_class_init(HfCompareTableClass *class) {
  G_OBJECT_CLASS(class)->dispose = hf_compare_table_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void hf_compare_table_init(HfCompareTable *self) {
  static const BuiltChild children[] = {
      BUILT_CHILD(HfCompareTable, sentence), BUILT_CHILD(HfCompareTable, grid), {NULL}};
  self->same = g_ptr_array_new();
  self->all = g_simple_action_new_stateful("compare-all", NULL, g_variant_new_boolean(FALSE));
  g_signal_connect(self->all, "activate", G_CALLBACK(on_all), self);
  g_signal_connect(self->all, "change-state", G_CALLBACK(on_all_state), self);
  self->card = built_load("compare-table.ui", "card", self, children);
  gtk_widget_set_parent(self->card, GTK_WIDGET(self));
  g_object_unref(self->card); /* the parent has it now */
}

GtkWidget *hf_compare_table_new(void) {
  return g_object_new(HF_TYPE_COMPARE_TABLE, NULL);
}

void hf_compare_table_add_actions(HfCompareTable *self, GActionMap *map) {
  g_action_map_add_action(map, G_ACTION(self->all));
}

void hf_compare_table_set(HfCompareTable *self, const HfCompareSection *sections, int n, const char *sentence,
                          gboolean warns) {
  GtkWidget *child;
  g_ptr_array_set_size(self->same, 0);
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(self->grid))))
    gtk_grid_remove(self->grid, child);
  self->n_rows = self->n_same = 0;
  int line = 0;
  for (int i = 0; i < n; i++)
    add_section(self, &sections[i], &line);
  gtk_label_set_text(self->sentence, sentence ? sentence : "");
  gtk_widget_set_visible(GTK_WIDGET(self->sentence), sentence != NULL);
  (warns ? gtk_widget_add_css_class : gtk_widget_remove_css_class)(GTK_WIDGET(self->sentence), "hf-warns");
  show_same(self);
}

int hf_compare_table_get_rows(HfCompareTable *self) {
  return self->n_rows + (shows_all(self) ? self->n_same : 0);
}

const char *hf_compare_table_get_sentence(HfCompareTable *self) {
  return gtk_label_get_text(self->sentence);
}
