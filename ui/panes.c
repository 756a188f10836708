#include "ui/panes.h"

#include "ui/pane-menu.h"
#include "ui/panes-actions.h"
#include "ui/panes-layout.h"
#include "ui/panes-words.h"
#include "ui/probe-bar.h"
#include "ui/sample-controls.h"
#include "ui/snapshot-pictures.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define DESCRIBE_EVERY 1000 /* milliseconds: a screen reader cannot follow every step */

struct _HfPanes {
  GtkWidget parent;
  GtkWidget *stack, *scrolled, *empty, *grid;
  HfPictureView *pictures[N_PICTURE_PANES];
  GtkWidget *pattern; /* a stack: the picture, or what is inside f */
  HfInsideView *inside;
  SampleControls samples;
  HfProbeBar *probe;
  Plots plots;
  HfLens *lens;
  HfSnapshot *snapshot; /* the newest */
  HfSnapshot *applied;  /* borrowed: what is shown; never followed */
  gboolean curves_due;
  Tensor *placed; /* that the shown sample was cut out of; a counted reference */
  PanesActions *actions;
  guint describe;
};

G_DEFINE_FINAL_TYPE(HfPanes, hf_panes, GTK_TYPE_WIDGET)

static guint seek_signal;

double hf_panes_get_factor(HfPanes *self) {
  double lock = panes_actions_locked(self->actions);
  PatternRange range = hf_picture_view_get_range(self->pictures[PANE_PATTERN]);
  return lock > 0 ? lock : range.factor > 0 ? range.factor : 1;
}

void hf_panes_tell_factor(HfPanes *self) {
  hf_probe_bar_set_factor(self->probe, hf_panes_get_factor(self), panes_actions_locked(self->actions) > 0);
}

static void read_pixel(HfPanes *self) {
  int x, y;
  bool pointed = self->applied && hf_lens_get_cursor(self->lens, &x, &y);
  g_autofree char *reading = pointed ? panes_reading(self, x, y) : NULL;
  hf_probe_bar_set_reading(self->probe, reading);
}

static gboolean describe_now(gpointer data) {
  HfPanes *self = data;
  self->describe = 0;
  if (gtk_widget_get_mapped(GTK_WIDGET(self))) {
    for (int i = 0; i < N_PICTURE_PANES; i++)
      hf_picture_view_describe(self->pictures[i]);
    hf_inside_view_describe(self->inside);
    plots_describe(&self->plots);
  }
  return G_SOURCE_REMOVE;
}

static void describe_soon(HfPanes *self) {
  if (!self->describe)
    self->describe = g_timeout_add(DESCRIBE_EVERY, describe_now, self);
}

/* A sample stays for many steps: it is cut out once. */
static void show_sample(HfPanes *self, const HfSnapshot *shown) {
  graphene_rect_t frame = snapshot_frame(shown);
  hf_picture_view_set_frame(self->pictures[PANE_SAMPLE], &frame);
  hf_picture_view_set_text(self->pictures[PANE_SAMPLE], shown->text, 0);
  hf_picture_view_set_text(self->pictures[PANE_RECEIVED], shown->text, shown->prompt_tokens);
  if (shown->picture == self->placed)
    return;
  tensor_unref(self->placed);
  self->placed = shown->picture ? tensor_ref(shown->picture) : NULL;
  g_autoptr(Tensor) sample = snapshot_sample(shown);
  hf_picture_view_set_picture(self->pictures[PANE_SAMPLE], sample);
}

/* Where nothing happens at the input there is no difference to see. */
static void show_inside(HfPanes *self, const HfSnapshot *shown) {
  GtkWidget *picture = GTK_WIDGET(self->pictures[PANE_PATTERN]);
  gtk_stack_set_visible_child(GTK_STACK(self->pattern), shown->parts ? GTK_WIDGET(self->inside) : picture);
  gtk_widget_set_visible(GTK_WIDGET(self->pictures[PANE_DIFFERENCE]), !shown->only_inside);
  hf_inside_view_set_parts(self->inside, shown->parts);
}

/* A text has no pixels, and a pattern that is inside f only no picture that could be amplified. */
static void show_probe(HfPanes *self, const HfSnapshot *shown) {
  gtk_widget_set_visible(GTK_WIDGET(self->probe), shown->received != NULL);
  hf_probe_bar_show_controls(self->probe, !shown->only_inside);
}

static void show_pictures(HfPanes *self, const HfSnapshot *shown) {
  if (shown->received)
    hf_lens_set_grid(self->lens, (int)shown->received->shape.dim[2], (int)shown->received->shape.dim[1]);
  show_sample(self, shown);
  sample_controls_tell(&self->samples, shown->sample, shown->n_samples);
  show_inside(self, shown);
  show_probe(self, shown);
  g_autoptr(Tensor) difference = snapshot_difference(shown);
  hf_picture_view_set_pattern(self->pictures[PANE_PATTERN], shown->only_inside ? NULL : shown->pattern,
                              shown->mask, shown->neutral);
  hf_picture_view_set_picture(self->pictures[PANE_RECEIVED], shown->received);
  hf_picture_view_set_pattern(self->pictures[PANE_DIFFERENCE], difference, NULL, 0);
  panes_tell_infos(self, shown);
}

/* Brings everything on the screen to the newest state, if it is on the screen. */
static void refresh(HfPanes *self) {
  if (!gtk_widget_get_mapped(GTK_WIDGET(self)))
    return;
  gtk_stack_set_visible_child(GTK_STACK(self->stack), self->snapshot ? self->scrolled : self->empty);
  if (self->curves_due) {
    self->curves_due = FALSE;
    curve_data_update(&self->plots.data);
    plots_curves_changed(&self->plots);
    describe_soon(self);
  }
  HfSnapshot *shown = self->snapshot;
  if (!shown || shown == self->applied)
    return;
  self->applied = shown;
  show_pictures(self, shown);
  plots_set_snapshot(&self->plots, shown);
  read_pixel(self);
  hf_panes_tell_factor(self);
  describe_soon(self);
}

static void hf_panes_map(GtkWidget *widget) {
  GTK_WIDGET_CLASS(hf_panes_parent_class)->map(widget);
  refresh(HF_PANES(widget));
}

static void on_curve_picked(HfPlotView *view, double x, double y, double width, double height,
                            HfPanes *self) {
  int step = plots_step_at(&self->plots, x, y, width, height);
  if (step >= 0)
    g_signal_emit(self, seek_signal, 0, step);
}

static void hf_panes_dispose(GObject *object) {
  HfPanes *self = HF_PANES(object);
  g_clear_handle_id(&self->describe, g_source_remove);
  if (self->stack)
    plots_clear(&self->plots);
  g_clear_pointer(&self->stack, gtk_widget_unparent);
  if (self->lens)
    g_signal_handlers_disconnect_by_data(self->lens, self);
  g_clear_object(&self->lens);
  g_clear_pointer(&self->actions, panes_actions_free);
  g_clear_pointer(&self->placed, tensor_unref);
  g_clear_pointer(&self->snapshot, hf_snapshot_unref);
  G_OBJECT_CLASS(hf_panes_parent_class)->dispose(object);
}

static void hf_panes_class_init(HfPanesClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = hf_panes_dispose;
  widget_class->map = hf_panes_map;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  seek_signal =
      g_signal_new("seek", HF_TYPE_PANES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static GtkWidget *make_pattern(HfPanes *self) {
  self->pattern = gtk_stack_new();
  self->inside = HF_INSIDE_VIEW(hf_inside_view_new());
  gtk_stack_add_child(GTK_STACK(self->pattern), GTK_WIDGET(self->pictures[PANE_PATTERN]));
  gtk_stack_add_child(GTK_STACK(self->pattern), GTK_WIDGET(self->inside));
  return self->pattern;
}

static void make_grid(HfPanes *self) {
  static const char *const titles[N_PICTURE_PANES] = {
      [PANE_SAMPLE] = N_("Sample x"),
      [PANE_PATTERN] = N_("Pattern δ"),
      [PANE_RECEIVED] = N_("What f sees"),
      [PANE_DIFFERENCE] = N_("Difference"),
  };
  self->grid = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_layout_manager(self->grid, hf_panes_layout_new(N_PICTURE_PANES));
  for (int i = 0; i < N_PICTURE_PANES; i++) {
    self->pictures[i] = HF_PICTURE_VIEW(hf_picture_view_new(_(titles[i]), self->lens));
    gtk_box_append(GTK_BOX(self->grid),
                   i == PANE_PATTERN ? make_pattern(self) : GTK_WIDGET(self->pictures[i]));
  }
  self->probe = HF_PROBE_BAR(hf_probe_bar_new());
  gtk_box_append(GTK_BOX(self->grid), GTK_WIDGET(self->probe));
  HfPlotView *plots[] = {self->plots.confidence, self->plots.label_map, self->plots.curves};
  for (guint i = 0; i < G_N_ELEMENTS(plots); i++)
    gtk_box_append(GTK_BOX(self->grid), GTK_WIDGET(plots[i]));
}

static void attach_menus(HfPanes *self) {
  static const char *const names[N_PICTURE_PANES] = {[PANE_SAMPLE] = "sample",
                                                     [PANE_PATTERN] = "pattern",
                                                     [PANE_RECEIVED] = "received",
                                                     [PANE_DIFFERENCE] = "difference"};
  for (int i = 0; i < N_PICTURE_PANES; i++)
    pane_menu_attach(GTK_WIDGET(self->pictures[i]), names[i], "pictures");
  pane_menu_attach(GTK_WIDGET(self->inside), "pattern", "pictures");
  pane_menu_attach(GTK_WIDGET(self->plots.confidence), "confidence", NULL);
  pane_menu_attach(GTK_WIDGET(self->plots.label_map), "label-map", NULL);
  pane_menu_attach(GTK_WIDGET(self->plots.curves), "curves", NULL);
}

static void on_lens(HfPanes *self) {
  read_pixel(self);
}

static void hf_panes_init(HfPanes *self) {
  self->lens = hf_lens_new();
  g_signal_connect_swapped(self->lens, "changed", G_CALLBACK(on_lens), self);
  plots_init(&self->plots);
  g_signal_connect(self->plots.curves, "picked", G_CALLBACK(on_curve_picked), self);
  make_grid(self);
  self->actions = panes_actions_new(self);
  attach_menus(self);
  hf_picture_view_set_map(self->pictures[PANE_DIFFERENCE], MAP_DIVERGING);
  sample_controls_add(&self->samples, self->pictures[PANE_SAMPLE]);

  self->empty = adw_status_page_new();
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(self->empty), "view-grid-symbolic");
  adw_status_page_set_title(ADW_STATUS_PAGE(self->empty), _("Watch a pattern grow"));
  adw_status_page_set_description(ADW_STATUS_PAGE(self->empty),
                                  _("Press Run. Here you will see a sample, the pattern that is learned, "
                                    "what the frozen network receives, and "
                                    "the difference; below them how sure it is, which of its answers stand "
                                    "for which class, and the curves."));
  self->scrolled = gtk_scrolled_window_new();
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->scrolled), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Pictures and plots"), -1);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_margin_start(self->grid, 10);
  gtk_widget_set_margin_end(self->grid, 10);
  gtk_widget_set_margin_top(self->grid, 10);
  gtk_widget_set_margin_bottom(self->grid, 10);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->scrolled), self->grid);
  self->stack = gtk_stack_new();
  gtk_stack_set_vhomogeneous(GTK_STACK(self->stack), FALSE);
  gtk_stack_add_child(GTK_STACK(self->stack), self->empty);
  gtk_stack_add_child(GTK_STACK(self->stack), self->scrolled);
  gtk_widget_set_parent(self->stack, GTK_WIDGET(self));
}

GtkWidget *hf_panes_new(void) {
  return g_object_new(HF_TYPE_PANES, NULL);
}

void hf_panes_add_actions(HfPanes *self, GActionMap *map) {
  panes_actions_add(self->actions, map);
}

void hf_panes_set_snapshot(HfPanes *self, HfSnapshot *snapshot) {
  if (snapshot == self->snapshot)
    return;
  if (snapshot)
    hf_snapshot_ref(snapshot);
  /* What is applied may go now: its address must not be taken for the next one's. */
  self->applied = NULL;
  g_clear_pointer(&self->snapshot, hf_snapshot_unref);
  self->snapshot = snapshot;
  refresh(self);
}

void hf_panes_set_series(HfPanes *self, const HfSeries *series) {
  curve_data_set(&self->plots.data, series);
  self->curves_due = TRUE;
  refresh(self);
}

void hf_panes_series_changed(HfPanes *self) {
  self->curves_due = TRUE;
  refresh(self);
}

void hf_panes_set_cursor_step(HfPanes *self, int step) {
  plots_set_cursor(&self->plots, step);
}

void hf_panes_choose_sample(HfPanes *self) {
  if (self->snapshot && gtk_widget_get_mapped(GTK_WIDGET(self)))
    gtk_menu_button_popup(self->samples.number);
}

HfSamplePicker *hf_panes_get_samples(HfPanes *self) {
  return self->samples.picker;
}

HfInsideView *hf_panes_get_inside(HfPanes *self) {
  return self->inside;
}

HfLens *hf_panes_get_lens(HfPanes *self) {
  return self->lens;
}

HfPictureView *hf_panes_get_picture(HfPanes *self, PicturePane which) {
  return self->pictures[which];
}

const Plots *hf_panes_get_plots(HfPanes *self) {
  return &self->plots;
}
