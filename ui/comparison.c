#include "ui/comparison.h"

#include "ui/built.h"
#include "ui/compare-curves.h"
#include "ui/scrubber.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define SCRUBBER 100000 /* its units: parts of the training */

struct _HfComparison {
  GtkWidget parent;
  GtkWidget *root, *stack, *latest;
  AdwBin *place_a, *place_b, *place_pictures, *place_scrubber;
  GtkBox *lower;
  GtkLabel *moment;
  HfRunPicker *pickers[N_SIDES];
  HfComparePictures *pictures;
  HfPlotView *curves;
  HfCompareTable *table;
  HfScrubber *scrubber;
  HfComparedRun *runs[N_SIDES];
  CurveData data[N_SIDES];
  int at[N_SIDES]; /* steps that are shown; -1: none */
  int hover;       /* step below the pointer; -1: none */
};

G_DEFINE_FINAL_TYPE(HfComparison, hf_comparison, GTK_TYPE_WIDGET)

enum { SHOWN, PICKED, SEARCH, SEEK, N_SIGNALS };
static guint signals[N_SIGNALS];

gboolean hf_comparison_is_empty(HfComparison *self) {
  return !self->runs[SIDE_A] || !self->runs[SIDE_B];
}

static CompareCurves curves_now(HfComparison *self) {
  CompareCurves curves;
  for (int side = 0; side < N_SIDES; side++) {
    curves.data[side] = &self->data[side];
    curves.at[side] = self->hover >= 0 ? self->hover : self->at[side];
  }
  return curves;
}

static void draw_curves_of(cairo_t *cr, double width, double height, const Palette *palette, gpointer data) {
  HfComparison *self = data;
  if (hf_comparison_is_empty(self))
    return;
  for (int side = 0; side < N_SIDES; side++)
    curve_data_update(&self->data[side]);
  CompareCurves curves = curves_now(self);
  compare_curves_draw(cr, width, height, palette, &curves);
}

static void tell_curves(HfComparison *self) {
  if (hf_comparison_is_empty(self) || !gtk_widget_get_mapped(GTK_WIDGET(self)))
    return;
  for (int side = 0; side < N_SIDES; side++)
    curve_data_update(&self->data[side]);
  CompareCurves curves = curves_now(self);
  g_autofree char *words = compare_curves_words(&curves, self->hover >= 0 ? self->hover : G_MAXINT);
  g_autofree char *info = self->hover >= 0 ? g_strdup_printf(_("step %d: %s"), self->hover, words)
                                           : g_strdup(_("validation bold, batches faint"));
  hf_plot_view_set_info(self->curves, info);
  if (self->hover < 0)
    hf_plot_view_describe(self->curves, words);
  hf_plot_view_changed(self->curves);
}

static void on_hover(HfComparison *self, double x, double y, double width, double height) {
  CompareCurves curves = curves_now(self);
  int step = hf_comparison_is_empty(self) ? -1 : compare_curves_step_at(width, height, &curves, x, y);
  if (step == self->hover)
    return;
  self->hover = step;
  tell_curves(self);
}

/* The longer run's share of a step. */
static void on_curve_picked(HfComparison *self, double x, double y, double width, double height) {
  if (hf_comparison_is_empty(self))
    return;
  CompareCurves curves = curves_now(self);
  int step = compare_curves_step_at(width, height, &curves, x, y),
      total = MAX(self->runs[SIDE_A]->total_steps, self->runs[SIDE_B]->total_steps);
  if (step >= 0)
    g_signal_emit(self, signals[SEEK], 0, (double)step / total);
}

static void on_scrubbed(HfComparison *self, int at) {
  g_signal_emit(self, signals[SEEK], 0, (double)at / SCRUBBER);
}

static void on_seek_by(GSimpleAction *action, GVariant *parameter, HfComparison *self) {
  int at = hf_scrubber_neighbour(self->scrubber, g_variant_get_int32(parameter));
  if (at >= 0)
    on_scrubbed(self, at);
}

static void on_picked(HfComparison *self, const char *id, HfRunPicker *picker) {
  g_signal_emit(self, signals[PICKED], 0, picker == self->pickers[SIDE_A] ? SIDE_A : SIDE_B, id);
}

static void on_search(HfComparison *self, const char *text) {
  g_signal_emit(self, signals[SEARCH], 0, text);
}

static int ascending(gconstpointer a, gconstpointer b) {
  return *(const int *)a - *(const int *)b;
}

/* The stored moments of both, as parts of the training. */
static void show_moments(HfComparison *self) {
  g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(int));
  for (int side = 0; side < N_SIDES; side++)
    for (guint i = 0; i < self->runs[side]->stored->len; i++) {
      double step = g_array_index(self->runs[side]->stored, int, i);
      int mark = (int)ceil(step * SCRUBBER / self->runs[side]->total_steps - 1e-9);
      g_array_append_val(marks, mark);
    }
  g_array_sort(marks, ascending);
  for (guint i = marks->len; i-- > 1;)
    if (g_array_index(marks, int, i) == g_array_index(marks, int, i - 1))
      g_array_remove_index(marks, i);
  hf_scrubber_set_steps(self->scrubber, (const int *)(gpointer)marks->data, (int)marks->len, SCRUBBER);
}

static void tell_moment(HfComparison *self) {
  if (hf_comparison_is_empty(self))
    return;
  g_autofree char *markup = g_markup_printf_escaped(
      _("A step <b>%d</b> of %d · B step <b>%d</b> of %d"), MAX(self->at[SIDE_A], 0),
      self->runs[SIDE_A]->total_steps, MAX(self->at[SIDE_B], 0), self->runs[SIDE_B]->total_steps);
  gtk_label_set_markup(self->moment, markup);
}

static void hf_comparison_map(GtkWidget *widget) {
  GTK_WIDGET_CLASS(hf_comparison_parent_class)->map(widget);
  tell_curves(HF_COMPARISON(widget));
  g_signal_emit(widget, signals[SHOWN], 0);
}

static void hf_comparison_dispose(GObject *object) {
  HfComparison *self = HF_COMPARISON(object);
  g_clear_pointer(&self->root, gtk_widget_unparent);
  for (int side = 0; side < N_SIDES; side++)
    g_clear_pointer(&self->runs[side], hf_compared_run_free);
  G_OBJECT_CLASS(hf_comparison_parent_class)->dispose(object);
}

static void hf_comparison_finalize(GObject *object) {
  for (int side = 0; side < N_SIDES; side++)
    curve_data_clear(&HF_COMPARISON(object)->data[side]);
  G_OBJECT_CLASS(hf_comparison_parent_class)->finalize(object);
}

static void hf_comparison_class_init(HfComparisonClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = hf_comparison_dispose;
  G_OBJECT_CLASS(class)->finalize = hf_comparison_finalize;
  widget_class->map = hf_comparison_map;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_bracketleft, 0, "win.compare-seek-by", "i", -1);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_bracketright, 0, "win.compare-seek-by", "i", 1);
  GType type = HF_TYPE_COMPARISON;
  signals[SHOWN] = g_signal_new("shown", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PICKED] = g_signal_new("picked", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                 G_TYPE_INT, G_TYPE_STRING);
  signals[SEARCH] =
      g_signal_new("search", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SEEK] =
      g_signal_new("seek", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void make_pickers(HfComparison *self) {
  const char *const titles[N_SIDES] = {_("Choose run A"), _("Choose run B")};
  AdwBin *places[N_SIDES] = {self->place_a, self->place_b};
  for (int side = 0; side < N_SIDES; side++) {
    self->pickers[side] = HF_RUN_PICKER(hf_run_picker_new(titles[side]));
    g_signal_connect_object(self->pickers[side], "picked", G_CALLBACK(on_picked), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->pickers[side], "search", G_CALLBACK(on_search), self, G_CONNECT_SWAPPED);
    adw_bin_set_child(places[side], GTK_WIDGET(self->pickers[side]));
  }
}

static void hf_comparison_init(HfComparison *self) {
  static const BuiltChild children[] = {BUILT_CHILD(HfComparison, stack),
                                        BUILT_CHILD(HfComparison, latest),
                                        BUILT_CHILD(HfComparison, place_a),
                                        BUILT_CHILD(HfComparison, place_b),
                                        BUILT_CHILD(HfComparison, place_pictures),
                                        BUILT_CHILD(HfComparison, place_scrubber),
                                        BUILT_CHILD(HfComparison, lower),
                                        BUILT_CHILD(HfComparison, moment),
                                        {NULL}};
  self->hover = -1;
  for (int side = 0; side < N_SIDES; side++) {
    curve_data_init(&self->data[side]);
    self->at[side] = -1;
  }
  self->root = built_load("comparison.ui", "root", self, children);
  gtk_widget_set_parent(self->root, GTK_WIDGET(self));
  g_object_unref(self->root); /* the parent has it now */
  make_pickers(self);
  self->pictures = HF_COMPARE_PICTURES(hf_compare_pictures_new());
  adw_bin_set_child(self->place_pictures, GTK_WIDGET(self->pictures));
  self->curves = HF_PLOT_VIEW(hf_plot_view_new(_("Curves"), draw_curves_of, self));
  g_signal_connect_swapped(self->curves, "hover", G_CALLBACK(on_hover), self);
  g_signal_connect_swapped(self->curves, "picked", G_CALLBACK(on_curve_picked), self);
  gtk_box_append(self->lower, GTK_WIDGET(self->curves));
  self->table = HF_COMPARE_TABLE(hf_compare_table_new());
  gtk_box_append(self->lower, GTK_WIDGET(self->table));
  self->scrubber = HF_SCRUBBER(hf_scrubber_new());
  hf_scrubber_set_percent(self->scrubber, TRUE);
  gtk_widget_set_valign(GTK_WIDGET(self->scrubber), GTK_ALIGN_CENTER);
  g_signal_connect_swapped(self->scrubber, "seek", G_CALLBACK(on_scrubbed), self);
  adw_bin_set_child(self->place_scrubber, GTK_WIDGET(self->scrubber));
}

GtkWidget *hf_comparison_new(void) {
  return g_object_new(HF_TYPE_COMPARISON, NULL);
}

void hf_comparison_add_actions(HfComparison *self, GActionMap *map) {
  hf_compare_pictures_add_actions(self->pictures, map);
  hf_compare_table_add_actions(self->table, map);
  g_autoptr(GSimpleAction) seek_by = g_simple_action_new("compare-seek-by", G_VARIANT_TYPE_INT32);
  g_signal_connect_object(seek_by, "activate", G_CALLBACK(on_seek_by), self, 0);
  g_action_map_add_action(map, G_ACTION(seek_by));
}

void hf_comparison_set_choices(HfComparison *self, const HfRunChoice *choices, int n) {
  for (int side = 0; side < N_SIDES; side++)
    hf_run_picker_set_choices(self->pickers[side], choices, n);
}

void hf_comparison_set_latest(HfComparison *self, const char *a, const char *b) {
  gtk_widget_set_visible(self->latest, a && b);
  if (a && b)
    gtk_actionable_set_action_target(GTK_ACTIONABLE(self->latest), "(ss)", a, b);
}

void hf_comparison_set_chosen(HfComparison *self, CompareSide side, const HfRunChoice *choice) {
  hf_run_picker_set_chosen(self->pickers[side], choice);
}

void hf_comparison_set_run(HfComparison *self, CompareSide side, HfComparedRun *run) {
  curve_data_set(&self->data[side], run ? run->series : NULL);
  g_clear_pointer(&self->runs[side], hf_compared_run_free);
  self->runs[side] = run;
  self->at[side] = self->hover = -1;
  bool empty = hf_comparison_is_empty(self);
  if (!empty) {
    show_moments(self);
    tell_moment(self);
    tell_curves(self);
  }
  gtk_stack_set_visible_child_name(GTK_STACK(self->stack), empty ? "empty" : "content");
}

void hf_comparison_set_moment(HfComparison *self, CompareSide side, HfComparedMoment *moment) {
  self->at[side] = moment ? moment->step : -1;
  hf_compare_pictures_set_moment(self->pictures, side, moment);
  tell_moment(self);
  tell_curves(self);
}

void hf_comparison_set_share(HfComparison *self, double share) {
  hf_scrubber_set_step(self->scrubber, (int)lround(CLAMP(share, 0, 1) * SCRUBBER), SCRUBBER);
}

const HfComparedRun *hf_comparison_get_run(HfComparison *self, CompareSide side) {
  return self->runs[side];
}

HfComparePictures *hf_comparison_get_pictures(HfComparison *self) {
  return self->pictures;
}

HfCompareTable *hf_comparison_get_table(HfComparison *self) {
  return self->table;
}

HfPlotView *hf_comparison_get_curves(HfComparison *self) {
  return self->curves;
}

HfRunPicker *hf_comparison_get_picker(HfComparison *self, CompareSide side) {
  return self->pickers[side];
}
