#include "ui/time-bar.h"

#include "ui/scrubber.h"

#include <glib/gi18n.h>
#include <math.h>

struct _HfTimeBar {
  GtkWidget parent;
  GtkWidget *box, *play, *back, *forward, *newest, *scrubber, *step, *status, *rate;
  int shown, trained, total;
  gboolean playing;
};

G_DEFINE_FINAL_TYPE(HfTimeBar, hf_time_bar, GTK_TYPE_WIDGET)

enum { SEEK, PLAY, N_SIGNALS };
static guint signals[N_SIGNALS];

static void seek(HfTimeBar *self, int step) {
  g_signal_emit(self, signals[SEEK], 0, step);
}

void hf_time_bar_set_playing(HfTimeBar *self, gboolean playing) {
  self->playing = playing;
  const char *words = playing ? _("Stop the replay") : _("Replay the stored steps");
  gtk_button_set_icon_name(GTK_BUTTON(self->play),
                           playing ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text(self->play, words);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->play), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

gboolean hf_time_bar_get_playing(HfTimeBar *self) {
  return self->playing;
}

void hf_time_bar_go(HfTimeBar *self, int direction) {
  int step = hf_scrubber_neighbour(HF_SCRUBBER(self->scrubber), direction);
  if (step >= 0)
    seek(self, step);
}

static void on_play(HfTimeBar *self) {
  g_signal_emit(self, signals[PLAY], 0, !self->playing);
}

static void on_back(HfTimeBar *self) {
  hf_time_bar_go(self, -1);
}

static void on_forward(HfTimeBar *self) {
  hf_time_bar_go(self, 1);
}

static void on_newest(HfTimeBar *self) {
  seek(self, -1);
}

static void on_scrub(HfScrubber *scrubber, int step, HfTimeBar *self) {
  seek(self, step);
}

static void on_first(HfTimeBar *self) {
  int step = hf_scrubber_end(HF_SCRUBBER(self->scrubber), FALSE);
  if (step >= 0)
    seek(self, step);
}

static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                       HfTimeBar *self) {
  static const struct {
    guint key;
    void (*act)(HfTimeBar *self);
  } keys[] = {{GDK_KEY_Home, on_first}, {GDK_KEY_End, on_newest}, {GDK_KEY_space, on_play}};
  if (state & (GDK_ALT_MASK | GDK_CONTROL_MASK))
    return GDK_EVENT_PROPAGATE;
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    if (keys[i].key == key) {
      keys[i].act(self);
      return GDK_EVENT_STOP;
    }
  return GDK_EVENT_PROPAGATE;
}

static GtkWidget *add_button(HfTimeBar *self, const char *icon, const char *words, void (*act)(HfTimeBar *)) {
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(button, words);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  g_signal_connect_swapped(button, "clicked", G_CALLBACK(act), self);
  gtk_box_append(GTK_BOX(self->box), button);
  return button;
}

static GtkWidget *add_label(HfTimeBar *self, gboolean dim) {
  GtkWidget *label = gtk_label_new(NULL);
  gtk_widget_add_css_class(label, "numeric");
  gtk_label_set_xalign(GTK_LABEL(label), 1);
  if (dim)
    gtk_widget_add_css_class(label, "dim-label");
  gtk_box_append(GTK_BOX(self->box), label);
  return label;
}

/* A label takes the room of the widest text it has had, so that nothing beside it moves with its digits. */
static void keep_width(GtkWidget *label) {
  int natural;
  gtk_widget_measure(label, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  int margins = gtk_widget_get_margin_start(label) + gtk_widget_get_margin_end(label);
  gtk_widget_set_size_request(label, natural - margins, -1);
}

static void show_step(HfTimeBar *self) {
  g_autofree char *text = self->total > 0
                              ? g_markup_printf_escaped(_("step <b>%d</b> of %d"), self->shown, self->total)
                              : g_strdup(_("Before training"));
  gtk_label_set_markup(GTK_LABEL(self->step), text);
  keep_width(self->step);
  HfScrubber *scrubber = HF_SCRUBBER(self->scrubber);
  gboolean any = hf_scrubber_end(scrubber, FALSE) >= 0;
  gtk_widget_set_sensitive(self->play, any);
  gtk_widget_set_sensitive(self->back, hf_scrubber_neighbour(scrubber, -1) >= 0);
  gtk_widget_set_sensitive(self->forward, hf_scrubber_neighbour(scrubber, 1) >= 0);
  gtk_widget_set_sensitive(self->newest, self->shown < self->trained);
}

static void hf_time_bar_dispose(GObject *object) {
  HfTimeBar *self = HF_TIME_BAR(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS(hf_time_bar_parent_class)->dispose(object);
}

static void hf_time_bar_class_init(HfTimeBarClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = hf_time_bar_dispose;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  signals[SEEK] = g_signal_new("seek", HF_TYPE_TIME_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                               1, G_TYPE_INT);
  signals[PLAY] = g_signal_new("play", HF_TYPE_TIME_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                               1, G_TYPE_BOOLEAN);
}

static void hf_time_bar_init(HfTimeBar *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
  gtk_widget_set_margin_start(self->box, 8);
  gtk_widget_set_margin_end(self->box, 12);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  self->play = add_button(self, "media-playback-start-symbolic", _("Replay the stored steps"), on_play);
  self->back = add_button(self, "go-previous-symbolic", _("Stored step before"), on_back);
  self->forward = add_button(self, "go-next-symbolic", _("Stored step after"), on_forward);
  self->scrubber = hf_scrubber_new();
  gtk_widget_set_hexpand(self->scrubber, TRUE);
  g_signal_connect(self->scrubber, "seek", G_CALLBACK(on_scrub), self);
  gtk_box_append(GTK_BOX(self->box), self->scrubber);
  self->newest = add_button(self, "go-last-symbolic", _("Follow the newest step"), on_newest);
  self->step = add_label(self, FALSE);
  self->status = add_label(self, FALSE);
  gtk_widget_set_margin_start(self->status, 12);
  gtk_label_set_ellipsize(GTK_LABEL(self->status), PANGO_ELLIPSIZE_END);
  self->rate = add_label(self, TRUE);
  gtk_widget_set_margin_start(self->rate, 8);
  GtkEventController *key = gtk_event_controller_key_new();
  g_signal_connect(key, "key-pressed", G_CALLBACK(on_key), self);
  gtk_widget_add_controller(GTK_WIDGET(self), key);
  hf_time_bar_set_playing(self, FALSE);
  show_step(self);
}

GtkWidget *hf_time_bar_new(void) {
  return g_object_new(HF_TYPE_TIME_BAR, NULL);
}

void hf_time_bar_set_steps(HfTimeBar *self, const int *steps, int n, int total) {
  hf_scrubber_set_steps(HF_SCRUBBER(self->scrubber), steps, n, total);
  self->total = total;
  show_step(self);
}

void hf_time_bar_set_step(HfTimeBar *self, int shown, int trained) {
  hf_scrubber_set_step(HF_SCRUBBER(self->scrubber), shown, trained);
  self->shown = shown;
  self->trained = trained;
  show_step(self);
}

void hf_time_bar_set_status(HfTimeBar *self, double validation, double no_prompt, double rate,
                            gboolean texts) {
  g_autoptr(GString) text = g_string_new(NULL);
  if (isfinite(validation)) {
    g_autofree char *markup = g_markup_printf_escaped(_("validation <b>%.1f %%</b>"), 100 * validation);
    g_string_append(text, markup);
  }
  if (isfinite(no_prompt)) {
    g_autofree char *markup = g_markup_printf_escaped(_("no prompt %.1f %% (test)"), 100 * no_prompt);
    g_string_append_printf(text, "%s%s", text->len ? " · " : "", markup);
  }
  gtk_label_set_markup(GTK_LABEL(self->status), text->str);
  keep_width(self->status);
  g_autofree char *speed = isfinite(rate) && rate > 0
                               ? g_strdup_printf(texts ? _("%'.0f texts/s") : _("%'.0f pictures/s"), rate)
                               : g_strdup("");
  gtk_label_set_text(GTK_LABEL(self->rate), speed);
  keep_width(self->rate);
}
