#include "ui/cell-map.h"

#include "ui/draw/cell-legend.h"
#include "ui/theme-palette.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define LEAST   244
#define MOST    420
#define COLUMNS (N_OPERATORS * N_FAMILIES)
#define APART   8.0
#define MARGIN  4.0 /* room for the ring around a cell at the border */

struct _HfCellMap {
  GtkWidget parent_instance;
  CellMap map;
  char *reasons[N_CELLS]; /* why it is impossible; NULL: it is possible */
};

G_DEFINE_TYPE(HfCellMap, hf_cell_map, GTK_TYPE_WIDGET)

enum { CELL_POINTED, CELL_CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

/* Width of the map inside of the margins. */
static double map_width(HfCellMap *self) {
  return fmin(gtk_widget_get_width(GTK_WIDGET(self)), MOST) - 2 * MARGIN;
}

static void describe(HfCellMap *self) {
  int cell = self->map.pointed >= 0 ? self->map.pointed : self->map.here;
  if (cell < 0)
    return;
  g_autofree char *name = cell_text(cell_at(cell));
  g_autofree char *legend = cell_legend_words();
  g_autofree char *text =
      g_strdup_printf("%s%s: %s. %s", cell == self->map.here ? _("You are here: ") : "", name,
                      self->reasons[cell] ? self->reasons[cell] : _("possible"), legend);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Map of the 72 cells"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void point_at(HfCellMap *self, int cell) {
  if (cell == self->map.pointed)
    return;
  self->map.pointed = cell;
  describe(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
  g_signal_emit(self, signals[CELL_POINTED], 0, cell);
}

static int cell_under(HfCellMap *self, double x, double y) {
  return cell_map_at(map_width(self), x - MARGIN, y - MARGIN);
}

static void moved(GtkEventControllerMotion *motion, double x, double y, HfCellMap *self) {
  point_at(self, cell_under(self, x, y));
}

static void left(GtkEventController *controller, HfCellMap *self) {
  point_at(self, -1);
}

static void entered(GtkEventControllerFocus *focus, HfCellMap *self) {
  point_at(self, self->map.pointed >= 0 ? self->map.pointed : MAX(self->map.here, 0));
}

static void released(GtkGestureClick *click, int n, double x, double y, HfCellMap *self) {
  int cell = cell_under(self, x, y);
  gtk_widget_grab_focus(GTK_WIDGET(self));
  if (cell < 0)
    return;
  point_at(self, cell);
  g_signal_emit(self, signals[CELL_CHOSEN], 0, cell);
}

static gboolean move_by_key(GtkWidget *widget, GVariant *step, gpointer data) {
  HfCellMap *self = HF_CELL_MAP(widget);
  int columns, rows;
  g_variant_get(step, "(ii)", &columns, &rows);
  int cell = self->map.pointed >= 0 ? self->map.pointed : MAX(self->map.here, 0);
  int column = cell % COLUMNS + columns, row = cell / COLUMNS + rows;
  if (column < 0 || column >= COLUMNS || row < 0 || row >= N_CELLS / COLUMNS)
    return FALSE;
  point_at(self, row * COLUMNS + column);
  return TRUE;
}

static gboolean choose_by_key(GtkWidget *widget, GVariant *nothing, gpointer data) {
  HfCellMap *self = HF_CELL_MAP(widget);
  if (self->map.pointed >= 0)
    g_signal_emit(self, signals[CELL_CHOSEN], 0, self->map.pointed);
  return TRUE;
}

static void hf_cell_map_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  HfCellMap *self = HF_CELL_MAP(widget);
  Palette palette = theme_palette(widget);
  cairo_t *cr = gtk_snapshot_append_cairo(
      snapshot, &GRAPHENE_RECT_INIT(0, 0, gtk_widget_get_width(widget), gtk_widget_get_height(widget)));
  cairo_translate(cr, MARGIN, MARGIN);
  cell_map_draw(cr, map_width(self), &self->map, &palette);
  cairo_translate(cr, 0, cell_map_height(map_width(self)) + APART);
  cell_legend_draw(cr, map_width(self), &palette);
  cairo_destroy(cr);
}

/* The map, and below it what its marks mean. */
static int height_for(double width) {
  return (int)ceil(cell_map_height(width) + APART + cell_legend_height(width) + 2 * MARGIN);
}

static void hf_cell_map_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                                int *natural, int *minimum_baseline, int *natural_baseline) {
  *minimum = *natural = LEAST;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = height_for(CLAMP(for_size, LEAST, MOST) - 2 * MARGIN);
}

static GtkSizeRequestMode hf_cell_map_request_mode(GtkWidget *widget) {
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void hf_cell_map_finalize(GObject *object) {
  for (int i = 0; i < N_CELLS; i++)
    g_free(HF_CELL_MAP(object)->reasons[i]);
  G_OBJECT_CLASS(hf_cell_map_parent_class)->finalize(object);
}

static void bind_keys(GtkWidgetClass *class) {
  static const struct {
    guint key;
    int columns, rows;
  } moves[] = {{GDK_KEY_Left, -1, 0}, {GDK_KEY_Right, 1, 0}, {GDK_KEY_Up, 0, -1}, {GDK_KEY_Down, 0, 1}};
  static const guint choosing[] = {GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_space};
  for (size_t i = 0; i < G_N_ELEMENTS(moves); i++)
    gtk_widget_class_add_binding(class, moves[i].key, 0, move_by_key, "(ii)", moves[i].columns,
                                 moves[i].rows);
  for (size_t i = 0; i < G_N_ELEMENTS(choosing); i++)
    gtk_widget_class_add_binding(class, choosing[i], 0, choose_by_key, NULL);
}

static void hf_cell_map_class_init(HfCellMapClass *class) {
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->finalize = hf_cell_map_finalize;
  widget->snapshot = hf_cell_map_snapshot;
  widget->measure = hf_cell_map_measure;
  widget->get_request_mode = hf_cell_map_request_mode;
  static const char *const names[N_SIGNALS] = {
      [CELL_POINTED] = "cell-pointed", [CELL_CHOSEN] = "cell-chosen"};
  for (int i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(names[i], HF_TYPE_CELL_MAP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                              1, G_TYPE_INT);
  bind_keys(widget);
  gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_IMG);
}

static void hf_cell_map_init(HfCellMap *self) {
  GtkWidget *widget = GTK_WIDGET(self);
  self->map.here = self->map.pointed = -1;
  gtk_widget_set_focusable(widget, TRUE);
  GtkEventController *motion = gtk_event_controller_motion_new(), *focus = gtk_event_controller_focus_new();
  GtkGesture *click = gtk_gesture_click_new();
  g_signal_connect(motion, "motion", G_CALLBACK(moved), self);
  g_signal_connect(motion, "leave", G_CALLBACK(left), self);
  g_signal_connect(focus, "enter", G_CALLBACK(entered), self);
  g_signal_connect(focus, "leave", G_CALLBACK(left), self);
  g_signal_connect(click, "released", G_CALLBACK(released), self);
  gtk_widget_add_controller(widget, motion);
  gtk_widget_add_controller(widget, focus);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(click));
  AdwStyleManager *style = adw_style_manager_get_default();
  g_signal_connect_object(style, "notify::dark", G_CALLBACK(gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(style, "notify::high-contrast", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
}

GtkWidget *hf_cell_map_new(void) {
  return g_object_new(HF_TYPE_CELL_MAP, NULL);
}

static void changed(HfCellMap *self) {
  describe(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void hf_cell_map_set_verdicts(HfCellMap *self, const Verdict *const *verdicts) {
  for (int i = 0; i < N_CELLS; i++) {
    self->map.impossible[i] = verdicts && verdicts[i]->kind == VERDICT_IMPOSSIBLE;
    g_free(self->reasons[i]);
    self->reasons[i] = self->map.impossible[i] ? g_strdup(verdicts[i]->reason) : NULL;
  }
  changed(self);
}

void hf_cell_map_set_here(HfCellMap *self, int cell) {
  self->map.here = cell;
  changed(self);
}

void hf_cell_map_set_methods(HfCellMap *self, const int *methods) {
  memcpy(self->map.methods, methods, sizeof self->map.methods);
  changed(self);
}

void hf_cell_map_set_runs(HfCellMap *self, const int *runs) {
  memcpy(self->map.runs, runs, sizeof self->map.runs);
  changed(self);
}

int hf_cell_map_runs(HfCellMap *self, int cell) {
  return self->map.runs[cell];
}

int hf_cell_map_pointed(HfCellMap *self) {
  return self->map.pointed;
}
