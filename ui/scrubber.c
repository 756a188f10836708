#include "ui/scrubber.h"

#include "ui/theme-palette.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define KNOB       9.0 /* radius */
#define TRACK      4.0
#define MARK       8.0
#define MIN_BESIDE 5.0 /* marks closer than this are drawn once */

struct _HfScrubber {
  GtkWidget parent;
  GArray *steps; /* int */
  int total, shown, trained;
  gboolean inside;  /* the pointer */
  gboolean percent; /* how steps are told */
};

G_DEFINE_FINAL_TYPE(HfScrubber, hf_scrubber, GTK_TYPE_WIDGET)

static guint seek_signal;

static double x_of(HfScrubber *self, int step) {
  double width = gtk_widget_get_width(GTK_WIDGET(self)) - 2 * KNOB - 2;
  return KNOB + 1 + width * CLAMP((double)step / MAX(self->total, 1), 0, 1);
}

static int step_at(HfScrubber *self, guint i) {
  return g_array_index(self->steps, int, i);
}

static void append_bar(GtkSnapshot *snapshot, double left, double right, double y, double height, Ink ink) {
  graphene_rect_t bar = GRAPHENE_RECT_INIT(left, y - height / 2, MAX(right - left, 0), height);
  GskRoundedRect rounded;
  gsk_rounded_rect_init_from_rect(&rounded, &bar, MIN(height, MAX(right - left, 0)) / 2);
  gtk_snapshot_push_rounded_clip(snapshot, &rounded);
  gtk_snapshot_append_color(snapshot, &(GdkRGBA){ink.red, ink.green, ink.blue, 1}, &bar);
  gtk_snapshot_pop(snapshot);
}

static void append_knob(HfScrubber *self, GtkSnapshot *snapshot, double y, const Palette *palette) {
  double x = x_of(self, self->shown), radius = self->inside ? KNOB : KNOB - 1;
  graphene_rect_t box = GRAPHENE_RECT_INIT(x - radius, y - radius, 2 * radius, 2 * radius);
  GskRoundedRect round;
  gsk_rounded_rect_init_from_rect(&round, &box, radius);
  gtk_snapshot_append_outset_shadow(snapshot, &round, &(GdkRGBA){0, 0, 0, 0.35}, 0, 1, 0, 2);
  gtk_snapshot_push_rounded_clip(snapshot, &round);
  gtk_snapshot_append_color(snapshot, &(GdkRGBA){1, 1, 1, 1}, &box);
  gtk_snapshot_pop(snapshot);
  GdkRGBA ink = {palette->accent.red, palette->accent.green, palette->accent.blue, 1};
  float width = gtk_widget_has_visible_focus(GTK_WIDGET(self)) ? 4 : palette->dark ? 0 : 1;
  if (!gtk_widget_has_visible_focus(GTK_WIDGET(self)))
    ink = (GdkRGBA){0, 0, 0, 0.2};
  gtk_snapshot_append_border(snapshot, &round, (float[]){width, width, width, width},
                             (GdkRGBA[]){ink, ink, ink, ink});
}

static void hf_scrubber_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  HfScrubber *self = HF_SCRUBBER(widget);
  Palette palette = theme_palette(widget);
  double y = gtk_widget_get_height(widget) / 2.0;
  Ink ahead = ink_mix(palette.text, palette.background, palette.high_contrast ? 0.4 : 0.75);
  append_bar(snapshot, x_of(self, 0), x_of(self, self->total), y, TRACK, palette.line);
  append_bar(snapshot, x_of(self, 0), x_of(self, self->trained), y, TRACK, ahead);
  append_bar(snapshot, x_of(self, 0), x_of(self, self->shown), y, TRACK, palette.accent);
  double last = -1e3;
  for (guint i = 0; i < self->steps->len; i++) {
    double x = floor(x_of(self, step_at(self, i)));
    if (x - last < MIN_BESIDE)
      continue;
    last = x;
    GdkRGBA ink = {palette.dim.red, palette.dim.green, palette.dim.blue, 1};
    gtk_snapshot_append_color(snapshot, &ink, &GRAPHENE_RECT_INIT(x, floor(y - MARK / 2), 1, MARK));
  }
  if (self->steps->len)
    append_knob(self, snapshot, y, &palette);
}

static void hf_scrubber_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                                int *natural, int *minimum_baseline, int *natural_baseline) {
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 80 : (int)(2 * KNOB + 8);
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 400 : *minimum;
}

static void seek(HfScrubber *self, int step) {
  if (step >= 0 && step != self->shown)
    g_signal_emit(self, seek_signal, 0, step);
}

/* The stored step nearest to a point. */
static int nearest(HfScrubber *self, double x) {
  int best = -1;
  double least = INFINITY;
  for (guint i = 0; i < self->steps->len; i++) {
    double away = fabs(x_of(self, step_at(self, i)) - x);
    if (away < least) {
      least = away;
      best = step_at(self, i);
    }
  }
  return best;
}

static void on_drag(GtkGestureDrag *drag, double dx, double dy, HfScrubber *self) {
  double x, y;
  if (!gtk_gesture_drag_get_start_point(drag, &x, &y))
    return;
  gtk_widget_grab_focus(GTK_WIDGET(self));
  seek(self, nearest(self, x + dx));
}

static void on_drag_begin(GtkGestureDrag *drag, double x, double y, HfScrubber *self) {
  on_drag(drag, 0, 0, self);
}

static void set_inside(HfScrubber *self, gboolean inside) {
  self->inside = inside;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void on_enter(GtkEventControllerMotion *motion, double x, double y, HfScrubber *self) {
  set_inside(self, TRUE);
}

static void on_leave(GtkEventControllerMotion *motion, HfScrubber *self) {
  set_inside(self, FALSE);
}

static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                       HfScrubber *self) {
  static const struct {
    guint key;
    int direction;
  } keys[] = {{GDK_KEY_Left, -1}, {GDK_KEY_Down, -1}, {GDK_KEY_Right, 1}, {GDK_KEY_Up, 1}};
  if (state & (GDK_ALT_MASK | GDK_CONTROL_MASK))
    return GDK_EVENT_PROPAGATE;
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    if (keys[i].key == key) {
      seek(self, hf_scrubber_neighbour(self, keys[i].direction));
      return GDK_EVENT_STOP;
    }
  return GDK_EVENT_PROPAGATE;
}

static void hf_scrubber_finalize(GObject *object) {
  g_array_unref(HF_SCRUBBER(object)->steps);
  G_OBJECT_CLASS(hf_scrubber_parent_class)->finalize(object);
}

static void hf_scrubber_class_init(HfScrubberClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->finalize = hf_scrubber_finalize;
  widget_class->snapshot = hf_scrubber_snapshot;
  widget_class->measure = hf_scrubber_measure;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
  gtk_widget_class_set_css_name(widget_class, "scrubber");
  seek_signal = g_signal_new("seek", HF_TYPE_SCRUBBER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                             G_TYPE_INT);
}

static void hf_scrubber_init(HfScrubber *self) {
  GtkWidget *widget = GTK_WIDGET(self);
  self->steps = g_array_new(FALSE, FALSE, sizeof(int));
  gtk_widget_set_focusable(widget, TRUE);
  GtkGesture *drag = gtk_gesture_drag_new();
  g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), self);
  g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag), self);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(drag));
  GtkEventController *motion = gtk_event_controller_motion_new();
  g_signal_connect(motion, "enter", G_CALLBACK(on_enter), self);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), self);
  gtk_widget_add_controller(widget, motion);
  GtkEventController *key = gtk_event_controller_key_new();
  g_signal_connect(key, "key-pressed", G_CALLBACK(on_key), self);
  gtk_widget_add_controller(widget, key);
  g_signal_connect(self, "notify::has-focus", G_CALLBACK(gtk_widget_queue_draw), NULL);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Step that is shown"),
                                 -1);
}

GtkWidget *hf_scrubber_new(void) {
  return g_object_new(HF_TYPE_SCRUBBER, NULL);
}

static void tell(HfScrubber *self) {
  g_autofree char *text =
      self->percent ? g_strdup_printf(_("%.0f %% of the training"), 100.0 * self->shown / MAX(self->total, 1))
                    : g_strdup_printf(_("step %d of %d"), self->shown, self->total);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                 GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, (double)self->total,
                                 GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double)self->shown,
                                 GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text,
                                 /* GTK 4.8 tells the values of its own sliders only. */
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void hf_scrubber_set_steps(HfScrubber *self, const int *steps, int n, int total) {
  bool same = (int)self->steps->len == n && total == self->total &&
              (!n || !memcmp(self->steps->data, steps, n * sizeof *steps));
  if (same)
    return;
  g_array_set_size(self->steps, 0);
  if (n)
    g_array_append_vals(self->steps, steps, n);
  self->total = total;
  tell(self);
}

void hf_scrubber_set_step(HfScrubber *self, int shown, int trained) {
  if (shown == self->shown && trained == self->trained)
    return;
  self->shown = shown;
  self->trained = trained;
  tell(self);
}

void hf_scrubber_set_percent(HfScrubber *self, gboolean percent) {
  self->percent = percent;
  tell(self);
}

int hf_scrubber_neighbour(HfScrubber *self, int direction) {
  int found = -1;
  for (guint i = 0; i < self->steps->len; i++) {
    int step = step_at(self, i);
    if (direction < 0 && step < self->shown)
      found = step;
    else if (direction > 0 && step > self->shown)
      return step;
  }
  return found;
}

int hf_scrubber_end(HfScrubber *self, gboolean last) {
  return self->steps->len ? step_at(self, last ? self->steps->len - 1 : 0) : -1;
}
