#include "ui/window.h"

#include "ui/built.h"

#include <glib/gi18n.h>

struct _HfWindow {
  AdwApplicationWindow parent_instance;
  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  GtkButton *run;
  AdwButtonContent *run_content;
  AdwViewSwitcher *switcher;
  AdwViewStack *pages;
  AdwFlap *choices_flap, *card_flap;
  AdwBin *pipeline, *choices, *panes, *card, *time_bar;
  GSettings *settings; /* NULL: nothing is remembered */
  HfTour *tour;
};

G_DEFINE_FINAL_TYPE(HfWindow, hf_window, ADW_TYPE_APPLICATION_WINDOW)

/* A place without content takes no room and shows no border. */
static void fill(AdwBin *place, GtkWidget *child) {
  adw_bin_set_child(place, child);
  gtk_widget_set_visible(GTK_WIDGET(place), child != NULL);
}

void hf_window_set_pipeline(HfWindow *self, GtkWidget *child) {
  fill(self->pipeline, child);
}

void hf_window_set_choice_panel(HfWindow *self, GtkWidget *child) {
  fill(self->choices, child);
}

void hf_window_set_panes(HfWindow *self, GtkWidget *child) {
  fill(self->panes, child);
}

void hf_window_set_card(HfWindow *self, GtkWidget *child) {
  fill(self->card, child);
}

void hf_window_set_time_bar(HfWindow *self, GtkWidget *child) {
  fill(self->time_bar, child);
}

void hf_window_add_page(HfWindow *self, const char *name, const char *title, const char *icon,
                        GtkWidget *child) {
  adw_view_stack_add_titled(self->pages, child, name, title);
  adw_view_stack_page_set_icon_name(adw_view_stack_get_page(self->pages, child), icon);
  gtk_widget_set_visible(GTK_WIDGET(self->switcher), TRUE);
}

void hf_window_show_page(HfWindow *self, const char *name) {
  adw_view_stack_set_visible_child_name(self->pages, name);
}

bool hf_window_has_page(HfWindow *self, const char *name) {
  return adw_view_stack_get_child_by_name(self->pages, name) != NULL;
}

void hf_window_set_title(HfWindow *self, const char *title, const char *subtitle) {
  adw_window_title_set_title(self->title, title);
  adw_window_title_set_subtitle(self->title, subtitle);
  g_autofree char *whole = g_strdup_printf("%s – %s", title, _("Hoarfrost"));
  gtk_window_set_title(GTK_WINDOW(self), whole);
}

void hf_window_set_running(HfWindow *self, bool running) {
  const char *label = running ? _("Pause") : _("Run");
  adw_button_content_set_label(self->run_content, label);
  adw_button_content_set_icon_name(self->run_content, running ? "media-playback-pause-symbolic"
                                                              : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->run), label);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->run), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

void hf_window_tell(HfWindow *self, const char *sentence, bool failure) {
  g_autofree char *markup = g_markup_escape_text(sentence, -1);
  AdwToast *toast = adw_toast_new(markup);
  adw_toast_set_timeout(toast, failure ? 12 : 4);
  if (failure)
    adw_toast_set_priority(toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast(self->toasts, toast);
}

void hf_window_offer(HfWindow *self, const char *sentence, const char *button, const char *action,
                     GVariant *target) {
  g_autofree char *markup = g_markup_escape_text(sentence, -1);
  AdwToast *toast = adw_toast_new(markup);
  adw_toast_set_button_label(toast, button);
  adw_toast_set_action_name(toast, action);
  adw_toast_set_action_target_value(toast, target);
  adw_toast_set_timeout(toast, 0);
  adw_toast_overlay_add_toast(self->toasts, toast);
}

void hf_window_set_tour_anchor(HfWindow *self, HfTourStop stop, GtkWidget *anchor) {
  hf_tour_set_anchor(self->tour, stop, anchor);
}

static void start_tour(HfWindow *self) {
  hf_window_show_page(self, "explore");
  adw_flap_set_reveal_flap(self->choices_flap, TRUE);
  hf_tour_start(self->tour);
}

/* Once the window stands and everything in it has its place. */
static gboolean start_tour_later(gpointer data) {
  start_tour(data);
  return G_SOURCE_REMOVE;
}

void hf_window_offer_tour(HfWindow *self) {
  if (self->settings && !g_settings_get_boolean(self->settings, "tour-seen"))
    g_timeout_add_full(G_PRIORITY_LOW, 400, start_tour_later, g_object_ref(self), g_object_unref);
}

static void on_tour_ended(HfWindow *self) {
  if (self->settings)
    g_settings_set_boolean(self->settings, "tour-seen", TRUE);
}

static void do_tour(GSimpleAction *action, GVariant *parameter, gpointer self) {
  start_tour(self);
}

static void do_fullscreen(GSimpleAction *action, GVariant *parameter, gpointer self) {
  g_object_set(self, "fullscreened", !gtk_window_is_fullscreen(self), NULL);
}

static const GActionEntry actions[] = {
    {.name = "tour", .activate = do_tour},
    {.name = "fullscreen", .activate = do_fullscreen},
};

/* Actions whose state is a property of a part of the window. */
static void add_property_actions(HfWindow *self) {
  const struct {
    const char *action, *property;
    gpointer object;
  } rows[] = {
      {"show-choices", "reveal-flap", self->choices_flap},
      {"show-card", "reveal-flap", self->card_flap},
      {"page", "visible-child-name", self->pages},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GPropertyAction) action =
        g_property_action_new(rows[i].action, rows[i].object, rows[i].property);
    g_action_map_add_action(G_ACTION_MAP(self), G_ACTION(action));
  }
}

/* Bare keys, for what is done over and over.  They arrive here only when what has the focus did not want
 * them, so letters reach the text entries. */
static void add_keys(HfWindow *self) {
  static const struct {
    guint key;
    GdkModifierType modifiers;
    const char *action; /* with its target */
  } rows[] = {
      {GDK_KEY_period, 0, "win.step"},
      {GDK_KEY_bracketleft, 0, "win.seek-by(-1)"},
      {GDK_KEY_bracketright, 0, "win.seek-by(1)"},
      {GDK_KEY_p, 0, "win.play"},
      {GDK_KEY_n, 0, "win.sample-next"},
      {GDK_KEY_m, 0, "win.mistake-next"},
      {GDK_KEY_a, 0, "win.amplify-lock"},
      {GDK_KEY_d, 0, "win.pattern-signed"},
      {GDK_KEY_plus, 0, "win.zoom(1.5)"},
      {GDK_KEY_equal, 0, "win.zoom(1.5)"},
      {GDK_KEY_KP_Add, 0, "win.zoom(1.5)"},
      {GDK_KEY_minus, 0, "win.zoom(0.66666667)"},
      {GDK_KEY_KP_Subtract, 0, "win.zoom(0.66666667)"},
      {GDK_KEY_0, 0, "win.zoom(0.0)"},
      {GDK_KEY_1, 0, "win.zoom-to(4.0)"},
      {GDK_KEY_v, GDK_CONTROL_MASK, "win.apply-paste"},
      {GDK_KEY_1, GDK_SHIFT_MASK, "win.focus-axis('format')"},
      {GDK_KEY_2, GDK_SHIFT_MASK, "win.focus-axis('location')"},
      {GDK_KEY_3, GDK_SHIFT_MASK, "win.focus-axis('operator')"},
      {GDK_KEY_4, GDK_SHIFT_MASK, "win.focus-axis('alignment')"},
  };
  GtkEventController *keys = gtk_shortcut_controller_new();
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *name = NULL;
    g_autoptr(GVariant) target = NULL;
    g_action_parse_detailed_name(rows[i].action, &name, &target, NULL);
    GtkShortcut *shortcut =
        gtk_shortcut_new(gtk_keyval_trigger_new(rows[i].key, rows[i].modifiers), gtk_named_action_new(name));
    gtk_shortcut_set_arguments(shortcut, target);
    gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(keys), shortcut);
  }
  gtk_widget_add_controller(GTK_WIDGET(self), keys);
}

static void remember(HfWindow *self) {
  const struct {
    const char *key, *property;
    gpointer object;
  } rows[] = {
      {"window-width", "default-width", self},
      {"window-height", "default-height", self},
      {"maximized", "maximized", self},
      {"show-choices", "reveal-flap", self->choices_flap},
      {"show-card", "reveal-flap", self->card_flap},
  };
  for (guint i = 0; self->settings && i < G_N_ELEMENTS(rows); i++)
    g_settings_bind(self->settings, rows[i].key, rows[i].object, rows[i].property, G_SETTINGS_BIND_DEFAULT);
}

static void hf_window_dispose(GObject *object) {
  HfWindow *self = HF_WINDOW(object);
  if (self->tour)
    hf_tour_close(self->tour);
  g_clear_object(&self->tour);
  g_clear_object(&self->settings);
  G_OBJECT_CLASS(hf_window_parent_class)->dispose(object);
}

static void hf_window_class_init(HfWindowClass *class) {
  G_OBJECT_CLASS(class)->dispose = hf_window_dispose;
}

static void hf_window_init(HfWindow *self) {
  static const BuiltChild children[] = {
      BUILT_CHILD(HfWindow, toasts),       BUILT_CHILD(HfWindow, title),
      BUILT_CHILD(HfWindow, run),          BUILT_CHILD(HfWindow, run_content),
      BUILT_CHILD(HfWindow, switcher),     BUILT_CHILD(HfWindow, pages),
      BUILT_CHILD(HfWindow, choices_flap), BUILT_CHILD(HfWindow, card_flap),
      BUILT_CHILD(HfWindow, pipeline),     BUILT_CHILD(HfWindow, choices),
      BUILT_CHILD(HfWindow, panes),        BUILT_CHILD(HfWindow, card),
      BUILT_CHILD(HfWindow, time_bar),     {NULL}};
  g_autoptr(GtkWidget) content = built_load("window.ui", "toasts", self, children);
  adw_application_window_set_content(ADW_APPLICATION_WINDOW(self), content);
  fill(self->pipeline, NULL);
  fill(self->time_bar, NULL);
  gtk_widget_set_visible(GTK_WIDGET(self->switcher), FALSE);
  g_action_map_add_action_entries(G_ACTION_MAP(self), actions, G_N_ELEMENTS(actions), self);
  add_property_actions(self);
  add_keys(self);
  self->tour = hf_tour_new(content);
  g_signal_connect_swapped(self->tour, "ended", G_CALLBACK(on_tour_ended), self);
  hf_tour_set_anchor(self->tour, HF_TOUR_AXES, GTK_WIDGET(self->choices));
  hf_tour_set_anchor(self->tour, HF_TOUR_RUN, GTK_WIDGET(self->run));
}

HfWindow *hf_window_new(GtkApplication *application, GSettings *settings) {
  HfWindow *self = g_object_new(HF_TYPE_WINDOW, "application", application, "title", _("Hoarfrost"),
                                "icon-name", "org.hoarfrost.Hoarfrost", "width-request", 760,
                                "height-request", 540, "default-width", 1280, "default-height", 800, NULL);
  g_set_object(&self->settings, settings);
  remember(self);
  return self;
}
