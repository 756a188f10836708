/* The choice in process: roles and labels, impossible values that answer instead of changing anything,
 * repairs, settings. Skips where no display can be had. */
#include "engine/preset.h"
#include "ui/axis-row.h"
#include "ui/cell-map.h"
#include "ui/choice-panel.h"
#include "ui/help.h"
#include "ui/pipeline.h"
#include "ui/reason.h"
#include "ui/setting-row.h"
#include "ui/taxonomy-card.h"

#include <adwaita.h>
#include <string.h>

static const Verdict *verdicts[N_CELLS];
static RunSpec *spec;
static ChoiceFacts facts;

/* What the last signal said. */
static int said = -1;
static char *text = NULL;

static void say_number(gpointer widget, int number) {
  said = number;
}

static void say_text(gpointer widget, const char *string) {
  g_free(text);
  text = g_strdup(string);
}

static void say_repair(gpointer widget, const Repair *repair) {
  say_text(widget, repair->text);
}

static void say_assignments(gpointer widget, char **assignments) {
  say_text(widget, assignments[0]);
}

/* A network with pictures and hidden tensors, but neither tokens nor the task's own classes. */
static void judge(void) {
  TaxonomyContext context = {.model_title = "The network",
                             .task_title = "the task",
                             .takes_pictures = true,
                             .has_hidden = true,
                             .n_source = 36,
                             .n_target = 10,
                             .n_train = 10000,
                             .averaged = 1};
  for (int i = 0; i < N_CELLS; i++)
    verdicts[i] = taxonomy_judge(cell_at(i), NULL, NULL, &context);
}

static void settle(void) {
  gint64 end = g_get_monotonic_time() + G_USEC_PER_SEC;
  while (g_get_monotonic_time() < end && g_main_context_iteration(NULL, FALSE))
    ;
}

/* A window that shows the child and has the action win.location. */
static GtkWidget *window_with(GtkWidget *child, GSimpleAction **location) {
  GtkWidget *window = adw_window_new();
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new();
  *location = g_simple_action_new_stateful("location", G_VARIANT_TYPE_STRING, g_variant_new_string("input"));
  g_action_map_add_action(G_ACTION_MAP(group), G_ACTION(*location));
  gtk_widget_insert_action_group(window, "win", G_ACTION_GROUP(group));
  adw_window_set_content(ADW_WINDOW(window), child);
  gtk_window_present(GTK_WINDOW(window));
  settle();
  return window;
}

static bool is_active(HfAxisRow *row, int value) {
  return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(hf_axis_row_button(row, value)));
}

/* Hidden is impossible: its button keeps the focus, answers, and changes nothing.  Embedding is possible
 * here, and is the action. */
static void test_axis_row(void) {
  GSimpleAction *location;
  HfAxisRow *row = HF_AXIS_ROW(hf_axis_row_new(AXIS_LOCATION));
  GtkWidget *window = window_with(GTK_WIDGET(row), &location),
            *hidden = hf_axis_row_button(row, LOCATION_HIDDEN);
  Verdict impossible = {.kind = VERDICT_IMPOSSIBLE, .reason = "no token axis"};
  const Verdict *judged[] = {NULL, NULL, &impossible};
  hf_axis_row_set_verdicts(row, judged);
  hf_axis_row_set_value(row, LOCATION_INPUT);
  g_signal_connect(row, "impossible-chosen", G_CALLBACK(say_number), NULL);
  said = -1;
  g_signal_emit_by_name(hidden, "clicked");
  g_assert_cmpint(said, ==, LOCATION_HIDDEN);
  g_assert_true(is_active(row, LOCATION_INPUT));
  g_assert_false(is_active(row, LOCATION_HIDDEN));
  g_assert_true(gtk_widget_is_sensitive(hidden));
  g_assert_true(gtk_widget_grab_focus(hidden));
  gtk_test_accessible_assert_property(hidden, GTK_ACCESSIBLE_PROPERTY_LABEL, "Location: Hidden");
  gtk_test_accessible_assert_property(hidden, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      "unavailable: no token axis");
  gtk_test_accessible_assert_role(row, GTK_ACCESSIBLE_ROLE_GROUP);

  said = -1;
  g_signal_emit_by_name(hf_axis_row_button(row, LOCATION_EMBEDDING), "clicked");
  settle();
  g_autoptr(GVariant) state = g_action_get_state(G_ACTION(location));
  g_assert_cmpstr(g_variant_get_string(state, NULL), ==, "embedding");
  g_assert_cmpint(said, ==, -1);

  hf_axis_row_set_verdicts(row, NULL);
  gtk_test_accessible_assert_property(hidden, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      taxonomy_axes[AXIS_LOCATION].values[LOCATION_HIDDEN].help);
  g_assert_true(gtk_widget_is_sensitive(hidden));
  g_object_unref(location);
  gtk_window_destroy(GTK_WINDOW(window));
}

/* The first visible widget of the type, at or below this one; NULL: none. */
static GtkWidget *find(GtkWidget *widget, GType type) {
  if (G_TYPE_CHECK_INSTANCE_TYPE(widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = gtk_widget_get_visible(child) ? find(child, type) : NULL;
    if (found)
      return found;
  }
  return NULL;
}

/* An impossible value of the panel opens its reason; the first repair is what the signal says. */
static void test_panel_repairs(void) {
  GSimpleAction *location;
  HfChoicePanel *panel = HF_CHOICE_PANEL(hf_choice_panel_new());
  GtkWidget *window = window_with(GTK_WIDGET(panel), &location);
  hf_choice_panel_set_spec(panel, spec, &facts);
  g_assert_null(find(GTK_WIDGET(panel), HF_TYPE_REASON));
  hf_choice_panel_set_verdicts(panel, verdicts);
  g_signal_connect(panel, "repair", G_CALLBACK(say_repair), NULL);
  Cell wanted = run_spec_cell(spec, 0);
  wanted.value[AXIS_LOCATION] = LOCATION_HIDDEN;
  const Verdict *verdict = verdicts[cell_index(wanted)];
  g_assert_cmpint(verdict->kind, ==, VERDICT_IMPOSSIBLE);
  hf_choice_panel_show_reason(panel, AXIS_LOCATION, LOCATION_HIDDEN, verdict);
  GtkWidget *reason = find(GTK_WIDGET(panel), HF_TYPE_REASON);
  g_assert_nonnull(reason);
  gtk_test_accessible_assert_property(reason, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, verdict->reason);
  GtkWidget *repairs = gtk_widget_get_last_child(reason), *button = find(repairs, GTK_TYPE_BUTTON);
  g_assert_nonnull(button);
  g_signal_emit_by_name(button, "clicked");
  g_assert_cmpstr(text, ==, g_array_index(verdict->repairs, Repair, 0).text);
  hf_choice_panel_set_spec(panel, spec, &facts);
  g_assert_null(find(GTK_WIDGET(panel), HF_TYPE_REASON));
  g_object_unref(location);
  gtk_window_destroy(GTK_WINDOW(window));
}

/* For what takes frames. */
static void wait(int milliseconds) {
  gint64 end = g_get_monotonic_time() + milliseconds * 1000;
  while (g_get_monotonic_time() < end)
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(2000);
}

/* A window of 300x400 with the card or the panel. */
static GtkWidget *small_window(GtkWidget *child) {
  GtkWidget *window = adw_window_new();
  gtk_window_set_default_size(GTK_WINDOW(window), 300, 400);
  gtk_widget_set_size_request(child, 300, 400);
  adw_window_set_content(ADW_WINDOW(window), child);
  gtk_window_present(GTK_WINDOW(window));
  wait(200);
  return window;
}

static void assert_in_sight(GtkWidget *widget, GtkWidget *within) {
  graphene_rect_t at;
  g_assert_true(gtk_widget_compute_bounds(widget, within, &at));
  g_assert_cmpfloat(at.origin.y, >=, 0);
  g_assert_cmpfloat(at.origin.y + at.size.height, <=, gtk_widget_get_height(within));
}

/* What stands below the fold comes into sight by itself. */
static void test_reasons_in_sight(void) {
  GtkWidget *panel = hf_choice_panel_new(), *card = hf_taxonomy_card_new();
  hf_choice_panel_set_spec(HF_CHOICE_PANEL(panel), spec, &facts);
  hf_choice_panel_set_verdicts(HF_CHOICE_PANEL(panel), verdicts);
  GtkWidget *window = small_window(panel);
  Cell wanted = run_spec_cell(spec, 0);
  wanted.value[AXIS_ALIGNMENT] = FAMILY_IDENTITY;
  hf_choice_panel_show_reason(HF_CHOICE_PANEL(panel), AXIS_ALIGNMENT, FAMILY_IDENTITY,
                              verdicts[cell_index(wanted)]);
  wait(400);
  assert_in_sight(find(panel, HF_TYPE_REASON), panel);
  hf_choice_panel_set_verdicts(HF_CHOICE_PANEL(panel), NULL);
  gtk_window_destroy(GTK_WINDOW(window));

  hf_taxonomy_card_set_spec(HF_TAXONOMY_CARD(card), spec, &facts);
  hf_taxonomy_card_set_verdicts(HF_TAXONOMY_CARD(card), verdicts);
  window = small_window(card);
  g_signal_emit_by_name(find(card, HF_TYPE_CELL_MAP), "cell-chosen", cell_index(wanted));
  wait(400);
  assert_in_sight(find(card, HF_TYPE_REASON), card);
  gtk_window_destroy(GTK_WINDOW(window));
}

/* A choice that is impossible as it stands says so, with repairs. */
static void test_present(void) {
  HfChoicePanel *panel = HF_CHOICE_PANEL(hf_choice_panel_new());
  hf_choice_panel_set_spec(panel, spec, &facts);
  GtkWidget *window = small_window(GTK_WIDGET(panel));
  Cell cell = run_spec_cell(spec, 0);
  hf_choice_panel_set_present(panel, verdicts[cell_index(cell)]);
  g_assert_null(find(GTK_WIDGET(panel), HF_TYPE_REASON));
  cell.value[AXIS_LOCATION] = LOCATION_HIDDEN;
  const Verdict *verdict = verdicts[cell_index(cell)];
  hf_choice_panel_set_present(panel, verdict);
  g_signal_connect(panel, "repair", G_CALLBACK(say_repair), NULL);
  hf_choice_panel_focus_present(panel);
  wait(300);
  GtkWidget *focus = gtk_window_get_focus(GTK_WINDOW(window));
  g_assert_true(GTK_IS_BUTTON(focus));
  assert_in_sight(focus, GTK_WIDGET(panel));
  g_signal_emit_by_name(focus, "clicked");
  g_assert_cmpstr(text, ==, g_array_index(verdict->repairs, Repair, 0).text);
  hf_choice_panel_set_present(panel, NULL);
  g_assert_null(find(GTK_WIDGET(panel), HF_TYPE_REASON));
  gtk_window_destroy(GTK_WINDOW(window));
}

/* The row of a key, what is folded unfolded; NULL: there is none. */
static GtkWidget *find_row(GtkWidget *below, const char *group, const char *key) {
  if (GTK_IS_EXPANDER(below))
    gtk_expander_set_expanded(GTK_EXPANDER(below), TRUE);
  for (GtkWidget *child = gtk_widget_get_first_child(below); child;
       child = gtk_widget_get_next_sibling(child)) {
    if (HF_IS_SETTING_ROW(child) && g_str_equal(hf_setting_row_key(HF_SETTING_ROW(child)), key) &&
        g_str_equal(hf_setting_row_group(HF_SETTING_ROW(child)), group))
      return child;
    GtkWidget *found = find_row(child, group, key);
    if (found)
      return found;
  }
  return NULL;
}

/* Rows that say nothing about the task are left out, and what has a picker has no row. */
static void test_panel_rows(void) {
  HfChoicePanel *panel = HF_CHOICE_PANEL(g_object_ref_sink(hf_choice_panel_new()));
  g_autoptr(RunSpec) inside = run_spec_parse("[run]\nmodel = a/b.onnx\ndataset = c.txt\n[manipulation]\n"
                                             "location = embedding\nmethod = tokens\n[alignment]\n"
                                             "method = identity\n",
                                             "a test", false, NULL);
  g_assert_nonnull(inside);
  ChoiceFacts pictures = {.n_source = -1, .n_target = 10}, texts = {.n_source = -1, .texts = true};
  for (int i = 0; i < 4; i++) {
    hf_choice_panel_set_spec(panel, inside, i % 2 ? &texts : &pictures);
    g_assert_null(find_row(GTK_WIDGET(panel), "manipulation", "site"));
    g_assert_true((find_row(GTK_WIDGET(panel), "manipulation", "image_size") == NULL) == i % 2);
    g_assert_true((find_row(GTK_WIDGET(panel), "run", "tokens") != NULL) == i % 2);
    g_assert_nonnull(find_row(GTK_WIDGET(panel), "manipulation", "tokens"));
  }
  g_object_unref(panel);
}

static bool shows(GtkWidget *below, const char *words) {
  if (GTK_IS_LABEL(below) && g_str_equal(gtk_label_get_text(GTK_LABEL(below)), words))
    return true;
  for (GtkWidget *child = gtk_widget_get_first_child(below); child;
       child = gtk_widget_get_next_sibling(child))
    if (shows(child, words))
      return true;
  return false;
}

/* A model without a card goes by its title once it is read, by its file before. */
static void test_panel_title(void) {
  HfChoicePanel *panel = HF_CHOICE_PANEL(g_object_ref_sink(hf_choice_panel_new()));
  g_autoptr(RunSpec) own = run_spec_copy(spec);
  g_free(own->model);
  own->model = g_strdup("some/where/model-3.onnx");
  g_autoptr(FrozenModel) model = frozen_model_new();
  model->card.title = g_strdup("A Small Network, 3 classes");
  hf_choice_panel_set_spec(panel, own, &facts);
  hf_choice_panel_set_model(panel, NULL);
  g_assert_true(shows(GTK_WIDGET(panel), "model-3.onnx"));
  hf_choice_panel_set_model(panel, model);
  g_assert_true(shows(GTK_WIDGET(panel), "A Small Network"));
  hf_choice_panel_set_models(panel, NULL, 0);
  g_assert_true(shows(GTK_WIDGET(panel), "A Small Network"));
  g_object_unref(panel);
}

/* What was changed since the preset is told in words of its own. */
static void test_changed(void) {
  HfChoicePanel *panel = HF_CHOICE_PANEL(g_object_ref_sink(hf_choice_panel_new()));
  static char *const more[] = {"run.batch=7", "run.epochs=3", NULL};
  g_autoptr(RunSpec) changed = preset_spec(preset_find("default"), (char **)more, NULL);
  hf_choice_panel_set_spec(panel, changed, &facts);
  g_assert_true(shows(GTK_WIDGET(panel), preset_find("default")->title));
  g_assert_true(shows(GTK_WIDGET(panel), "2 changed"));
  g_object_unref(panel);
}

/* All texts of the panel fit a sidebar. */
static void test_panel_fits(void) {
  HfChoicePanel *panel = HF_CHOICE_PANEL(g_object_ref_sink(hf_choice_panel_new()));
  hf_choice_panel_set_spec(panel, spec, &facts);
  int least;
  gtk_widget_measure(GTK_WIDGET(panel), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  g_assert_cmpint(least, <=, 300);
  g_object_unref(panel);
}

/* Only a valid new value is assigned; a wrong one is marked and says why. */
static void test_setting(void) {
  static const Setting setting = {"batch", "Batch", SETTING_INTEGER, "64", 1, 100, NULL, "Samples a step."};
  HfSettingRow *row = HF_SETTING_ROW(g_object_ref_sink(hf_setting_row_new("run", &setting)));
  g_signal_connect(row, "assign", G_CALLBACK(say_text), NULL);
  say_text(NULL, "");
  hf_setting_row_set_text(row, "64");
  g_assert_cmpstr(text, ==, "");
  GtkWidget *entry = find(GTK_WIDGET(row), GTK_TYPE_ENTRY);
  gtk_test_accessible_assert_property(entry, GTK_ACCESSIBLE_PROPERTY_LABEL, "Batch");
  gtk_editable_set_text(GTK_EDITABLE(entry), "1000");
  g_signal_emit_by_name(entry, "activate");
  g_assert_cmpstr(text, ==, "");
  g_assert_true(gtk_widget_has_css_class(entry, "error"));
  gtk_editable_set_text(GTK_EDITABLE(entry), "32");
  g_signal_emit_by_name(entry, "activate");
  g_assert_cmpstr(text, ==, "run.batch=32");
  g_assert_false(gtk_widget_has_css_class(entry, "error"));
  g_object_unref(row);
}

/* 0 that stands for something is told by the placeholder; nothing entered is 0. */
static void test_setting_zero(void) {
  static const Setting setting = {"size", "Size",  SETTING_INTEGER,    "0", 0, 100,
                                  NULL,   "Edge.", .zero = "automatic"};
  HfSettingRow *row = HF_SETTING_ROW(g_object_ref_sink(hf_setting_row_new("group", &setting)));
  g_autoptr(GKeyFile) file = g_key_file_new(), meant = g_key_file_new();
  g_key_file_set_value(file, "group", "size", "0");
  g_key_file_set_value(meant, "group", "size", "48");
  GtkWidget *entry = find(GTK_WIDGET(row), GTK_TYPE_ENTRY);
  g_signal_connect(row, "assign", G_CALLBACK(say_text), NULL);
  say_text(NULL, "");
  hf_setting_row_show(row, file, meant);
  g_assert_cmpstr(gtk_editable_get_text(GTK_EDITABLE(entry)), ==, "");
  g_assert_cmpstr(gtk_entry_get_placeholder_text(GTK_ENTRY(entry)), ==, "automatic: 48");
  static const struct {
    const char *entered, *assigned, *left;
  } rows[] = {{"32", "group.size=32", "32"},     {"", "group.size=0", ""},   {"8", "group.size=8", "8"},
              {"Automatic", "group.size=0", ""}, {"9", "group.size=9", "9"}, {"0", "group.size=0", ""}};
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    gtk_editable_set_text(GTK_EDITABLE(entry), rows[i].entered);
    g_signal_emit_by_name(entry, "activate");
    g_assert_cmpstr(text, ==, rows[i].assigned);
    g_assert_cmpstr(gtk_editable_get_text(GTK_EDITABLE(entry)), ==, rows[i].left);
  }
  hf_setting_row_show(row, file, NULL);
  g_assert_cmpstr(gtk_entry_get_placeholder_text(GTK_ENTRY(entry)), ==, "automatic");
  g_object_unref(row);
}

/* A setting that another one decides about is there only where it counts. */
static void test_deciders(void) {
  HfChoicePanel *panel = HF_CHOICE_PANEL(g_object_ref_sink(hf_choice_panel_new()));
  static char *const schedules[][2] = {{"optimiser.schedule=constant"}, {"optimiser.schedule=multistep"}};
  for (int i = 0; i < 4; i++) {
    g_autoptr(RunSpec) one = run_spec_parse_with("[run]\n", "a test", schedules[i % 2], true, NULL);
    hf_choice_panel_set_spec(panel, one, &facts);
    g_assert_cmpint(gtk_widget_get_visible(find_row(GTK_WIDGET(panel), "optimiser", "milestones")), ==,
                    i % 2);
    g_assert_true(gtk_widget_get_visible(find_row(GTK_WIDGET(panel), "optimiser", "rate")));
  }
  g_object_unref(panel);
}

/* A choice made with segments comes through section and panel; showing a spec assigns nothing. */
static void test_panel_assigns(void) {
  GSimpleAction *location;
  HfChoicePanel *panel = HF_CHOICE_PANEL(hf_choice_panel_new());
  GtkWidget *window = window_with(GTK_WIDGET(panel), &location);
  g_signal_connect(panel, "assign", G_CALLBACK(say_assignments), NULL);
  say_text(NULL, "");
  hf_choice_panel_set_spec(panel, spec, &facts);
  g_assert_cmpstr(text, ==, "");
  GtkWidget *row = find(GTK_WIDGET(panel), HF_TYPE_SETTING_ROW);
  while (strcmp(hf_setting_row_key(HF_SETTING_ROW(row)), "form") != 0)
    row = gtk_widget_get_next_sibling(row)
              ? gtk_widget_get_next_sibling(row)
              : gtk_widget_get_first_child(gtk_widget_get_next_sibling(gtk_widget_get_parent(row)));
  GtkWidget *sigmoid = find(row, GTK_TYPE_TOGGLE_BUTTON);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(gtk_widget_get_next_sibling(sigmoid)), TRUE);
  g_assert_cmpstr(text, ==, "manipulation.form=tanh");
  g_object_unref(location);
  gtk_window_destroy(GTK_WINDOW(window));
}

/* An impossible cell of the map answers with its reason; a possible one is chosen. */
static void test_card(void) {
  GSimpleAction *location;
  HfTaxonomyCard *card = HF_TAXONOMY_CARD(hf_taxonomy_card_new());
  GtkWidget *window = window_with(GTK_WIDGET(card), &location);
  hf_taxonomy_card_set_spec(card, spec, &facts);
  hf_taxonomy_card_set_verdicts(card, verdicts);
  g_signal_connect(card, "cell-chosen", G_CALLBACK(say_number), NULL);
  GtkWidget *map = find(GTK_WIDGET(card), HF_TYPE_CELL_MAP);
  gtk_test_accessible_assert_role(map, GTK_ACCESSIBLE_ROLE_IMG);
  g_assert_true(gtk_widget_get_focusable(map));
  int here = cell_index(run_spec_cell(spec, 0)), impossible = -1;
  for (int i = 0; i < N_CELLS; i++)
    if (verdicts[i]->kind == VERDICT_IMPOSSIBLE)
      impossible = i;
  said = -1;
  g_signal_emit_by_name(map, "cell-chosen", impossible);
  g_assert_cmpint(said, ==, -1);
  GtkWidget *reason = find(GTK_WIDGET(card), HF_TYPE_REASON);
  g_assert_nonnull(reason);
  gtk_test_accessible_assert_property(reason, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      verdicts[impossible]->reason);
  g_signal_emit_by_name(map, "cell-chosen", here);
  g_assert_cmpint(said, ==, here);
  g_assert_null(find(GTK_WIDGET(card), HF_TYPE_REASON));
  g_object_unref(location);
  gtk_window_destroy(GTK_WINDOW(window));
}

/* Buttons outlive a change of the choice, so the focus does too. */
static void test_pipeline(void) {
  HfPipeline *pipeline = HF_PIPELINE(g_object_ref_sink(hf_pipeline_new()));
  hf_pipeline_set(pipeline, NULL, spec, NULL, &facts);
  GtkMenuButton *manipulation = hf_pipeline_stage(pipeline, 1);
  g_assert_true(gtk_widget_has_css_class(GTK_WIDGET(manipulation), "manipulation"));
  g_assert_nonnull(gtk_menu_button_get_popover(manipulation));
  g_assert_null(hf_pipeline_stage(pipeline, 5));
  hf_pipeline_set(pipeline, NULL, spec, NULL, &facts);
  g_assert_true(hf_pipeline_stage(pipeline, 1) == manipulation);
  gtk_test_accessible_assert_property(GTK_WIDGET(hf_pipeline_stage(pipeline, 0)),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, "x: fashion-mnist");
  g_object_unref(pipeline);
}

/* Lines of code stand in the help as they are to be typed. */
static void check_code(GtkWidget *below, int *n) {
  if (gtk_widget_has_css_class(below, "hf-code")) {
    int width;
    g_auto(GStrv) lines = g_strsplit(gtk_label_get_text(GTK_LABEL(below)), "\n", -1);
    gtk_widget_measure(below, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
    g_assert_cmpint(width, <=, gtk_widget_get_width(gtk_widget_get_parent(below)));
    g_assert_cmpuint(g_strv_length(lines), ==, 3);
    ++*n;
  }
  for (GtkWidget *child = gtk_widget_get_first_child(below); child;
       child = gtk_widget_get_next_sibling(child))
    check_code(child, n);
}

static void test_help(void) {
  GtkWidget *help = hf_help_new(NULL);
  int n = 0;
  gtk_window_present(GTK_WINDOW(help));
  wait(300);
  adw_preferences_window_set_search_enabled(ADW_PREFERENCES_WINDOW(help), FALSE);
  GtkWidget *stack = find(help, ADW_TYPE_VIEW_STACK);
  g_assert_nonnull(stack);
  g_autoptr(GtkSelectionModel) pages = adw_view_stack_get_pages(ADW_VIEW_STACK(stack));
  gtk_selection_model_select_item(pages, g_list_model_get_n_items(G_LIST_MODEL(pages)) - 1, TRUE);
  wait(300);
  check_code(help, &n);
  g_assert_cmpint(n, ==, 3);
  gtk_window_destroy(GTK_WINDOW(help));
}

/* What the application does: widths depend on it. */
static void load_style(void) {
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new();
  gtk_css_provider_load_from_resource(provider, "/org/hoarfrost/Hoarfrost/style.css");
  gtk_style_context_add_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(provider),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

int main(int argc, char **argv) {
  g_setenv("GSETTINGS_BACKEND", "memory", TRUE);
  g_setenv("GTK_A11Y", "test", FALSE);
  (g_test_init)(&argc, &argv, NULL);
  if (!gtk_init_check()) {
    g_print("1..0 # SKIP no display\n");
    return 0;
  }
  adw_init();
  load_style();
  spec = preset_spec(preset_find("default"), NULL, NULL);
  facts = choice_facts(spec, NULL, NULL);
  judge();
  g_test_add_func("/choice-widgets/axis-row", test_axis_row);
  g_test_add_func("/choice-widgets/panel-repairs", test_panel_repairs);
  g_test_add_func("/choice-widgets/reasons-in-sight", test_reasons_in_sight);
  g_test_add_func("/choice-widgets/present", test_present);
  g_test_add_func("/choice-widgets/changed", test_changed);
  g_test_add_func("/choice-widgets/setting-zero", test_setting_zero);
  g_test_add_func("/choice-widgets/help", test_help);
  g_test_add_func("/choice-widgets/panel-rows", test_panel_rows);
  g_test_add_func("/choice-widgets/panel-title", test_panel_title);
  g_test_add_func("/choice-widgets/panel-fits", test_panel_fits);
  g_test_add_func("/choice-widgets/panel-assigns", test_panel_assigns);
  g_test_add_func("/choice-widgets/setting", test_setting);
  g_test_add_func("/choice-widgets/deciders", test_deciders);
  g_test_add_func("/choice-widgets/card", test_card);
  g_test_add_func("/choice-widgets/pipeline", test_pipeline);
  int failed = g_test_run();
  for (int i = 0; i < N_CELLS; i++)
    verdict_free((Verdict *)verdicts[i]);
  run_spec_free(spec);
  g_free(text);
  return failed;
}
