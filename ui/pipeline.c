#include "ui/pipeline.h"

#include "ui/pipeline-arrow.h"

#include <glib/gi18n.h>

struct _HfPipeline {
  GtkBox parent_instance;
  GtkBox *strip;
  GPtrArray *buttons; /* GtkMenuButton *, borrowed from the strip */
};

G_DEFINE_TYPE(HfPipeline, hf_pipeline, GTK_TYPE_BOX)

static void hf_pipeline_finalize(GObject *object) {
  g_ptr_array_unref(HF_PIPELINE(object)->buttons);
  G_OBJECT_CLASS(hf_pipeline_parent_class)->finalize(object);
}

static void hf_pipeline_class_init(HfPipelineClass *class) {
  G_OBJECT_CLASS(class)->finalize = hf_pipeline_finalize;
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void hf_pipeline_init(HfPipeline *self) {
  GtkWidget *scroller = gtk_scrolled_window_new();
  self->buttons = g_ptr_array_new();
  self->strip = GTK_BOX(gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0));
  gtk_widget_set_halign(GTK_WIDGET(self->strip), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(GTK_WIDGET(self->strip), "hf-pipeline");
  gtk_accessible_update_property(GTK_ACCESSIBLE(scroller), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Pipeline"), -1);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(self->strip));
  gtk_widget_set_hexpand(scroller, TRUE);
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

static GtkMenuButton *add_button(HfPipeline *self) {
  GtkWidget *button = gtk_menu_button_new(), *lines = gtk_box_new(GTK_ORIENTATION_VERTICAL, 1);
  if (self->buttons->len > 0)
    gtk_box_append(self->strip, hf_pipeline_arrow_new());
  gtk_widget_set_valign(lines, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(lines), short_line("hf-stage-title"));
  gtk_box_append(GTK_BOX(lines), short_line("hf-note"));
  gtk_box_append(GTK_BOX(lines), short_line("hf-note"));
  gtk_menu_button_set_child(GTK_MENU_BUTTON(button), lines);
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(button), gtk_popover_new());
  gtk_widget_add_css_class(button, "hf-stage");
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_box_append(self->strip, button);
  g_ptr_array_add(self->buttons, button);
  return GTK_MENU_BUTTON(button);
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

/* (transfer floating) */
static GtkWidget *details(const Stage *stage) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *grid = gtk_grid_new();
  GtkWidget *title = detail_label(NULL, "hf-title");
  gtk_label_set_markup(GTK_LABEL(title), stage->title);
  gtk_widget_add_css_class(box, "hf-detail");
  gtk_box_append(GTK_BOX(box), title);
  gtk_box_append(GTK_BOX(box), detail_label(stage->help, NULL));
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
  gtk_box_append(GTK_BOX(box), grid);
  return box;
}

/* Names may be shortened where there is no room; shapes and the numbers of f are short and stay whole. */
static void let_shorten(GtkWidget *lines, bool may) {
  for (GtkWidget *label = gtk_widget_get_first_child(lines); label;
       label = gtk_widget_get_next_sibling(label)) {
    gtk_label_set_ellipsize(GTK_LABEL(label), may ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
    gtk_label_set_width_chars(GTK_LABEL(label), may ? 4 : -1);
    gtk_label_set_max_width_chars(GTK_LABEL(label), may ? 18 : -1);
  }
}

static void show_line(GtkWidget *label, const char *text) {
  gtk_label_set_text(GTK_LABEL(label), text ? text : "");
  gtk_widget_set_visible(label, text != NULL);
}

static void show_stage(GtkMenuButton *button, const Stage *stage) {
  static const struct {
    StageKind kind;
    const char *css;
  } looks[] = {
      {STAGE_MANIPULATION, "manipulation"}, {STAGE_FROZEN, "frozen"}, {STAGE_ALIGNMENT, "alignment"}};
  GtkWidget *lines = gtk_menu_button_get_child(button), *title = gtk_widget_get_first_child(lines);
  GtkWidget *shape = gtk_widget_get_next_sibling(title);
  gtk_label_set_markup(GTK_LABEL(title), stage->title);
  show_line(shape, stage->shape);
  show_line(gtk_widget_get_next_sibling(shape), stage->note);
  let_shorten(lines, stage->kind != STAGE_FROZEN);
  for (size_t i = 0; i < G_N_ELEMENTS(looks); i++)
    set_css(GTK_WIDGET(button), looks[i].css, looks[i].kind == stage->kind);
  set_css(GTK_WIDGET(button), "site", stage->site);
  gtk_popover_set_child(gtk_menu_button_get_popover(button), details(stage));
  g_autofree char *label =
      g_strdup_printf("%s: %s%s%s%s", stage->name, stage->shape, stage->note ? ", " : "",
                      stage->note ? stage->note : "", stage->site ? _(", the pattern enters here") : "");
  gtk_widget_set_tooltip_text(GTK_WIDGET(button), label);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, stage->help, -1);
}

static void clear(HfPipeline *self) {
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(self->strip))))
    gtk_box_remove(self->strip, child);
  g_ptr_array_set_size(self->buttons, 0);
}

/* Buttons stay as long as their number does, so that the keyboard's focus stays too. */
void hf_pipeline_set(HfPipeline *self, const FrozenModel *model, const RunSpec *spec, const SampleSet *set,
                     const ChoiceFacts *facts) {
  g_autoptr(GPtrArray) stages = pipeline_stages(model, spec, set, facts);
  if (stages->len != self->buttons->len)
    clear(self);
  for (guint i = 0; i < stages->len; i++)
    show_stage(i < self->buttons->len ? g_ptr_array_index(self->buttons, i) : add_button(self),
               g_ptr_array_index(stages, i));
}

GtkMenuButton *hf_pipeline_stage(HfPipeline *self, guint i) {
  return i < self->buttons->len ? g_ptr_array_index(self->buttons, i) : NULL;
}
