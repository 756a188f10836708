#include "ui/pipeline.h"

#include "ui/pipeline-arrow.h"
#include "ui/pipeline-groups.h"

#include <glib/gi18n.h>

#define MOST_HEIGHT  420 /* pixels, of details */
#define MOST_LETTERS 24  /* of a line that is somebody's name for something */

/* A stage's place in the strip. */
typedef struct {
  GtkWidget *arrow;  /* in front of it; NULL: it is the first */
  GtkWidget *button; /* GtkMenuButton */
  int width;         /* pixels, with the stage's own words */
  int frame;         /* of that, beside the longest line */
} Place;

struct _HfPipeline {
  GtkBox parent_instance;
  GtkAdjustment *place; /* of what is seen of the strip; the scrolled window's */
  GtkBox *strip;
  GArray *places;      /* Place: one a stage; widgets are borrowed from the strip */
  GPtrArray *stages;   /* that are shown; NULL: none yet */
  GArray *groups;      /* StageGroup: which of them stand as one */
  int between, around; /* pixels: an arrow, and the strip's own */
  int width;           /* that it was fitted for */
};

G_DEFINE_TYPE(HfPipeline, hf_pipeline, GTK_TYPE_BOX)

static void hf_pipeline_finalize(GObject *object) {
  HfPipeline *self = HF_PIPELINE(object);
  g_array_unref(self->places);
  g_array_unref(self->groups);
  g_clear_pointer(&self->stages, g_ptr_array_unref);
  G_OBJECT_CLASS(hf_pipeline_parent_class)->finalize(object);
}

static void fit(HfPipeline *self);

static gboolean fit_later(gpointer self) {
  fit(self);
  return G_SOURCE_REMOVE;
}

/* Stages come and go after the allocation, which the new width is a part of. */
static void width_changed(HfPipeline *self) {
  int width = (int)gtk_adjustment_get_page_size(self->place);
  if (width == self->width)
    return;
  self->width = width;
  g_idle_add_full(GTK_PRIORITY_RESIZE - 1, fit_later, g_object_ref(self), g_object_unref);
}

static void hf_pipeline_class_init(HfPipelineClass *class) {
  G_OBJECT_CLASS(class)->finalize = hf_pipeline_finalize;
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void hf_pipeline_init(HfPipeline *self) {
  GtkWidget *scroller = gtk_scrolled_window_new();
  self->places = g_array_new(FALSE, TRUE, sizeof(Place));
  self->groups = g_array_new(FALSE, FALSE, sizeof(StageGroup));
  self->strip = GTK_BOX(gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0));
  gtk_widget_set_halign(GTK_WIDGET(self->strip), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(GTK_WIDGET(self->strip), "hf-pipeline");
  gtk_accessible_update_property(GTK_ACCESSIBLE(scroller), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Pipeline"), -1);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(self->strip));
  gtk_widget_set_hexpand(scroller, TRUE);
  self->place = gtk_scrolled_window_get_hadjustment(GTK_SCROLLED_WINDOW(scroller));
  g_signal_connect_object(self->place, "notify::page-size", G_CALLBACK(width_changed), self,
                          G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(self), scroller);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Pipeline"), -1);
}

GtkWidget *hf_pipeline_new(void) {
  return g_object_new(HF_TYPE_PIPELINE, NULL);
}

static GtkWidget *short_line(const char *css) {
  GtkWidget *label = gtk_label_new(NULL);
  gtk_widget_add_css_class(label, css);
  return label;
}

static void open_details(GtkMenuButton *button, gpointer data);

static void add_place(HfPipeline *self) {
  Place place = {.arrow = self->places->len > 0 ? hf_pipeline_arrow_new() : NULL,
                 .button = gtk_menu_button_new()};
  GtkMenuButton *button = GTK_MENU_BUTTON(place.button);
  GtkWidget *lines = gtk_box_new(GTK_ORIENTATION_VERTICAL, 1);
  if (place.arrow)
    gtk_box_append(self->strip, place.arrow);
  gtk_widget_set_valign(lines, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(lines), short_line("hf-stage-title"));
  gtk_box_append(GTK_BOX(lines), short_line("hf-note"));
  gtk_box_append(GTK_BOX(lines), short_line("hf-note"));
  gtk_menu_button_set_child(button, lines);
  gtk_menu_button_set_popover(button, gtk_popover_new());
  gtk_menu_button_set_create_popup_func(button, open_details, self, NULL);
  gtk_widget_add_css_class(place.button, "hf-stage");
  gtk_widget_set_valign(place.button, GTK_ALIGN_CENTER);
  gtk_box_append(self->strip, place.button);
  g_array_append_val(self->places, place);
}

static void set_css(GtkWidget *widget, const char *name, bool on) {
  (on ? gtk_widget_add_css_class : gtk_widget_remove_css_class)(widget, name);
}

static GtkWidget *detail_label(const char *text, const char *css) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 40);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_set_valign(label, GTK_ALIGN_START);
  if (css)
    gtk_widget_add_css_class(label, css);
  return label;
}

static GtkWidget *detail_title(const char *markup) {
  GtkWidget *title = detail_label(NULL, "hf-title");
  gtk_label_set_markup(GTK_LABEL(title), markup);
  return title;
}

/* Names and values.  (transfer floating) */
static GtkWidget *detail_grid(const Stage *stage) {
  GtkWidget *grid = gtk_grid_new();
  gtk_grid_set_column_spacing(GTK_GRID(grid), 12);
  gtk_grid_set_row_spacing(GTK_GRID(grid), 3);
  for (guint i = 0; i + 1 < stage->details->len; i += 2) {
    const char *value = g_ptr_array_index(stage->details, i + 1);
    GtkWidget *label = detail_label(value ? value : _("not said"), NULL);
    gtk_label_set_selectable(GTK_LABEL(label), TRUE);
    gtk_widget_set_focusable(label, FALSE);
    gtk_grid_attach(GTK_GRID(grid), detail_label(g_ptr_array_index(stage->details, i), "hf-key"), 0,
                    (int)i / 2, 1, 1);
    gtk_grid_attach(GTK_GRID(grid), label, 1, (int)i / 2, 1, 1);
  }
  return grid;
}

/* A block among others: its details unfold.  (transfer floating) */
static GtkWidget *folded_details(const Stage *stage) {
  g_autofree char *label = g_strdup_printf("%s  %s", stage->title, stage->shape);
  GtkWidget *expander = gtk_expander_new(NULL);
  gtk_expander_set_label_widget(GTK_EXPANDER(expander), detail_title(label));
  gtk_expander_set_child(GTK_EXPANDER(expander), detail_grid(stage));
  return expander;
}

/* (transfer floating) */
static GtkWidget *details(HfPipeline *self, const StageGroup *group) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  const Stage *first = g_ptr_array_index(self->stages, group->first);
  g_autofree char *name = stage_group_name(self->stages, group);
  bool alone = group->first == group->last;
  gtk_widget_add_css_class(box, "hf-detail");
  gtk_box_append(GTK_BOX(box), detail_title(alone ? first->title : name));
  gtk_box_append(GTK_BOX(box), detail_label(first->help, NULL));
  if (alone)
    gtk_box_append(GTK_BOX(box), detail_grid(first));
  for (guint i = group->first; i <= group->last && !alone; i++)
    gtk_box_append(GTK_BOX(box), folded_details(g_ptr_array_index(self->stages, i)));
  return box;
}

/* Many blocks scroll.  (transfer floating) */
static GtkWidget *details_scroller(GtkWidget *child) {
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_width(GTK_SCROLLED_WINDOW(scroller), TRUE);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scroller), TRUE);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scroller), MOST_HEIGHT);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), child);
  return scroller;
}

/* When they are looked at. */
static void open_details(GtkMenuButton *button, gpointer data) {
  HfPipeline *self = data;
  for (guint i = 0; i < self->groups->len; i++) {
    const StageGroup *group = &g_array_index(self->groups, StageGroup, i);
    if (g_array_index(self->places, Place, group->first).button == GTK_WIDGET(button))
      gtk_popover_set_child(gtk_menu_button_get_popover(button), details_scroller(details(self, group)));
  }
}

/* Only a very long name is shortened. */
static void show_line(GtkWidget *label, const char *text) {
  bool lengthy = text && g_utf8_strlen(text, -1) > MOST_LETTERS;
  gtk_label_set_text(GTK_LABEL(label), text ? text : "");
  gtk_label_set_ellipsize(GTK_LABEL(label), lengthy ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  gtk_label_set_width_chars(GTK_LABEL(label), lengthy ? MOST_LETTERS : -1);
  gtk_label_set_max_width_chars(GTK_LABEL(label), lengthy ? MOST_LETTERS : -1);
  gtk_widget_set_visible(label, text != NULL);
}

static void show_group(HfPipeline *self, const StageGroup *group) {
  static const struct {
    StageKind kind;
    const char *css;
  } looks[] = {
      {STAGE_MANIPULATION, "manipulation"}, {STAGE_FROZEN, "frozen"}, {STAGE_ALIGNMENT, "alignment"}};
  const Stage *stage = g_ptr_array_index(self->stages, group->first);
  GtkWidget *button = g_array_index(self->places, Place, group->first).button;
  GtkWidget *title = gtk_widget_get_first_child(gtk_menu_button_get_child(GTK_MENU_BUTTON(button)));
  GtkWidget *shape = gtk_widget_get_next_sibling(title);
  g_autofree char *name = stage_group_name(self->stages, group);
  g_autofree char *shapes = stage_group_shape(self->stages, group);
  gtk_label_set_markup(GTK_LABEL(title), group->first == group->last ? stage->title : name);
  show_line(shape, shapes);
  show_line(gtk_widget_get_next_sibling(shape), stage->note);
  for (size_t i = 0; i < G_N_ELEMENTS(looks); i++)
    set_css(button, looks[i].css, looks[i].kind == stage->kind);
  set_css(button, "site", stage->site);
  g_autofree char *label =
      g_strdup_printf("%s: %s%s%s%s", name, shapes, stage->note ? ", " : "", stage->note ? stage->note : "",
                      stage->site ? _(", the pattern enters here") : "");
  gtk_widget_set_tooltip_text(button, label);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, stage->help, -1);
}

static int natural_width(GtkWidget *widget) {
  int width;
  gtk_widget_measure(widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  return width;
}

/* What its longest line takes of a button. */
static int line_width(GtkWidget *button) {
  GtkWidget *line = gtk_widget_get_first_child(gtk_menu_button_get_child(GTK_MENU_BUTTON(button)));
  int most = 0;
  for (; line; line = gtk_widget_get_next_sibling(line))
    most = MAX(most, natural_width(line));
  return most;
}

static int text_width(GtkWidget *line, const char *text) {
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(line, text);
  int width;
  pango_layout_get_pixel_size(layout, &width, NULL);
  return width;
}

static int group_width(guint i, const char *title, const char *shape, gpointer data) {
  const Place *place = &g_array_index(((HfPipeline *)data)->places, Place, i);
  GtkWidget *line = gtk_widget_get_first_child(gtk_menu_button_get_child(GTK_MENU_BUTTON(place->button)));
  return place->frame + MAX(text_width(line, title), text_width(gtk_widget_get_next_sibling(line), shape));
}

static void set_visible(const Place *place, bool visible) {
  gtk_widget_set_visible(place->button, visible);
  if (place->arrow)
    gtk_widget_set_visible(place->arrow, visible);
}

/* Every stage on its own, and how much room that takes. */
static void show_all(HfPipeline *self) {
  int sum = 0;
  for (guint i = 0; i < self->places->len; i++) {
    Place *place = &g_array_index(self->places, Place, i);
    StageGroup alone = {i, i, 0};
    show_group(self, &alone);
    set_visible(place, true);
    place->width = natural_width(place->button);
    place->frame = place->width - line_width(place->button);
    self->between = place->arrow ? natural_width(place->arrow) : 0;
    sum += place->width + self->between;
  }
  self->around = MAX(0, natural_width(GTK_WIDGET(self->strip)) - sum);
}

static void show_groups(HfPipeline *self, GArray *groups) {
  for (guint i = 0; i < groups->len; i++) {
    const StageGroup *group = &g_array_index(groups, StageGroup, i);
    for (guint k = group->first; k <= group->last; k++)
      set_visible(&g_array_index(self->places, Place, k), k == group->first);
    show_group(self, group);
  }
  g_array_unref(self->groups);
  self->groups = groups;
}

static void fit(HfPipeline *self) {
  guint n = self->stages ? self->stages->len : 0;
  g_autofree int *widths = g_new(int, n);
  for (guint i = 0; i < n; i++)
    widths[i] = g_array_index(self->places, Place, i).width;
  int available = self->width > 0 ? self->width - self->around : G_MAXINT;
  if (n > 0)
    show_groups(self, pipeline_groups(self->stages, widths, self->between, available, group_width, self));
}

static void clear(HfPipeline *self) {
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(self->strip))))
    gtk_box_remove(self->strip, child);
  g_array_set_size(self->places, 0);
}

/* Buttons stay as long as their number does, so that the keyboard's focus stays too. */
void hf_pipeline_set(HfPipeline *self, const FrozenModel *model, const RunSpec *spec, const SampleSet *set,
                     const ChoiceFacts *facts) {
  g_clear_pointer(&self->stages, g_ptr_array_unref);
  self->stages = pipeline_stages(model, spec, set, facts);
  if (self->stages->len != self->places->len)
    clear(self);
  while (self->places->len < self->stages->len)
    add_place(self);
  show_all(self);
  fit(self);
}

GtkMenuButton *hf_pipeline_stage(HfPipeline *self, guint i) {
  return i < self->places->len ? GTK_MENU_BUTTON(g_array_index(self->places, Place, i).button) : NULL;
}
