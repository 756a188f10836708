#include "ui/window.h"

#include "ui/built.h"
#include "ui/sidebar.h"
#include "ui/toasts.h"
#include "ui/window-keys.h"

#include <glib/gi18n.h>

#define ROOMY_WIDTH    1200
#define WIDE_PAGE      96  /* pixels that a page's name has; it would be shortened to nothing */
#define NARROW_PAGE    68  /* below its icon */
#define NARROW_SIDEBAR 280 /* of the choices */
#define WIDE_SIDEBAR   360
#define SIDEBAR_SHARE  0.19 /* of the window, between them */

struct _HfWindow {
  AdwApplicationWindow parent_instance;
  AdwToastOverlay *toasts;
  Toasts *sentences;
  AdwToast *told; /* a weak pointer; NULL: nothing is told now */
  AdwWindowTitle *title;
  GtkButton *run;
  GtkWidget *sidebars; /* the buttons of the Explore page's sidebars */
  AdwButtonContent *run_content;
  AdwViewSwitcher *switcher;
  AdwViewStack *pages;
  AdwFlap *choices_flap, *card_flap;
  AdwClamp *choices_clamp;
  GtkInfoBar *banner;
  GtkLabel *banner_text;
  GtkBox *banner_buttons;
  GtkWidget *difference, *show_choices;
  GtkLabel *difference_text;
  AdwBin *pipeline, *choices, *panes, *card, *time_bar;
  GSettings *settings; /* NULL: nothing is remembered */
  HfTour *tour;
  AdwToast *offer; /* a weak pointer */
};

G_DEFINE_FINAL_TYPE(HfWindow, hf_window, ADW_TYPE_APPLICATION_WINDOW)

/* Where the title would be crowded out, the pages' icons stand above their names.  Either way the pages take
 * a width that does not depend on the title's. */
static gboolean fit_switcher(gpointer data) {
  HfWindow *self = data;
  GtkWidget *switcher = GTK_WIDGET(self->switcher);
  bool roomy = gtk_widget_get_width(GTK_WIDGET(self)) >= ROOMY_WIDTH;
  adw_view_switcher_set_policy(self->switcher,
                               roomy ? ADW_VIEW_SWITCHER_POLICY_WIDE : ADW_VIEW_SWITCHER_POLICY_NARROW);
  g_autoptr(GtkSelectionModel) pages = adw_view_stack_get_pages(self->pages);
  int n = (int)g_list_model_get_n_items(G_LIST_MODEL(pages));
  gtk_widget_set_size_request(switcher, n * (roomy ? WIDE_PAGE : NARROW_PAGE), -1);
  return G_SOURCE_REMOVE;
}

static void fit_switcher_soon(HfWindow *self) {
  g_idle_add_full(GTK_PRIORITY_RESIZE - 1, fit_switcher, g_object_ref(self), g_object_unref);
}

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
  fit_switcher_soon(self);
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
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->title), subtitle); /* where it is cut short */
  g_autofree char *whole = g_strdup_printf("%s – %s", title, _("Hoarfrost"));
  gtk_window_set_title(GTK_WINDOW(self), whole);
}

/* The button of the sidebar is marked too: it may be closed. */
void hf_window_set_difference(HfWindow *self, const char *sentence) {
  gtk_widget_set_visible(self->difference, sentence != NULL);
  gtk_label_set_text(self->difference_text, sentence ? sentence : "");
  gtk_widget_set_tooltip_text(self->show_choices, sentence ? sentence : _("Choices"));
  if (sentence)
    gtk_widget_add_css_class(self->show_choices, "hf-differs");
  else
    gtk_widget_remove_css_class(self->show_choices, "hf-differs");
}

void hf_window_set_running(HfWindow *self, bool running) {
  const char *label = running ? _("Pause") : _("Run");
  adw_button_content_set_label(self->run_content, label);
  adw_button_content_set_icon_name(self->run_content, running ? "media-playback-pause-symbolic"
                                                              : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->run), label);
}

static void on_told(HfWindow *self) {
  g_clear_weak_pointer(&self->told);
}

/* One place, which the newest sentence takes over.  No toast of high priority: libadwaita 1.2 loses its
 * animations over it. */
void hf_window_tell(HfWindow *self, const char *sentence, bool failure) {
  g_autofree char *markup = g_markup_escape_text(sentence, -1);
  guint stays = failure ? 12000 : 4000;
  if (self->told) {
    adw_toast_set_title(self->told, markup);
    toasts_keep(self->sentences, self->told, stays);
    return;
  }
  AdwToast *toast = adw_toast_new(markup);
  g_set_weak_pointer(&self->told, toast);
  g_signal_connect_object(toast, "dismissed", G_CALLBACK(on_told), self, G_CONNECT_SWAPPED);
  toasts_add(self->sentences, toast, stays);
}

/* (transfer full) */
static AdwToast *toast_with_button(const char *sentence, const char *button, const char *action,
                                   GVariant *target) {
  g_autofree char *markup = g_markup_escape_text(sentence, -1);
  AdwToast *toast = adw_toast_new(markup);
  adw_toast_set_button_label(toast, button);
  adw_toast_set_action_name(toast, action);
  adw_toast_set_action_target_value(toast, target);
  return toast;
}

void hf_window_offer(HfWindow *self, const char *sentence, const char *button, const char *action,
                     GVariant *target) {
  AdwToast *toast = toast_with_button(sentence, button, action, target);
  g_set_weak_pointer(&self->offer, toast);
  toasts_add(self->sentences, toast, 20000);
}

void hf_window_set_banner(HfWindow *self, const char *sentence, const HfWindowButton *buttons) {
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(self->banner_buttons))))
    gtk_box_remove(self->banner_buttons, child);
  for (; sentence && buttons->label; buttons++) {
    GtkWidget *button = gtk_button_new_with_mnemonic(_(buttons->label));
    gtk_actionable_set_detailed_action_name(GTK_ACTIONABLE(button), buttons->action);
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    gtk_box_append(self->banner_buttons, button);
  }
  if (sentence)
    gtk_label_set_text(self->banner_text, sentence);
  gtk_info_bar_set_revealed(self->banner, sentence != NULL);
}

void hf_window_withdraw_offer(HfWindow *self) {
  if (self->offer)
    toasts_withdraw(self->sentences, self->offer);
  g_clear_weak_pointer(&self->offer);
}

void hf_window_offer_undo(HfWindow *self, const char *sentence, const char *action, GVariant *target) {
  AdwToast *toast = toast_with_button(sentence, _("_Undo"), action, target);
  toasts_add(self->sentences, toast, 10000);
}

void hf_window_set_tour_anchor(HfWindow *self, HfTourStop stop, GtkWidget *anchor) {
  hf_tour_set_anchor(self->tour, stop, anchor);
}

/* What belongs to the Explore page only. */
static void on_page(HfWindow *self) {
  bool explore = !g_strcmp0(adw_view_stack_get_visible_child_name(self->pages), "explore");
  gtk_widget_set_visible(self->sidebars, explore);
  if (!explore)
    hf_tour_end(self->tour);
}

void hf_window_reveal_choices(HfWindow *self) {
  hf_window_show_page(self, "explore");
  adw_flap_set_reveal_flap(self->choices_flap, TRUE);
}

static void start_tour(HfWindow *self) {
  hf_window_reveal_choices(self);
  hf_tour_start(self->tour);
}

/* Once the window stands and everything in it has its place; not where a file led to another page. */
static gboolean start_tour_later(gpointer data) {
  if (g_strcmp0(adw_view_stack_get_visible_child_name(HF_WINDOW(data)->pages), "explore") == 0)
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

static void do_page(GSimpleAction *action, GVariant *name, HfWindow *self) {
  if (adw_view_stack_get_child_by_name(self->pages, g_variant_get_string(name, NULL)))
    hf_window_show_page(self, g_variant_get_string(name, NULL));
}

static void on_page_shown(AdwViewStack *pages, GParamSpec *property, GSimpleAction *action) {
  const char *name = adw_view_stack_get_visible_child_name(pages);
  g_simple_action_set_state(action, g_variant_new_string(name ? name : ""));
}

/* Not a property's action: a name that there is no page of is let be. */
static void add_page_action(HfWindow *self) {
  g_autoptr(GSimpleAction) action =
      g_simple_action_new_stateful("page", G_VARIANT_TYPE_STRING, g_variant_new_string(""));
  g_signal_connect(action, "change-state", G_CALLBACK(do_page), self);
  g_signal_connect_object(self->pages, "notify::visible-child-name", G_CALLBACK(on_page_shown), action, 0);
  on_page_shown(self->pages, NULL, action);
  g_action_map_add_action(G_ACTION_MAP(self), G_ACTION(action));
}

/* Actions whose state is a property of a part of the window. */
static void add_property_actions(HfWindow *self) {
  const struct {
    const char *action, *property;
    gpointer object;
  } rows[] = {
      {"show-choices", "reveal-flap", self->choices_flap},
      {"show-card", "reveal-flap", self->card_flap},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GPropertyAction) action =
        g_property_action_new(rows[i].action, rows[i].object, rows[i].property);
    g_action_map_add_action(G_ACTION_MAP(self), G_ACTION(action));
  }
}

static void remember(HfWindow *self) {
  const struct {
    const char *key, *property;
    gpointer object;
  } rows[] = {
      {"window-width", "default-width", self},
      {"window-height", "default-height", self},
      {"maximized", "maximized", self},
  };
  sidebar_keep(self->choices_flap, self->settings, "show-choices");
  sidebar_keep(self->card_flap, self->settings, "show-card");
  for (guint i = 0; self->settings && i < G_N_ELEMENTS(rows); i++)
    g_settings_bind(self->settings, rows[i].key, rows[i].object, rows[i].property, G_SETTINGS_BIND_DEFAULT);
}

static void hf_window_dispose(GObject *object) {
  HfWindow *self = HF_WINDOW(object);
  if (self->tour)
    hf_tour_close(self->tour);
  g_clear_object(&self->tour);
  g_clear_weak_pointer(&self->offer);
  g_clear_weak_pointer(&self->told);
  g_clear_pointer(&self->sentences, toasts_free);
  g_clear_object(&self->settings);
  G_OBJECT_CLASS(hf_window_parent_class)->dispose(object);
}

static int sidebar_width(int window) {
  return (int)CLAMP(SIDEBAR_SHARE * window, NARROW_SIDEBAR, WIDE_SIDEBAR);
}

/* Names of models and presets get what room there is. */
static gboolean fit_sidebar(gpointer data) {
  HfWindow *self = data;
  int width = sidebar_width(gtk_widget_get_width(GTK_WIDGET(self)));
  adw_clamp_set_tightening_threshold(self->choices_clamp, width);
  adw_clamp_set_maximum_size(self->choices_clamp, width);
  gtk_widget_set_size_request(GTK_WIDGET(self->choices_clamp), width, -1);
  return G_SOURCE_REMOVE;
}

/* What is fitted changes after the allocation, which it is a part of. */
static void hf_window_size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  HfWindow *self = HF_WINDOW(widget);
  GTK_WIDGET_CLASS(hf_window_parent_class)->size_allocate(widget, width, height, baseline);
  bool roomy = adw_view_switcher_get_policy(self->switcher) == ADW_VIEW_SWITCHER_POLICY_WIDE;
  if (roomy != (width >= ROOMY_WIDTH))
    fit_switcher_soon(self);
  if (adw_clamp_get_maximum_size(self->choices_clamp) != sidebar_width(width))
    g_idle_add_full(GTK_PRIORITY_RESIZE - 1, fit_sidebar, g_object_ref(self), g_object_unref);
}

static void hf_window_class_init(HfWindowClass *class) {
  GTK_WIDGET_CLASS(class)->size_allocate = hf_window_size_allocate;
  G_OBJECT_CLASS(class)->dispose = hf_window_dispose;
}

static void hf_window_init(HfWindow *self) {
  static const BuiltChild children[] = {BUILT_CHILD(HfWindow, toasts),
                                        BUILT_CHILD(HfWindow, title),
                                        BUILT_CHILD(HfWindow, run),
                                        BUILT_CHILD(HfWindow, run_content),
                                        BUILT_CHILD(HfWindow, sidebars),
                                        BUILT_CHILD(HfWindow, switcher),
                                        BUILT_CHILD(HfWindow, pages),
                                        BUILT_CHILD(HfWindow, banner),
                                        BUILT_CHILD(HfWindow, banner_text),
                                        BUILT_CHILD(HfWindow, banner_buttons),
                                        BUILT_CHILD(HfWindow, choices_flap),
                                        BUILT_CHILD(HfWindow, choices_clamp),
                                        BUILT_CHILD(HfWindow, card_flap),
                                        BUILT_CHILD(HfWindow, difference),
                                        BUILT_CHILD(HfWindow, difference_text),
                                        BUILT_CHILD(HfWindow, show_choices),
                                        BUILT_CHILD(HfWindow, pipeline),
                                        BUILT_CHILD(HfWindow, choices),
                                        BUILT_CHILD(HfWindow, panes),
                                        BUILT_CHILD(HfWindow, card),
                                        BUILT_CHILD(HfWindow, time_bar),
                                        {NULL}};
  g_autoptr(GtkWidget) content = built_load("window.ui", "toasts", self, children);
  adw_application_window_set_content(ADW_APPLICATION_WINDOW(self), content);
  self->sentences = toasts_new(self->toasts);
  fill(self->pipeline, NULL);
  fill(self->time_bar, NULL);
  gtk_widget_set_visible(GTK_WIDGET(self->switcher), FALSE);
  g_signal_connect_object(self->pages, "notify::visible-child-name", G_CALLBACK(on_page), self,
                          G_CONNECT_SWAPPED);
  g_action_map_add_action_entries(G_ACTION_MAP(self), actions, G_N_ELEMENTS(actions), self);
  add_property_actions(self);
  add_page_action(self);
  window_keys_add(GTK_WIDGET(self));
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
