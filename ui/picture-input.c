#include "ui/picture-input.h"

#include <math.h>

#define KEPT_LETTERS 12 /* of a title, where there is little room */
#define WHEEL_STEP   1.2

typedef struct {
  GtkWidget *widget;
  HfLens *lens;
  PictureLocate locate;
  double x, y;           /* of the pointer */
  double drag_x, drag_y; /* so far */
} Input;

static void point_at(Input *input, double x, double y) {
  double at_x, at_y, size;
  int width, height;
  if (!input->locate(input->widget, x, y, &at_x, &at_y, &size) || at_x < 0 || at_x >= 1 || at_y < 0 ||
      at_y >= 1)
    return;
  hf_lens_get_grid(input->lens, &width, &height);
  hf_lens_set_cursor(input->lens, (int)(at_x * width), (int)(at_y * height));
}

static void on_motion(GtkEventControllerMotion *motion, double x, double y, Input *input) {
  input->x = x;
  input->y = y;
  point_at(input, x, y);
}

static gboolean on_scroll(GtkEventControllerScroll *scroll, double dx, double dy, Input *input) {
  double at_x, at_y, size;
  /* At the whole picture the wheel scrolls the page further out. */
  if ((dy > 0 && hf_lens_get_zoom(input->lens) <= 1) ||
      !input->locate(input->widget, input->x, input->y, &at_x, &at_y, &size))
    return GDK_EVENT_PROPAGATE;
  hf_lens_zoom_at(input->lens, pow(WHEEL_STEP, -dy), at_x, at_y);
  return GDK_EVENT_STOP;
}

static void on_drag_begin(GtkGestureDrag *drag, double x, double y, Input *input) {
  input->drag_x = input->drag_y = 0;
  gtk_widget_grab_focus(input->widget);
  point_at(input, x, y);
}

static void on_drag_update(GtkGestureDrag *drag, double x, double y, Input *input) {
  double at_x, at_y, size;
  if (!input->locate(input->widget, 0, 0, &at_x, &at_y, &size))
    return;
  hf_lens_pan(input->lens, (x - input->drag_x) / size, (y - input->drag_y) / size);
  input->drag_x = x;
  input->drag_y = y;
}

static void move_cursor(HfLens *lens, int dx, int dy) {
  int x, y, width, height;
  hf_lens_get_grid(lens, &width, &height);
  if (hf_lens_get_cursor(lens, &x, &y))
    hf_lens_set_cursor(lens, x + dx, y + dy);
  else
    hf_lens_set_cursor(lens, width / 2, height / 2);
}

static const struct {
  guint key;
  int dx, dy;    /* of the pixel */
  double factor; /* of the zoom; 0: none */
  double zoom;   /* to go to; 0: none */
} keys[] = {
    {GDK_KEY_Left, -1, 0},
    {GDK_KEY_Right, 1, 0},
    {GDK_KEY_Up, 0, -1},
    {GDK_KEY_Down, 0, 1},
    {GDK_KEY_KP_Left, -1, 0},
    {GDK_KEY_KP_Right, 1, 0},
    {GDK_KEY_KP_Up, 0, -1},
    {GDK_KEY_KP_Down, 0, 1},
    {GDK_KEY_plus, .factor = 1.5},
    {GDK_KEY_equal, .factor = 1.5},
    {GDK_KEY_KP_Add, .factor = 1.5},
    {GDK_KEY_minus, .factor = 1 / 1.5},
    {GDK_KEY_KP_Subtract, .factor = 1 / 1.5},
    {GDK_KEY_0, .zoom = 1},
    {GDK_KEY_KP_0, .zoom = 1},
    {GDK_KEY_1, .zoom = 4},
    {GDK_KEY_KP_1, .zoom = 4},
};

static void zoom_at_cursor(HfLens *lens, double factor) {
  int x, y, width, height;
  double at_x, at_y;
  hf_lens_get_grid(lens, &width, &height);
  hf_lens_get_centre(lens, &at_x, &at_y);
  if (hf_lens_get_cursor(lens, &x, &y)) {
    at_x = (x + 0.5) / width;
    at_y = (y + 0.5) / height;
  }
  hf_lens_zoom_at(lens, factor, at_x, at_y);
}

static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                       Input *input) {
  if (state & (GDK_ALT_MASK | GDK_SUPER_MASK))
    return GDK_EVENT_PROPAGATE;
  bool far = state & GDK_CONTROL_MASK;
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
    if (keys[i].key != key)
      continue;
    bool arrow = keys[i].dx || keys[i].dy;
    if (far && !arrow)
      return GDK_EVENT_PROPAGATE;
    if (arrow)
      move_cursor(input->lens, keys[i].dx * (far ? 10 : 1), keys[i].dy * (far ? 10 : 1));
    else if (keys[i].zoom == 1)
      hf_lens_reset(input->lens);
    else
      zoom_at_cursor(input->lens,
                     keys[i].factor > 0 ? keys[i].factor : keys[i].zoom / hf_lens_get_zoom(input->lens));
    return GDK_EVENT_STOP;
  }
  return GDK_EVENT_PROPAGATE;
}

void picture_input_attach(GtkWidget *widget, HfLens *lens, PictureLocate locate) {
  Input *input = g_new0(Input, 1);
  *input = (Input){.widget = widget, .lens = lens, .locate = locate};
  g_object_set_data_full(G_OBJECT(widget), "picture-input", input, g_free);

  GtkEventController *motion = gtk_event_controller_motion_new();
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), input);
  gtk_widget_add_controller(widget, motion);
  GtkEventController *scroll = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  g_signal_connect(scroll, "scroll", G_CALLBACK(on_scroll), input);
  gtk_widget_add_controller(widget, scroll);
  GtkGesture *drag = gtk_gesture_drag_new();
  g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), input);
  g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), input);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(drag));
  GtkEventController *key = gtk_event_controller_key_new();
  g_signal_connect(key, "key-pressed", G_CALLBACK(on_key), input);
  gtk_widget_add_controller(widget, key);
}

void picture_header_set_title(GtkWidget *label, const char *title) {
  gtk_label_set_text(GTK_LABEL(label), title);
  gtk_label_set_width_chars(GTK_LABEL(label), (int)MIN(g_utf8_strlen(title, -1), KEPT_LETTERS));
}

GtkWidget *picture_header(const char *title, GtkWidget **title_label, GtkWidget **info_label) {
  GtkWidget *header = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_set_margin_start(header, 10);
  gtk_widget_set_margin_end(header, 10);
  gtk_widget_set_margin_top(header, 5);
  gtk_widget_set_margin_bottom(header, 5);
  *title_label = gtk_label_new(NULL);
  picture_header_set_title(*title_label, title);
  gtk_label_set_ellipsize(GTK_LABEL(*title_label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(GTK_LABEL(*title_label), 0);
  gtk_widget_add_css_class(*title_label, "hf-pane-title");
  gtk_box_append(GTK_BOX(header), *title_label);
  *info_label = gtk_label_new("");
  gtk_label_set_ellipsize(GTK_LABEL(*info_label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(GTK_LABEL(*info_label), 1);
  gtk_widget_set_hexpand(*info_label, TRUE);
  gtk_widget_add_css_class(*info_label, "dim-label");
  gtk_widget_add_css_class(*info_label, "hf-pane-info");
  gtk_widget_add_css_class(*info_label, "numeric");
  gtk_box_append(GTK_BOX(header), *info_label);
  return header;
}
