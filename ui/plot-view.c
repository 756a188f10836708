#include "ui/plot-view.h"

#include "ui/picture-input.h"
#include "ui/theme-palette.h"

#include <adwaita.h>

#define MARGIN       10
#define ROOMY_WIDTH  460.0
#define ROOMY_HEIGHT 400.0
#define MAX_SCALE    2.0

struct _HfPlotView {
  GtkWidget parent;
  GtkWidget *header, *title, *info;
  int header_height; /* as it was allocated, margins included */
  int least;         /* height of the drawing */
  HfPlotDraw draw;
  gpointer data;
  int drawings;
};

G_DEFINE_FINAL_TYPE(HfPlotView, hf_plot_view, GTK_TYPE_WIDGET)

enum { HOVER, PICKED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* Of the drawing, in the widget's units. */
static graphene_rect_t room_of(HfPlotView *self) {
  int top = self->header_height + 2;
  return GRAPHENE_RECT_INIT(MARGIN, top, gtk_widget_get_width(GTK_WIDGET(self)) - 2 * MARGIN,
                            gtk_widget_get_height(GTK_WIDGET(self)) - top - MARGIN + 2);
}

/* Where there is much room the drawing is enlarged, text and lines too. */
static double scale_of(const graphene_rect_t *room) {
  return CLAMP(MIN(room->size.width / ROOMY_WIDTH, room->size.height / ROOMY_HEIGHT), 1, MAX_SCALE);
}

static void hf_plot_view_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  HfPlotView *self = HF_PLOT_VIEW(widget);
  Palette palette = theme_palette(widget);
  graphene_rect_t room = room_of(self);
  if (room.size.width > 0 && room.size.height > 0) {
    cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &room);
    cairo_translate(cr, room.origin.x, room.origin.y);
    double scale = scale_of(&room);
    cairo_scale(cr, scale, scale);
    self->draw(cr, room.size.width / scale, room.size.height / scale, &palette, self->data);
    cairo_destroy(cr);
    self->drawings++;
  }
  gtk_widget_snapshot_child(widget, self->header, snapshot);
  theme_append_focus(widget, snapshot, &palette);
}

static void hf_plot_view_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                                 int *natural, int *minimum_baseline, int *natural_baseline) {
  HfPlotView *self = HF_PLOT_VIEW(widget);
  int header_minimum, header_natural;
  gtk_widget_measure(self->header, orientation, -1, &header_minimum, &header_natural, NULL, NULL);
  *minimum =
      orientation == GTK_ORIENTATION_HORIZONTAL ? MAX(150, header_minimum) : header_minimum + self->least;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? MAX(280, header_minimum) : header_natural + 240;
}

static void hf_plot_view_size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  HfPlotView *self = HF_PLOT_VIEW(widget);
  gtk_widget_measure(self->header, GTK_ORIENTATION_VERTICAL, width, NULL, &self->header_height, NULL, NULL);
  gtk_widget_allocate(self->header, width, self->header_height, -1, NULL);
}

static void emit_at(HfPlotView *self, guint which, double x, double y) {
  graphene_rect_t room = room_of(self);
  double scale = scale_of(&room);
  g_signal_emit(self, signals[which], 0, (x - room.origin.x) / scale, (y - room.origin.y) / scale,
                room.size.width / scale, room.size.height / scale);
}

static void on_motion(GtkEventControllerMotion *motion, double x, double y, HfPlotView *self) {
  emit_at(self, HOVER, x, y);
}

static void on_leave(GtkEventControllerMotion *motion, HfPlotView *self) {
  emit_at(self, HOVER, -1e6, -1e6);
}

static void on_pressed(GtkGestureClick *click, int n, double x, double y, HfPlotView *self) {
  gtk_widget_grab_focus(GTK_WIDGET(self));
  emit_at(self, PICKED, x, y);
}

static void hf_plot_view_dispose(GObject *object) {
  HfPlotView *self = HF_PLOT_VIEW(object);
  g_clear_pointer(&self->header, gtk_widget_unparent);
  G_OBJECT_CLASS(hf_plot_view_parent_class)->dispose(object);
}

static void hf_plot_view_class_init(HfPlotViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = hf_plot_view_dispose;
  widget_class->snapshot = hf_plot_view_snapshot;
  widget_class->measure = hf_plot_view_measure;
  widget_class->size_allocate = hf_plot_view_size_allocate;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name(widget_class, "plot-view");
  static const char *const names[N_SIGNALS] = {"hover", "picked"};
  for (int i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(names[i], HF_TYPE_PLOT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 4, G_TYPE_DOUBLE, G_TYPE_DOUBLE, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
}

static void hf_plot_view_init(HfPlotView *self) {
  self->least = 160;
  GtkWidget *widget = GTK_WIDGET(self);
  gtk_widget_set_focusable(widget, TRUE);
  gtk_widget_add_css_class(widget, "hf-pane");
  gtk_widget_set_overflow(widget, GTK_OVERFLOW_HIDDEN);
  GtkEventController *motion = gtk_event_controller_motion_new();
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), self);
  gtk_widget_add_controller(widget, motion);
  GtkGesture *click = gtk_gesture_click_new();
  g_signal_connect(click, "pressed", G_CALLBACK(on_pressed), self);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(click));
  g_signal_connect(self, "notify::has-focus", G_CALLBACK(gtk_widget_queue_draw), NULL);
  AdwStyleManager *style = adw_style_manager_get_default();
  g_signal_connect_object(style, "notify::dark", G_CALLBACK(gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(style, "notify::high-contrast", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
}

GtkWidget *hf_plot_view_new(const char *title, HfPlotDraw draw, gpointer data) {
  HfPlotView *self = g_object_new(HF_TYPE_PLOT_VIEW, NULL);
  self->draw = draw;
  self->data = data;
  self->header = picture_header(title, &self->title, &self->info);
  gtk_widget_set_parent(self->header, GTK_WIDGET(self));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return GTK_WIDGET(self);
}

void hf_plot_view_set_least(HfPlotView *self, int height) {
  self->least = height;
  gtk_widget_queue_resize(GTK_WIDGET(self));
}

void hf_plot_view_set_info(HfPlotView *self, const char *info) {
  gtk_label_set_text(GTK_LABEL(self->info), info ? info : "");
}

void hf_plot_view_set_tip(HfPlotView *self, const char *tip) {
  gtk_widget_set_tooltip_text(self->header, tip);
}

void hf_plot_view_add_control(HfPlotView *self, GtkWidget *control) {
  gtk_widget_set_valign(control, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(self->header), control);
}

void hf_plot_view_describe(HfPlotView *self, const char *words) {
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

void hf_plot_view_changed(HfPlotView *self) {
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

int hf_plot_view_get_drawings(HfPlotView *self) {
  return self->drawings;
}
