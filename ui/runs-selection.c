/* What is done with the selected runs: the actions. */
#include "ui/runs-page-private.h"

#include <string.h>

/* The selected items in the order of the list.  (transfer full) (element-type HfRunItem) */
static GPtrArray *selected_items(HfRunsPage *self) {
  GPtrArray *items = g_ptr_array_new_with_free_func(g_object_unref);
  g_autoptr(GtkBitset) selection = gtk_selection_model_get_selection(GTK_SELECTION_MODEL(self->rows));
  GtkBitsetIter at;
  guint position;
  for (gboolean more = gtk_bitset_iter_init_first(&at, selection, &position); more;
       more = gtk_bitset_iter_next(&at, &position))
    g_ptr_array_add(items, g_list_model_get_item(G_LIST_MODEL(self->rows), position));
  return items;
}

static const char *id_of(GPtrArray *items, guint i) {
  return hf_run_item_text(g_ptr_array_index(items, i), HF_RUN_ID);
}

/* NULL unless exactly one run is selected.  (transfer full) */
static HfRunItem *only_item(HfRunsPage *self) {
  g_autoptr(GPtrArray) items = selected_items(self);
  return items->len == 1 ? g_object_ref(g_ptr_array_index(items, 0)) : NULL;
}

static void activate(HfRunsPage *self, const char *action, GVariant *parameter) {
  gtk_widget_activate_action_variant(GTK_WIDGET(self), action, parameter);
}

static void activate_for_one(HfRunsPage *self, const char *action) {
  g_autoptr(HfRunItem) item = only_item(self);
  if (item)
    gtk_widget_activate_action(GTK_WIDGET(self), action, "s", hf_run_item_text(item, HF_RUN_ID));
}

static void do_open(GSimpleAction *action, GVariant *parameter, gpointer self) {
  activate_for_one(self, "win.open-run");
}

static void do_resume(GSimpleAction *action, GVariant *parameter, gpointer self) {
  activate_for_one(self, "win.resume-run");
}

static void do_export(GSimpleAction *action, GVariant *parameter, gpointer self) {
  activate_for_one(self, "win.export-run");
}

static void do_apply(GSimpleAction *action, GVariant *parameter, gpointer self) {
  activate_for_one(self, "win.apply-run");
}

static void do_compare(GSimpleAction *action, GVariant *parameter, gpointer self) {
  g_autoptr(GPtrArray) items = selected_items(self);
  if (items->len == 2)
    activate(self, "win.compare-runs", g_variant_new("(ss)", id_of(items, 0), id_of(items, 1)));
}

static void do_delete(GSimpleAction *action, GVariant *parameter, gpointer self) {
  g_autoptr(GPtrArray) items = selected_items(self);
  g_autoptr(GPtrArray) ids = g_ptr_array_new();
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add(ids, (char *)id_of(items, i));
  if (ids->len > 0)
    activate(self, "win.delete-runs", g_variant_new_strv((const char *const *)ids->pdata, ids->len));
}

/* All get one, or all lose it where each had one. */
static void do_star(GSimpleAction *action, GVariant *parameter, gpointer self) {
  g_autoptr(GPtrArray) items = selected_items(self);
  gboolean all = TRUE;
  for (guint i = 0; i < items->len; i++)
    all = all && hf_run_item_facts(g_ptr_array_index(items, i))->star;
  for (guint i = 0; i < items->len; i++)
    if (hf_run_item_facts(g_ptr_array_index(items, i))->star == all)
      activate(self, "win.star-run", g_variant_new_string(id_of(items, i)));
}

guint runs_selection_first(HfRunsPage *self) {
  g_autoptr(GtkBitset) selection = gtk_selection_model_get_selection(GTK_SELECTION_MODEL(self->rows));
  return gtk_bitset_is_empty(selection) ? GTK_INVALID_LIST_POSITION : gtk_bitset_get_minimum(selection);
}

static void edit(HfRunsPage *self, HfRunText first) {
  g_autoptr(HfRunItem) item = only_item(self);
  if (!item || !gtk_widget_get_mapped(GTK_WIDGET(self)))
    return;
  GdkRectangle place = runs_menu_place(self, runs_selection_first(self));
  run_details_edit(self->details, item, &place, first);
}

static void do_rename(GSimpleAction *action, GVariant *parameter, gpointer self) {
  edit(self, HF_RUN_NAME);
}

static void do_details(GSimpleAction *action, GVariant *parameter, gpointer self) {
  edit(self, HF_RUN_TAGS);
}

static void do_menu(GSimpleAction *action, GVariant *parameter, gpointer data) {
  HfRunsPage *self = data;
  guint position = runs_selection_first(self);
  if (position == GTK_INVALID_LIST_POSITION || !gtk_widget_get_mapped(GTK_WIDGET(self)))
    return;
  GdkRectangle place = runs_menu_place(self, position);
  runs_menu_show(self, &place);
}

static void do_filter(GSimpleAction *action, GVariant *parameter, gpointer data) {
  HfRunsPage *self = data;
  gtk_editable_set_text(GTK_EDITABLE(self->search), g_variant_get_string(parameter, NULL));
  g_signal_emit_by_name(self->search, "search-changed");
}

static void do_sort(GSimpleAction *action, GVariant *parameter, gpointer data) {
  HfRunsPage *self = data;
  const char *name;
  gboolean ascending;
  g_variant_get(parameter, "(&sb)", &name, &ascending);
  for (guint i = 0; i < self->columns->len; i++)
    if (g_str_equal(hf_run_columns[i].name, name) && hf_run_columns[i].compare)
      gtk_column_view_sort_by_column(self->view, g_ptr_array_index(self->columns, i),
                                     ascending ? GTK_SORT_ASCENDING : GTK_SORT_DESCENDING);
}

static void do_select(GSimpleAction *action, GVariant *parameter, gpointer data) {
  HfRunsPage *self = data;
  g_autofree const char **ids = g_variant_get_strv(parameter, NULL);
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->rows));
  g_autoptr(GtkBitset) selected = gtk_bitset_new_empty();
  for (guint i = 0; i < n; i++) {
    g_autoptr(HfRunItem) item = g_list_model_get_item(G_LIST_MODEL(self->rows), i);
    if (g_strv_contains(ids, hf_run_item_text(item, HF_RUN_ID)))
      gtk_bitset_add(selected, i);
  }
  g_autoptr(GtkBitset) all = gtk_bitset_new_range(0, n);
  gtk_selection_model_set_selection(GTK_SELECTION_MODEL(self->rows), selected, all);
}

static const GActionEntry entries[] = {
    {.name = "selected-open", .activate = do_open},
    {.name = "selected-resume", .activate = do_resume},
    {.name = "selected-compare", .activate = do_compare},
    {.name = "selected-rename", .activate = do_rename},
    {.name = "selected-details", .activate = do_details},
    {.name = "selected-star", .activate = do_star},
    {.name = "selected-export", .activate = do_export},
    {.name = "selected-apply", .activate = do_apply},
    {.name = "selected-delete", .activate = do_delete},
    {.name = "selected-menu", .activate = do_menu},
    {.name = "filter-runs", .activate = do_filter, .parameter_type = "s", .state = "''"},
    {.name = "sort-runs", .activate = do_sort, .parameter_type = "(sb)"},
    {.name = "select-runs", .activate = do_select, .parameter_type = "as"},
};

typedef enum { ANY, ONE, TWO, GOES_ON } Fits;

/* Which selection an action needs, and the action of the owner that it is made of; NULL: none. */
static const struct {
  const char *action, *needs;
  Fits fits;
} rules[] = {
    {"selected-open", "open-run", ONE},        {"selected-resume", "resume-run", GOES_ON},
    {"selected-compare", "compare-runs", TWO}, {"selected-rename", "rename-run", ONE},
    {"selected-details", "tag-run", ONE},      {"selected-star", "star-run", ANY},
    {"selected-export", "export-run", ONE},    {"selected-apply", "apply-run", ONE},
    {"selected-delete", "delete-runs", ANY},   {"selected-menu", NULL, ANY},
};

/* Whether a run was left before its end. */
static gboolean goes_on(HfRunItem *item) {
  HfRunStatus status = hf_run_item_facts(item)->status;
  return status == HF_RUN_STOPPED || status == HF_RUN_INTERRUPTED;
}

static gboolean fits(Fits rule, guint n, HfRunItem *only) {
  switch (rule) {
  case ONE:
    return n == 1;
  case TWO:
    return n == 2;
  case GOES_ON:
    return only && goes_on(only);
  default:
    return n > 0;
  }
}

void runs_selection_update(HfRunsPage *self) {
  if (!self->map)
    return;
  g_autoptr(GtkBitset) selection = gtk_selection_model_get_selection(GTK_SELECTION_MODEL(self->rows));
  guint n = (guint)gtk_bitset_get_size(selection);
  g_autoptr(HfRunItem) only = n == 1 ? only_item(self) : NULL;
  for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
    GAction *action = g_action_map_lookup_action(self->map, rules[i].action);
    gboolean there = !rules[i].needs || g_action_map_lookup_action(self->map, rules[i].needs);
    g_simple_action_set_enabled(G_SIMPLE_ACTION(action), there && fits(rules[i].fits, n, only));
  }
}

void hf_runs_page_add_actions(HfRunsPage *self, GActionMap *map) {
  self->map = map;
  g_object_add_weak_pointer(G_OBJECT(map), (gpointer *)&self->map);
  g_action_map_add_action_entries(map, entries, G_N_ELEMENTS(entries), self);
  g_autoptr(GPropertyAction) starred = g_property_action_new("starred-runs", self->starred, "active");
  g_action_map_add_action(map, G_ACTION(starred));
  runs_selection_update(self);
}

void runs_selection_end(HfRunsPage *self) {
  g_clear_pointer(&self->details, run_details_free);
  if (self->popover)
    gtk_widget_unparent(GTK_WIDGET(self->popover));
  self->popover = NULL;
  if (!self->map)
    return;
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++)
    g_action_map_remove_action(self->map, entries[i].name);
  g_action_map_remove_action(self->map, "starred-runs");
  g_object_remove_weak_pointer(G_OBJECT(self->map), (gpointer *)&self->map);
  self->map = NULL;
}

static void on_activate(GtkColumnView *view, guint position, HfRunsPage *self) {
  g_autoptr(HfRunItem) item = g_list_model_get_item(G_LIST_MODEL(self->rows), position);
  if (item)
    activate(self, "win.open-run", g_variant_new_string(hf_run_item_text(item, HF_RUN_ID)));
}

void runs_selection_start(HfRunsPage *self) {
  self->details = run_details_new(GTK_WIDGET(self));
  g_signal_connect(self->view, "activate", G_CALLBACK(on_activate), self);
  runs_menu_start(self);
}
