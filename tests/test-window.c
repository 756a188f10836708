/* The window's shell in process: its places, its own actions, what is remembered, the tour.  Skips where no
 * display can be had. */
#include "ui/window.h"

#include <adwaita.h>
#include <stdlib.h>

static HfWindow *window;

/* Lets the main loop work until it has nothing to do, a second at most. */
static void settle(void) {
  gint64 end = g_get_monotonic_time() + G_USEC_PER_SEC;
  while (g_get_monotonic_time() < end && g_main_context_iteration(NULL, FALSE))
    ;
}

/* For what takes frames, such as a sidebar that slides. */
static void wait(int milliseconds) {
  gint64 end = g_get_monotonic_time() + milliseconds * 1000;
  while (g_get_monotonic_time() < end)
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(2000);
}

static GtkWidget *label(const char *text) {
  return gtk_label_new(text);
}

static void set_up(void) {
  GSettingsSchemaSource *source =
      g_settings_schema_source_new_from_directory(HOARFROST_SCHEMAS, NULL, FALSE, NULL);
  g_assert_nonnull(source);
  GSettingsSchema *schema = g_settings_schema_source_lookup(source, "org.hoarfrost.Hoarfrost", FALSE);
  g_assert_nonnull(schema);
  g_autoptr(GSettings) settings = g_settings_new_full(schema, NULL, NULL);
  g_settings_schema_unref(schema);
  g_settings_schema_source_unref(source);
  window = hf_window_new(NULL, settings);
  g_object_set_data_full(G_OBJECT(window), "settings", g_object_ref(settings), g_object_unref);
}

static void tear_down(void) {
  gtk_window_destroy(GTK_WINDOW(window));
  settle();
  window = NULL;
}

static GSettings *settings(void) {
  return g_object_get_data(G_OBJECT(window), "settings");
}

static void present(void) {
  gtk_window_present(GTK_WINDOW(window));
  wait(200);
}

static void test_places(void) {
  set_up();
  GtkWidget *places[] = {label("strip"), label("choices"), label("panes"), label("card"), label("time")};
  void (*const setters[])(HfWindow *, GtkWidget *) = {hf_window_set_pipeline, hf_window_set_choice_panel,
                                                      hf_window_set_panes, hf_window_set_card,
                                                      hf_window_set_time_bar};
  for (guint i = 0; i < G_N_ELEMENTS(places); i++)
    setters[i](window, places[i]);
  present();
  graphene_rect_t at[G_N_ELEMENTS(places)];
  for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
    g_assert_true(gtk_widget_get_mapped(places[i]));
    g_assert_true(gtk_widget_compute_bounds(places[i], GTK_WIDGET(window), &at[i]));
  }
  /* Strip above, time below; choices, panes, card from left to right. */
  g_assert_cmpfloat(at[0].origin.y, <, at[2].origin.y);
  g_assert_cmpfloat(at[2].origin.y, <, at[4].origin.y);
  g_assert_cmpfloat(at[1].origin.x, <, at[2].origin.x);
  g_assert_cmpfloat(at[2].origin.x, <, at[3].origin.x);
  tear_down();
}

static void test_sidebars(void) {
  set_up();
  present();
  for (int i = 0; i < 2; i++) {
    const char *action = i ? "show-card" : "show-choices";
    g_action_group_activate_action(G_ACTION_GROUP(window), action, NULL);
    g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(window), action);
    g_assert_false(g_variant_get_boolean(state));
    g_assert_false(g_settings_get_boolean(settings(), action));
    g_settings_reset(settings(), action);
  }
  tear_down();
}

/* A sidebar that there is no room for is not one that nobody wants. */
static void test_folded(void) {
  set_up();
  gtk_window_set_default_size(GTK_WINDOW(window), 800, 600);
  GtkWidget *panes = label("panes"), *choices = label("choices"), *card = label("card");
  gtk_widget_set_size_request(panes, 480, 300);
  gtk_widget_set_size_request(card, 260, 100);
  hf_window_set_panes(window, panes);
  hf_window_set_choice_panel(window, choices);
  hf_window_set_card(window, card);
  present();
  wait(600);
  g_assert_false(gtk_widget_get_mapped(card));
  g_assert_true(g_settings_get_boolean(settings(), "show-card"));
  /* It comes over the panes where it is asked for, and goes. */
  for (int i = 0; i < 2; i++) {
    g_action_group_activate_action(G_ACTION_GROUP(window), "show-card", NULL);
    wait(600);
    g_assert_true(gtk_widget_get_mapped(card) == !i);
    g_assert_true(g_settings_get_boolean(settings(), "show-card"));
  }
  tear_down();
}

static void test_pages(void) {
  set_up();
  hf_window_add_page(window, "runs", "Runs", "view-list-symbolic", label("runs"));
  g_action_group_activate_action(G_ACTION_GROUP(window), "page", g_variant_new_string("runs"));
  g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(window), "page");
  g_assert_cmpstr(g_variant_get_string(state, NULL), ==, "runs");
  tear_down();
}

/* The smallest screen it is made for. */
static void test_fits(void) {
  set_up();
  hf_window_set_choice_panel(window, label("choices"));
  hf_window_set_card(window, label("card"));
  GtkWidget *panes = label("panes");
  gtk_widget_set_size_request(panes, 480, 300);
  hf_window_set_panes(window, panes);
  hf_window_set_title(window, "Objects and letters learns Fashion-MNIST",
                      "Border · ILM · seed 1 – running, epoch 3 of 5");
  hf_window_add_page(window, "runs", "Runs", "view-list-symbolic", label("runs"));
  hf_window_add_page(window, "compare", "Compare", "view-dual-symbolic", label("compare"));
  int width, height;
  gtk_widget_measure(GTK_WIDGET(window), GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure(GTK_WIDGET(window), GTK_ORIENTATION_VERTICAL, 1024, &height, NULL, NULL, NULL);
  g_assert_cmpint(width, <=, 1024);
  g_assert_cmpint(height, <=, 700);
  tear_down();
}

static GtkWidget *find(GtkWidget *widget, GType type) {
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE(widget, type) ? widget : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child && !found;
       child = gtk_widget_get_next_sibling(child))
    found = find(child, type);
  return found;
}

static graphene_rect_t place_of(GtkWidget *widget) {
  graphene_rect_t place;
  g_assert_true(gtk_widget_compute_bounds(widget, GTK_WIDGET(window), &place));
  return place;
}

/* The names of the pages stay where they are, whatever the title says. */
static void test_header(void) {
  static const char *const subtitles[] = {
      "Ready", "Running, epoch 3 of 5 · Border · ILM · seed 1",
      "Running, measuring without the prompt · Border · Iterative label mapping (ILM) · seed 1"};
  set_up();
  hf_window_add_page(window, "runs", "Runs", "view-list-symbolic", label("runs"));
  hf_window_set_title(window, "Objects and letters learns Fashion-MNIST", "");
  present();
  GtkWidget *switcher = find(GTK_WIDGET(window), ADW_TYPE_VIEW_SWITCHER);
  graphene_rect_t first = place_of(switcher);
  for (guint i = 0; i < G_N_ELEMENTS(subtitles); i++) {
    hf_window_set_title(window, "Objects and letters learns Fashion-MNIST", subtitles[i]);
    wait(100);
    graphene_rect_t now = place_of(switcher);
    g_test_message("pages at %g, %g wide", now.origin.x, now.size.width);
    g_assert_true(graphene_rect_equal(&first, &now));
  }
  tear_down();
}

/* What the choices have otherwise is said below them, and nothing else moves. */
static void test_difference(void) {
  set_up();
  GtkWidget *choices = label("choices"), *panes = label("panes");
  gtk_widget_set_size_request(choices, 260, 2000);
  hf_window_set_choice_panel(window, choices);
  hf_window_set_panes(window, panes);
  hf_window_set_card(window, label("card"));
  present();
  graphene_rect_t choices_at = place_of(choices), panes_at = place_of(panes);
  hf_window_set_difference(window, "The run that is shown has other settings: label map, rate and 12 more.");
  wait(100);
  graphene_rect_t choices_now = place_of(choices), panes_now = place_of(panes);
  g_assert_true(graphene_rect_equal(&choices_at, &choices_now));
  g_assert_true(graphene_rect_equal(&panes_at, &panes_now));
  tear_down();
}

static void test_tour(void) {
  set_up();
  hf_window_set_choice_panel(window, label("choices"));
  GtkWidget *panes = label("panes");
  hf_window_set_panes(window, panes);
  hf_window_set_tour_anchor(window, HF_TOUR_PATTERN, panes);
  present();
  g_assert_false(g_settings_get_boolean(settings(), "tour-seen"));
  hf_window_offer_tour(window);
  wait(800);
  /* Axes, Run, pattern: nothing shows a label map here. */
  for (int stop = 0; stop < 3; stop++) {
    GtkWidget *next = gtk_window_get_focus(GTK_WINDOW(window));
    g_assert_true(GTK_IS_BUTTON(next));
    g_assert_false(g_settings_get_boolean(settings(), "tour-seen"));
    g_assert_cmpstr(gtk_button_get_label(GTK_BUTTON(next)), ==, stop < 2 ? "Next" : "Done");
    g_signal_emit_by_name(next, "clicked");
    wait(300);
  }
  g_assert_true(g_settings_get_boolean(settings(), "tour-seen"));
  tear_down();
}

/* An anchor may go while the tour points at it. */
static void test_tour_loses_anchor(void) {
  set_up();
  g_settings_reset(settings(), "tour-seen");
  GtkWidget *panes = label("panes");
  hf_window_set_panes(window, panes);
  hf_window_set_tour_anchor(window, HF_TOUR_AXES, panes);
  present();
  g_action_group_activate_action(G_ACTION_GROUP(window), "tour", NULL);
  wait(100);
  hf_window_set_panes(window, NULL);
  settle();
  tear_down();
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
  g_test_add_func("/window/places", test_places);
  g_test_add_func("/window/sidebars", test_sidebars);
  g_test_add_func("/window/folded", test_folded);
  g_test_add_func("/window/pages", test_pages);
  g_test_add_func("/window/fits", test_fits);
  g_test_add_func("/window/header", test_header);
  g_test_add_func("/window/difference", test_difference);
  g_test_add_func("/window/tour", test_tour);
  g_test_add_func("/window/tour-loses-anchor", test_tour_loses_anchor);
  return g_test_run();
}
